package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.honker.runtime.store.StoreConnection;
import io.honker.time.SystemClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that nobody closes do not keep the writer for ever (rule T-8). */
@Timeout(60)
class MaxWriterHoldTest {

  private static final Duration LIMIT = Duration.ofMillis(300);

  @TempDir private Path folder;
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final AtomicInteger commits = new AtomicInteger();
  private StoreConnection writer;
  private WriteLane lane;
  private ReaderPool readers;
  private RoutedDataSource dataSource;

  @BeforeEach
  void open() throws SQLException {
    SqliteSettings settings = new SqliteSettings("NORMAL", 2, Duration.ofSeconds(30), 1000, null);
    SqliteFailures failures = new SqliteFailures("test.db");
    SqliteConnections connections =
        new SqliteConnections(folder.resolve("test.db"), settings, SystemClock.instance());
    writer = new StoreConnection(connections.openWriter());
    lane =
        new WriteLane(
            writer,
            failures,
            settings.writerTimeout(),
            event -> {},
            new ForeignCommits(),
            "test-lane");
    readers = new ReaderPool(connections, failures, settings.readers(), settings.writerTimeout());
    dataSource = new RoutedDataSource(lane, readers, commits::incrementAndGet, () -> {}, LIMIT);
    try (Connection connection = dataSource.getConnection()) {
      run(connection, "CREATE TABLE t(a)");
    }
  }

  @AfterEach
  void close() throws SQLException {
    others.shutdownNow();
    lane.close();
    readers.close();
    writer.close();
    writer.jdbc().close();
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection holder() throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    run(connection, "INSERT INTO t VALUES (1)");
    return connection;
  }

  private Future<?> anotherWrites() {
    return others.submit(
        () -> {
          try (Connection connection = dataSource.getConnection()) {
            run(connection, "INSERT INTO t VALUES (2)");
          }
          return null;
        });
  }

  private int sum() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COALESCE(SUM(a), 0) FROM t")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void holderThatForgotToCommit_losesTheWriterToWhoeverWaits() throws Exception {
    Connection connection = holder();
    Statement statement = connection.createStatement();
    ResultSet rows = statement.executeQuery("SELECT a FROM t");

    anotherWrites().get();

    assertThat(rows.isClosed()).isTrue();
    assertThatThrownBy(() -> run(connection, "INSERT INTO t VALUES (4)"))
        .isInstanceOf(SQLTransactionRollbackException.class);
    assertThatThrownBy(connection::commit).isInstanceOf(SQLTransactionRollbackException.class);
    connection.rollback();
    run(connection, "INSERT INTO t VALUES (8)");
    connection.commit();
    connection.close();
    assertThat(sum()).isEqualTo(10);
    assertThat(commits).hasValue(3);
  }

  /** The lane goes by real time, whatever the clock of the database. */
  private static void letTheLimitPass() {
    long begun = System.nanoTime();
    await().until(() -> System.nanoTime() - begun > LIMIT.plusMillis(50).toNanos());
  }

  @Test
  void holderForWhomNobodyWaits_isRefusedItsNextStatement() throws Exception {
    try (Connection connection = holder()) {
      letTheLimitPass();
      assertThatThrownBy(() -> run(connection, "INSERT INTO t VALUES (4)"))
          .isInstanceOf(SQLTransactionRollbackException.class)
          .hasMessageContaining("rollback()");
      anotherWrites().get();
    }
    assertThat(sum()).isEqualTo(2);
  }

  @Test
  void commit_afterTheLimit_whenNobodyWaited_stillCommits() throws Exception {
    try (Connection connection = holder()) {
      letTheLimitPass();
      connection.commit();
    }
    assertThat(sum()).isEqualTo(1);
  }

  @Test
  void holderWhoseStatementRuns_keepsTheWriter() throws Exception {
    try (Connection connection = holder()) {
      Future<?> other = anotherWrites();
      run(
          connection,
          "INSERT INTO t WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x <"
              + " 6000000) SELECT x FROM c WHERE x = 4");
      boolean waited = !other.isDone();
      connection.commit();
      assertThat(waited).isTrue();
      other.get();
    }
    assertThat(sum()).isEqualTo(7);
  }
}
