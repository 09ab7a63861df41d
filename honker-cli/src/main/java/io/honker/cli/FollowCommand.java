package io.honker.cli;

import io.honker.Honker;
import io.honker.time.SystemClock;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code tail} and {@code listen} share: they print what comes until they are told to end. */
@Command(
    exitCodeList = {
      "0:ended by --max, by --timeout, or because nobody reads the output",
      "1:the operation failed",
      "2:wrong usage",
      "130:ended by Ctrl-C",
      "143:ended by SIGTERM"
    })
abstract class FollowCommand extends FileCommand {

  private static final Duration LONG = Duration.ofDays(1);

  @Option(names = "--max", paramLabel = "N", description = "End after this many.")
  private @Nullable Integer max;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "End after this time; 0s prints what is there and ends.")
  private @Nullable Duration timeout;

  /** Hands out what comes, one at a time. */
  interface Source extends AutoCloseable {

    /** Waits, prints one, and tells whether there was one. */
    boolean printNext(Duration wait) throws InterruptedException, SQLException;

    @Override
    void close() throws SQLException;
  }

  /** Starts following. */
  abstract Source follow(Honker honker) throws SQLException;

  @Override
  @SuppressWarnings("try") // the stop signal is there to be closed last
  final int run(Path file) throws SQLException {
    if (max != null && max < 1) {
      throw usage("--max must be at least 1, not " + max);
    }
    if (timeout != null && timeout.isNegative()) {
      throw usage("--timeout must not be negative");
    }
    try (StopSignal stop = new StopSignal();
        Honker honker = open(file);
        Source source = follow(honker)) {
      printAll(source);
      return OK;
    } catch (InterruptedException e) {
      return OK; // by the stop signal, which decides about the exit code
    }
  }

  private void printAll(Source source) throws InterruptedException, SQLException {
    Instant end = timeout == null ? Instant.MAX : now().plus(timeout);
    int printed = 0;
    boolean more = true;
    while (more && (max == null || printed < max)) {
      boolean found = source.printNext(left(end));
      printed += found ? 1 : 0;
      more = found ? !output().isClosed() : now().isBefore(end);
    }
  }

  private static Duration left(Instant end) {
    Instant now = SystemClock.instance().now();
    if (!now.isBefore(end)) {
      return Duration.ZERO;
    }
    return end.isBefore(now.plus(LONG)) ? Duration.between(now, end) : LONG;
  }
}
