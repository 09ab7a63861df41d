package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Threads that read, add and write a few rows through the data source, behind plain JDBC and behind
 * Spring, beside a writing process without any patience: sums exact, no errors, and nobody starves.
 */
final class DataSourceCase implements Case {

  private static final int THREADS = 64;
  private static final int TRANSACTIONS = 100;
  private static final int ROWS = 4;
  private static final int WRITES_BESIDE_IDLE = 50;
  private static final int MOST_CONTESTS = 20;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Adds one to a row, in a transaction of its own. */
  private interface Increment {
    void row(int id) throws Exception;
  }

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", 1);
  }

  /** A fault hits when the other process and ours have met at the lock. */
  @Override
  public int faults(Settings settings) {
    return 2 * rounds(settings);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    Path file = workspace.file("datasource.db");
    try (Honker honker = Honker.open(file)) {
      honker.inTransaction(
          tx -> {
            tx.execute("CREATE TABLE counters(id INTEGER PRIMARY KEY, n INTEGER NOT NULL)");
            tx.execute("CREATE TABLE contender(n INTEGER NOT NULL)");
            tx.execute("INSERT INTO contender VALUES (0)");
          });
      DataSource source = honker.dataSource();
      try (ChildProcess contender = ChildProcess.role("contender", workspace, "contender", file)) {
        require(contender.awaitLines(1), () -> "no contender" + contender.complaint());
        for (int round = 1; round <= rounds(settings); round++) {
          Contest contest = new Contest(honker, contender, settings.mostWaitMillis(), faults);
          contest.untilTheyMeet("plain JDBC", plain(source));
          contest.untilTheyMeet("Spring", spring(source));
          idle(source, contender, faults);
        }
        contender.send("stop");
      }
    }
    try (DatabaseFile database = new DatabaseFile(file)) {
      database.checkSound();
    }
  }

  private static Increment plain(DataSource source) {
    return id -> {
      try (Connection connection = source.getConnection()) {
        connection.setAutoCommit(false);
        try {
          update(connection, id, select(connection, id) + 1);
          connection.commit();
        } catch (SQLException e) {
          connection.rollback();
          throw e;
        }
      }
    };
  }

  private static long select(Connection connection, int id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("SELECT n FROM counters WHERE id = ?")) {
      select.setInt(1, id);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void update(Connection connection, int id, long n) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE counters SET n = ? WHERE id = ?")) {
      update.setLong(1, n);
      update.setInt(2, id);
      require(update.executeUpdate() == 1, () -> "no row " + id);
    }
  }

  private static Increment spring(DataSource source) {
    TransactionTemplate transactions =
        new TransactionTemplate(new DataSourceTransactionManager(source));
    JdbcTemplate jdbc = new JdbcTemplate(source);
    return id ->
        transactions.executeWithoutResult(
            status -> {
              Long n = jdbc.queryForObject("SELECT n FROM counters WHERE id = ?", Long.class, id);
              jdbc.update(
                  "UPDATE counters SET n = ? WHERE id = ?", Objects.requireNonNull(n) + 1, id);
            });
  }

  private record Contest(Honker honker, ChildProcess contender, int mostWaitMillis, Faults faults) {

    /** Where processes take turns on one core, a contest may pass without a meeting at the lock. */
    void untilTheyMeet(String name, Increment increment) throws InterruptedException {
      for (int i = 0; i < MOST_CONTESTS; i++) {
        if (contend(name, increment)) {
          faults.hit();
          return;
        }
      }
    }

    /** Tells whether the other process has met ours at the lock. */
    private boolean contend(String name, Increment increment) throws InterruptedException {
      honker.inTransaction(
          tx -> {
            tx.execute("DELETE FROM counters");
            for (int id = 1; id <= ROWS; id++) {
              tx.execute("INSERT INTO counters VALUES (?, 0)", id);
            }
          });
      require(contender.ask("begin").equals("begun"), () -> "the other process does not begin");
      long begun = System.nanoTime();
      Queue<Exception> errors = runAll(increment);
      double seconds = (System.nanoTime() - begun) / 1e9;
      String answer = contender.ask("finish");
      require(
          errors.isEmpty(),
          () -> name + ": " + errors.size() + " errors, the first " + errors.element());
      long sum =
          honker.<Long, RuntimeException>fromTransaction(
              tx ->
                  tx.queryFirst("SELECT sum(n) FROM counters", row -> row.getLong(1)).orElse(-1L));
      faults.tell(
          String.format(
              Locale.ROOT,
              "%s: %d threads, %d transactions, sum %d, %.0f/s; the other process: %s",
              name,
              THREADS,
              THREADS * TRANSACTIONS,
              sum,
              sum / seconds,
              answer));
      require(sum == THREADS * TRANSACTIONS, () -> name + ": the sum is " + sum);
      Map<String, Double> numbers = Report.numbers(answer);
      double wait = numbers.getOrDefault("max_wait_ms", 1e9);
      require(wait < mostWaitMillis, () -> "the other process waited " + wait + " ms");
      return numbers.getOrDefault("meetings", 0.0) > 0;
    }
  }

  private static Queue<Exception> runAll(Increment increment) throws InterruptedException {
    Queue<Exception> errors = new ConcurrentLinkedQueue<>();
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      threads.execute(
          () -> {
            try {
              go.await();
            } catch (InterruptedException e) {
              errors.add(e);
            }
            for (int n = 0; n < TRANSACTIONS; n++) {
              try {
                increment.row(1 + (thread + n) % ROWS);
              } catch (Exception e) {
                errors.add(e);
              }
            }
          });
    }
    go.countDown();
    threads.shutdown();
    require(
        threads.awaitTermination(LIMIT.toSeconds(), TimeUnit.SECONDS),
        () -> "not finished after " + LIMIT);
    return errors;
  }

  /** Neither a connection that has begun nothing nor one that has committed holds the lock. */
  private static void idle(DataSource source, ChildProcess contender, Faults faults)
      throws SQLException, InterruptedException {
    try (Connection unused = source.getConnection();
        Connection committed = source.getConnection()) {
      unused.setAutoCommit(false);
      committed.setAutoCommit(false);
      update(committed, 1, 0);
      committed.commit();
      for (int i = 0; i < WRITES_BESIDE_IDLE; i++) {
        String answer = contender.ask("write");
        require(
            answer.equals("wrote"),
            () -> "beside idle connections the other process found " + answer);
      }
      unused.rollback();
    }
    faults.tell(WRITES_BESIDE_IDLE + " writes beside idle connections, each at once");
  }
}
