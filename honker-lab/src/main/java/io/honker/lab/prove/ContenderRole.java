package io.honker.lab.prove;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Another process that writes with the bare driver and no busy timeout, and knows how long it had
 * to wait. Requests: {@code write} (one try), {@code begin}, {@code finish}.
 */
final class ContenderRole implements Role {

  private static final int BUSY = 5;
  private static final long BETWEEN_WRITES_NANOS = 1_000_000;
  private static final int LONGEST_RETRY_NANOS = 500_000;

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    String url = "jdbc:sqlite:" + arguments.get(0);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 0");
      statement.execute("PRAGMA synchronous = NORMAL");
      @Nullable Loop loop = null;
      for (String request = "ready"; !request.equals("stop"); request = parent.nextRequest()) {
        switch (request) {
          case "ready" -> parent.tell("ready");
          case "write" -> parent.tell(write(statement) ? "wrote" : "busy");
          case "begin" -> {
            loop = new Loop(statement);
            loop.start();
            parent.tell("begun");
          }
          case "finish" -> parent.tell(loop == null ? "not begun" : loop.finish());
          default -> throw new IllegalArgumentException(request);
        }
      }
    }
  }

  /** Tries once. */
  private static boolean write(Statement statement) throws SQLException {
    try {
      statement.execute("BEGIN IMMEDIATE");
    } catch (SQLException e) {
      if ((e.getErrorCode() & 0xff) == BUSY) {
        return false;
      }
      throw e;
    }
    statement.execute("UPDATE contender SET n = n + 1");
    statement.execute("COMMIT");
    return true;
  }

  /** Writes again and again. */
  private static final class Loop extends Thread {

    private final Statement statement;
    private volatile boolean finishing;
    private volatile @Nullable SQLException failure;
    private long writes;
    private long meetings;
    private long longestNanos;

    Loop(Statement statement) {
      super("contender");
      this.statement = statement;
    }

    @Override
    public void run() {
      try {
        while (!finishing) {
          long begun = System.nanoTime();
          while (!write(statement)) {
            meetings++;
            Waiting.pass(ThreadLocalRandom.current().nextInt(LONGEST_RETRY_NANOS));
            longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
          }
          longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
          writes++;
          Waiting.pass(BETWEEN_WRITES_NANOS);
        }
      } catch (SQLException e) {
        failure = e;
      }
    }

    String finish() throws InterruptedException {
      finishing = true;
      join();
      SQLException thrown = failure;
      return thrown != null
          ? "failed " + thrown.getMessage()
          : String.format(
              Locale.ROOT,
              "{\"writes\":%d,\"meetings\":%d,\"max_wait_ms\":%.3f}",
              writes,
              meetings,
              longestNanos / 1e6);
    }
  }
}
