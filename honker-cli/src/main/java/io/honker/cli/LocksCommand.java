package io.honker.cli;

import java.nio.file.Path;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code honker locks}: who holds which lock. */
@Command(name = "locks", description = "Lists the locks that are held.")
final class LocksCommand extends FileCommand {

  private static final String LOCKS =
      """
      SELECT name, owner, strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch') AS expires_at,
        max(expires_at - ?1, 0) AS left_s
      FROM _honker_locks WHERE ?2 OR expires_at > ?1 ORDER BY name""";

  @Option(names = "--all", description = "Those whose lease has ended, too.")
  private boolean all;

  @Override
  int run(Path file) throws SQLException {
    try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
      output().list(database.rows(LOCKS, now().getEpochSecond(), all));
      return OK;
    }
  }
}
