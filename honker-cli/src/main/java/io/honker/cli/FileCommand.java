package io.honker.cli;

import io.honker.Honker;
import io.honker.sqlite.SqliteHonker;
import io.honker.time.SystemClock;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What the commands on an existing database share: the file is their first parameter, and values
 * that the library refuses are wrong usage.
 */
@Command(
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:the operation failed", "2:wrong usage"})
abstract class FileCommand extends DatabaseCommand {

  @Parameters(index = "0", paramLabel = "FILE", description = "The database; it must exist.")
  private @Nullable Path file;

  @Spec private @Nullable CommandSpec spec;

  /** Does the work on the file and returns the exit code. */
  abstract int run(Path file) throws SQLException;

  @Override
  final int work() throws SQLException {
    if (file == null) {
      return FAILED; // picocli has refused that
    }
    try {
      return run(file);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  final RuntimeException usage(String problem) {
    return spec == null
        ? new IllegalStateException(problem)
        : new ParameterException(spec.commandLine(), problem);
  }

  /**
   * Opens a file as applications do, to change it or to wait for changes. Tables of this library
   * that are missing are made; a file without honker's tables is refused.
   */
  static Honker open(Path file) throws SQLException {
    ReadOnlyDatabase.open(file).close();
    return SqliteHonker.open(file);
  }

  static Instant now() {
    return SystemClock.instance().now();
  }
}
