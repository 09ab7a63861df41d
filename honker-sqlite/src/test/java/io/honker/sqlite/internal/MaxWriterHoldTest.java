package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.honker.observe.HonkerEvent;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Function;

/** Connections that nobody closes do not keep the writer for ever (rule T-8). */
@Timeout(60)
class MaxWriterHoldTest {

  private static final Duration LIMIT = Duration.ofMillis(300);

  @TempDir private Path folder;
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final AtomicInteger commits = new AtomicInteger();

  /** Tells of a long hold just before it asks for the writer, from the same thread. */
  private final AtomicReference<@Nullable Thread> asking = new AtomicReference<>();

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
            this::observe,
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

  private void observe(HonkerEvent event) {
    if (event instanceof HonkerEvent.WriterHeldLong) {
      asking.set(Thread.currentThread());
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The limit counts from its first statement on, so there is time for one only. */
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

    anotherWrites().get();

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

  @Test
  void holderThatIsNotDoneReading_losesItsRowsWithTheWriter() throws Exception {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("VALUES (1), (2)")) {
        assertThat(rows.next()).isTrue();

        anotherWrites().get();

        assertThat(rows.isClosed()).isTrue();
        assertThatThrownBy(rows::next).isInstanceOf(SQLException.class);
      }
    }
    assertThat(sum()).isEqualTo(2);
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

  /** Once the statement has ended the other may take the writer at any time. */
  @Test
  void holderWhoseStatementRuns_keepsTheWriter() throws Exception {
    AtomicReference<@Nullable Future<?>> other = new AtomicReference<>();
    AtomicReference<@Nullable Boolean> got = new AtomicReference<>();
    Function statementRuns =
        new Function() {
          @Override
          protected void xFunc() throws SQLException {
            Future<?> writing = anotherWrites();
            other.set(writing);
            letTheLimitPass();
            awaitThatTheOtherHasAsked();
            got.set(writing.isDone());
            result(4);
          }
        };
    Function.create(writer.jdbc(), "statement_runs", statementRuns);
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      run(connection, "INSERT INTO t SELECT statement_runs()");
      connection.rollback();
    }
    assertThat(got.get()).isFalse();
    assertThat(other.get()).isNotNull().satisfies(Future::get);
    assertThat(sum()).isEqualTo(2);
  }

  /** One that waits tells of the long hold, asks, and parks again for as long as a second. */
  private void awaitThatTheOtherHasAsked() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              Thread other = asking.get();
              return other != null
                  && LockSupport.getBlocker(other) == lane
                  && other.getState() == Thread.State.TIMED_WAITING;
            });
  }
}
