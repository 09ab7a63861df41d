package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.honker.Honker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transfers between accounts while another thread closes and aborts their connections: whatever is
 * torn down when, a transaction is seen whole or not at all, and the writer stays available.
 */
class RoutedStressTest {

  private static final int ACCOUNTS = 20;
  private static final long RUN_MILLIS = 3_000;

  @TempDir private Path folder;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong committed = new AtomicLong();
  private final AtomicLong killed = new AtomicLong();
  private final Map<Connection, Boolean> open = new ConcurrentHashMap<>();

  @Test
  void transfers_whoseConnectionsAreTornDown_areWholeOrNotAtAll() throws Exception {
    ExecutorService executor = Executors.newCachedThreadPool();
    try (Honker honker = Honker.open(folder.resolve("app.db").toString())) {
      honker.inTransaction(
          tx -> {
            tx.execute("CREATE TABLE account(id INTEGER PRIMARY KEY, balance)");
            for (int i = 0; i < ACCOUNTS; i++) {
              tx.execute("INSERT INTO account(balance) VALUES (100)");
            }
          });
      List<Future<?>> workers = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        int seed = t;
        workers.add(executor.submit(() -> transfer(honker.dataSource(), seed)));
      }
      workers.add(executor.submit(() -> check(honker.dataSource())));
      workers.add(executor.submit(this::tearDown));
      long begun = System.nanoTime();
      await()
          .atMost(Duration.ofMinutes(5))
          .until(
              () ->
                  System.nanoTime() - begun > RUN_MILLIS * 1_000_000L
                      && committed.get() > 0
                      && killed.get() > 0);
      stop.set(true);
      for (Future<?> worker : workers) {
        worker.get();
      }
      honker.inTransaction(tx -> tx.execute("UPDATE account SET balance = balance"));
      assertThat(total(honker.dataSource())).isEqualTo(ACCOUNTS * 100);
    } finally {
      executor.shutdownNow();
    }
  }

  private void transfer(DataSource dataSource, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    while (!stop.get()) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        open.put(connection, true);
        try (PreparedStatement update =
                connection.prepareStatement(
                    "UPDATE account SET balance = balance + ? WHERE id = ?");
            PreparedStatement select =
                connection.prepareStatement("SELECT balance FROM account ORDER BY id")) {
          int amount = random.nextInt(10);
          move(update, -amount, 1 + random.nextInt(ACCOUNTS));
          ResultSet rows = select.executeQuery();
          rows.next();
          move(update, amount, 1 + random.nextInt(ACCOUNTS));
          rows.next();
          if (random.nextInt(4) > 0) {
            connection.commit();
            committed.incrementAndGet();
          }
        } finally {
          open.remove(connection);
        }
      } catch (SQLException e) {
        // torn down; the next round is a new connection
      }
    }
  }

  private static void move(PreparedStatement update, int amount, int account) throws SQLException {
    update.setInt(1, amount);
    update.setInt(2, account);
    update.executeUpdate();
  }

  private void tearDown() {
    SplittableRandom random = new SplittableRandom(99);
    while (!stop.get()) {
      for (Connection connection : open.keySet()) {
        try {
          if (random.nextBoolean()) {
            connection.close();
          } else {
            connection.abort(Runnable::run);
          }
          killed.incrementAndGet();
        } catch (SQLException e) {
          throw new IllegalStateException("closing must always work", e);
        }
      }
      Thread.onSpinWait();
    }
  }

  private void check(DataSource dataSource) {
    while (!stop.get()) {
      try {
        assertThat(total(dataSource)).isEqualTo(ACCOUNTS * 100);
      } catch (SQLException e) {
        throw new IllegalStateException("readers are not concerned", e);
      }
    }
  }

  private static long total(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT SUM(balance) FROM account")) {
      row.next();
      return row.getLong(1);
    }
  }
}
