package io.honker.cli;

import io.honker.cli.backup.Backup;
import io.honker.cli.backup.BridgeProgress;
import io.honker.time.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker backup}: a consistent copy of a database that others go on using. */
@Command(
    name = "backup",
    description =
        "Copies a database that others go on using, as it is at one moment, and checks it.",
    footer = {
      "%nThe copy is made by VACUUM INTO: writers are not blocked, but the log of the database"
          + " cannot be emptied meanwhile. Rows of tables without an INTEGER PRIMARY KEY may get"
          + " other rowids in the copy.",
      "%nIt is written beside TARGET under another name, readable by its owner only, and renamed"
          + " when it is complete, checked and on the disk.",
      "%nWho opens the copy with the library begins another identity for its bridges: it does not"
          + " speak for the original. What bridges had on their way to a broker stays on record in"
          + " the copy and is told here. To use a copy in the place of a database, see restore."
    })
final class BackupCommand extends FileCommand {

  @Parameters(index = "1", paramLabel = "TARGET", description = "The copy.")
  private @Nullable Path target;

  @Option(names = "--force", description = "Replace TARGET if it exists.")
  private boolean force;

  @Mixin private Progress progress = new Progress();

  @Override
  int run(Path file) throws SQLException {
    if (target == null) {
      return FAILED; // picocli has refused that
    }
    long started = SystemClock.instance().nanoTime();
    try {
      check(file, target);
      long sourceBytes = size(file);
      List<BridgeProgress> bridges = copy(file, target);
      Duration time = Duration.ofNanos(SystemClock.instance().nanoTime() - started);
      tell(file, target, sourceBytes, time, bridges);
      return OK;
    } catch (IOException e) {
      throw CommandFailedException.files("cannot write the copy: " + e);
    }
  }

  private void check(Path file, Path copy) throws IOException, SQLException {
    ReadOnlyDatabase.connect(file).close();
    if (Files.exists(copy)) {
      if (!Files.isRegularFile(copy) || Files.isSameFile(file, copy)) {
        throw CommandFailedException.refused(copy + " is a folder or the database itself");
      }
      if (!force) {
        throw CommandFailedException.refused(copy + " exists; --force replaces it");
      }
    }
    for (String suffix : new String[] {"-wal", "-shm", "-journal"}) {
      if (Files.exists(Path.of(copy + suffix))) {
        throw CommandFailedException.refused(
            copy
                + suffix
                + " exists: somebody uses the target as a database, or died using it; the copy"
                + " would be damaged by it");
      }
    }
  }

  private static long size(Path file) throws IOException {
    Path log = Path.of(file + "-wal");
    return Files.size(file) + (Files.exists(log) ? Files.size(log) : 0);
  }

  private List<BridgeProgress> copy(Path file, Path copy) throws IOException, SQLException {
    try (Connection connection = ReadOnlyDatabase.connectToCopy(file)) {
      return new Backup(connection, this::show).to(copy, force);
    } finally {
      progress.end();
    }
  }

  private void show(long bytes, long expected) {
    progress.show("bytes copied:", bytes, expected);
  }

  private void tell(
      Path file, Path copy, long sourceBytes, Duration time, List<BridgeProgress> bridges)
      throws IOException {
    long bytes = Files.size(copy);
    double seconds = time.toMillis() / 1000.0;
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("source", file);
    object.put("target", copy);
    object.put("source_bytes", sourceBytes);
    object.put("bytes", bytes);
    object.put("seconds", seconds);
    object.put("bridges", BridgeText.rows(bridges));
    object.put("verified", true);
    output()
        .thing(
            object,
            copy
                + ": "
                + Counted.megabytes(bytes)
                + " of "
                + Counted.megabytes(sourceBytes)
                + " (log included) in "
                + seconds
                + " s, verified"
                + BridgeText.lines(bridges));
  }
}
