package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.HonkerInterruptedException;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreBusyException;
import io.honker.sqlite.SqliteHonker;
import io.honker.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of the data source, and what threads may do to them (rule T-8). */
class RoutedConnectionTest {

  @TempDir private Path folder;
  private final ExecutorService others = Executors.newCachedThreadPool();
  private Honker honker;
  private DataSource dataSource;

  @BeforeEach
  void open() throws SQLException {
    open(Duration.ofMinutes(2)); // nobody who only has to wait gives up
    try (Connection connection = dataSource.getConnection()) {
      run(connection, "CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE)");
    }
  }

  private void open(Duration writerTimeout) {
    honker =
        SqliteHonker.open(
            folder.resolve("app.db"), SqliteOptions.builder().writerTimeout(writerTimeout).build());
    dataSource = honker.dataSource();
  }

  @AfterEach
  void close() {
    others.shutdownNow();
    honker.close();
  }

  private Connection transactional() throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void insert(Connection connection, Object value) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t(a) VALUES (?)")) {
      insert.setObject(1, value);
      insert.executeUpdate();
    }
  }

  private List<String> values() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return values(connection);
    }
  }

  private static List<String> values(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT a FROM t ORDER BY id")) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  private <T> T onOtherThread(Callable<T> work) throws Exception {
    return others.submit(work).get(90, TimeUnit.SECONDS);
  }

  private void assertWriterIsFree() throws Exception {
    onOtherThread(
        () -> {
          honker.inTransaction(tx -> tx.query("SELECT 1", row -> row.getInt(1)));
          return null;
        });
  }

  // ---- whose the writer is

  @Test
  void secondWriter_onTheSameThread_namesCauseAndRemedy() throws SQLException {
    try (Connection first = transactional();
        Connection second = transactional();
        Connection third = dataSource.getConnection()) {
      insert(first, 1);
      for (Connection other : List.of(second, third)) {
        assertThatThrownBy(() -> insert(other, 2))
            .isInstanceOf(SQLNonTransientException.class)
            .hasMessageContaining("REQUIRES_NEW")
            .hasMessageContaining("generator")
            .hasCauseInstanceOf(NestedWriteException.class)
            .extracting(e -> ((SQLException) e).getSQLState())
            .isEqualTo("25001");
      }
      first.commit();
      insert(second, 2);
      second.commit();
    }
    assertThat(values()).containsExactly("1", "2");
  }

  @Test
  void statement_onAnotherThreadThanTheWriters_isRefusedAtOnce() throws Exception {
    try (Connection connection = transactional()) {
      insert(connection, 1);

      assertThatThrownBy(() -> onOtherThread(() -> values(connection)))
          .hasCauseInstanceOf(SQLNonTransientException.class)
          .hasMessageContaining(Thread.currentThread().getName());
      insert(connection, 2);
      connection.commit();
    }
    assertThat(values()).containsExactly("1", "2");
  }

  @Test
  void endOnAnotherThread_freesTheWriter() throws Exception {
    for (String end : List.of("commit", "rollback", "close")) {
      Connection connection = transactional();
      insert(connection, end);
      Statement statement = connection.createStatement();
      ResultSet rows = statement.executeQuery("SELECT a FROM t");
      onOtherThread(
          () -> {
            switch (end) {
              case "commit" -> connection.commit();
              case "rollback" -> connection.rollback();
              default -> connection.close();
            }
            return null;
          });
      assertThat(rows.isClosed()).isTrue();
      assertThatThrownBy(rows::next).isInstanceOf(SQLException.class);
      assertWriterIsFree();
      honker.inTransaction(tx -> tx.execute("UPDATE t SET a = a"));
      connection.close();
    }
    assertThat(values()).containsExactly("commit");
  }

  @Test
  void close_whileAStatementRunsOnAnotherThread_waitsForIt() throws Exception {
    Connection connection = transactional();
    CountDownLatch begun = new CountDownLatch(1);
    Future<Object> running =
        others.submit(
            () -> {
              run(connection, "INSERT INTO t(a) VALUES ('begun')");
              begun.countDown();
              run(connection, slow(300_000));
              return null;
            });
    begun.await();
    connection.close();

    assertThatCode(
            () -> {
              try {
                running.get();
              } catch (java.util.concurrent.ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(SQLException.class);
              }
            })
        .doesNotThrowAnyException();
    assertWriterIsFree();
    assertThat(values()).isEmpty();
  }

  private static String slow(int rows) {
    return "INSERT INTO t(a) WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x"
        + " < "
        + rows
        + ") SELECT x FROM c";
  }

  @Test
  void abort_whileAStatementRuns_cancelsItAndFreesTheWriter() throws Exception {
    Connection connection = transactional();
    CountDownLatch begun = new CountDownLatch(1);
    Future<Object> running =
        others.submit(
            () -> {
              run(connection, "INSERT INTO t(a) VALUES ('begun')");
              begun.countDown();
              run(connection, slow(500_000_000));
              return null;
            });
    begun.await();
    connection.abort(Runnable::run); // whether or not the statement has begun

    assertThatThrownBy(running::get).hasCauseInstanceOf(SQLException.class);
    assertThat(connection.isClosed()).isTrue();
    assertWriterIsFree();
    assertThat(values()).isEmpty();
  }

  @Test
  void waiting_longerThanTheTimeout_isTransient() throws Exception {
    honker.close();
    open(Duration.ofMillis(300));
    try (Connection holder = transactional()) {
      insert(holder, 1);
      assertThatThrownBy(
              () ->
                  onOtherThread(
                      () -> {
                        try (Connection other = transactional()) {
                          insert(other, 2);
                        }
                        return null;
                      }))
          .cause()
          .isInstanceOf(SQLTransientException.class)
          .hasCauseInstanceOf(StoreBusyException.class)
          .hasMessageContaining(Thread.currentThread().getName());
    }
  }

  @Test
  void waiting_whenInterrupted_stopsAndKeepsTheFlag() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    List<Object> seen = new ArrayList<>();
    try (Connection holder = transactional()) {
      insert(holder, 1);
      Thread other =
          new Thread(
              () -> {
                try (Connection connection = transactional()) {
                  waiting.countDown();
                  insert(connection, 2);
                } catch (SQLException e) {
                  seen.add(e.getCause());
                }
                seen.add(Thread.currentThread().isInterrupted());
              });
      other.start();
      waiting.await();
      other.interrupt();
      other.join();
    }
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).isInstanceOf(HonkerInterruptedException.class);
    assertThat(seen.get(1)).isEqualTo(true);
  }

  @Test
  void preparingAndMetadata_doNotTakeTheWriter() throws Exception {
    try (Connection connection = transactional();
        PreparedStatement prepared = connection.prepareStatement("SELECT a FROM t WHERE id = ?")) {
      assertThat(prepared.getMetaData().getColumnCount()).isEqualTo(1);
      assertThat(prepared.getParameterMetaData().getParameterCount()).isEqualTo(1);
      assertThat(connection.getMetaData().getDatabaseProductName()).isEqualTo("SQLite");
      prepared.setInt(1, 1);
      assertWriterIsFree();
    }
  }

  // ---- transactions

  @ParameterizedTest
  @ValueSource(
      strings = {"BEGIN", "COMMIT", "END", "ROLLBACK", " begin immediate", "/**/ROLLBACK;"})
  void transactionAsText_isRefused(String sql) throws SQLException {
    for (boolean autoCommit : List.of(true, false)) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(autoCommit);
        assertThatThrownBy(() -> run(connection, sql))
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("commit()");
        assertThatThrownBy(() -> connection.prepareStatement(sql)).isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void savepointAsText_insideATransaction_works() throws SQLException {
    try (Connection connection = transactional()) {
      insert(connection, 1);
      run(connection, "SAVEPOINT mine");
      insert(connection, 2);
      run(connection, "ROLLBACK TO mine");
      run(connection, "RELEASE mine");
      connection.commit();
      connection.setAutoCommit(true);
      assertThatThrownBy(() -> run(connection, "SAVEPOINT mine")).isInstanceOf(SQLException.class);
    }
    assertThat(values()).containsExactly("1");
  }

  @Test
  void settingsOfThePhysicalConnection_areRefused() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      for (String sql :
          List.of("PRAGMA synchronous=OFF", "PRAGMA busy_timeout=1", "ATTACH ':memory:' AS m")) {
        assertThatThrownBy(() -> run(connection, sql))
            .as(sql)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("options");
      }
      run(connection, "PRAGMA foreign_keys = ON");
      run(connection, "PRAGMA journal_mode = WAL");
      run(connection, "PRAGMA user_version = 7");
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("PRAGMA user_version")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(7);
      }
    }
  }

  @Test
  void statementThatRollsBackAll_doesNotLetTheRestRunAlone() throws Exception {
    try (Connection connection = transactional()) {
      insert(connection, 1);
      assertThatThrownBy(() -> run(connection, "INSERT OR ROLLBACK INTO t(id, a) VALUES (1, 1)"))
          .isInstanceOf(SQLException.class);

      assertThatThrownBy(() -> insert(connection, 2))
          .isInstanceOf(SQLTransactionRollbackException.class);
      assertThatThrownBy(connection::commit).isInstanceOf(SQLTransactionRollbackException.class);
      assertWriterIsFree();
      connection.rollback();
      insert(connection, 3);
      connection.commit();
    }
    assertThat(values()).containsExactly("3");
  }

  @Test
  void savepoint_ofAnEarlierTransaction_isRefused() throws SQLException {
    try (Connection connection = transactional()) {
      Savepoint old = connection.setSavepoint("old");
      connection.commit();
      connection.setSavepoint("new");
      assertThatThrownBy(() -> connection.rollback(old)).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> connection.releaseSavepoint(old)).isInstanceOf(SQLException.class);
      connection.rollback();
    }
  }

  @Test
  void savepoint_withUnreadReturningRows_canBeReleased() throws SQLException {
    try (Connection connection = transactional();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO t(a) VALUES (1), (2) RETURNING id")) {
      Savepoint savepoint = connection.setSavepoint();
      ResultSet rows = insert.executeQuery();
      assertThat(rows.next()).isTrue();
      connection.releaseSavepoint(savepoint);
      connection.commit();
    }
    assertThat(values()).containsExactly("1", "2");
  }

  @Test
  void commit_withOpenRows_closesThem() throws Exception {
    try (Connection connection = transactional()) {
      insert(connection, 1);
      insert(connection, 2);
      Statement statement = connection.createStatement();
      ResultSet rows = statement.executeQuery("SELECT a FROM t");
      assertThat(rows.next()).isTrue();
      connection.commit();

      assertThat(rows.isClosed()).isTrue();
      assertThat(statement.isClosed()).isFalse();
      assertWriterIsFree();
      assertThat(values(connection)).hasSize(2);
    }
  }

  @Test
  void uncommittedTable_isSeenByMetadataOfItsTransactionOnly() throws SQLException {
    try (Connection connection = transactional()) {
      run(connection, "CREATE TABLE fresh(x)");
      assertThat(hasTable(connection, "fresh")).isTrue();
      try (Connection other = dataSource.getConnection()) {
        assertThat(hasTable(other, "fresh")).isFalse();
      }
      connection.rollback();
      assertThat(hasTable(connection, "fresh")).isFalse();
    }
  }

  private static boolean hasTable(Connection connection, String name) throws SQLException {
    try (ResultSet tables = connection.getMetaData().getTables(null, null, name, null)) {
      return tables.next();
    }
  }

  @Test
  void isolation_whateverIsAskedFor_staysSerializable() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
      assertThatThrownBy(() -> connection.setTransactionIsolation(99))
          .isInstanceOf(SQLFeatureNotSupportedException.class);
    }
  }

  // ---- inside inTransaction

  @Test
  void insideTransaction_endingIsHonkers() throws SQLException {
    List<Connection> escaped = new ArrayList<>();
    honker.inTransaction(
        tx -> {
          Connection connection = tx.connection();
          escaped.add(connection);
          assertThat(connection.getAutoCommit()).isFalse();
          assertThatThrownBy(connection::commit).hasMessageContaining("honker ends");
          assertThatThrownBy(connection::rollback).hasMessageContaining("honker ends");
          assertThatThrownBy(connection::close).hasMessageContaining("honker ends");
          assertThatThrownBy(() -> connection.setAutoCommit(true))
              .hasMessageContaining("honker ends");
          insert(connection, 1);
          Savepoint savepoint = connection.setSavepoint();
          insert(connection, 2);
          connection.rollback(savepoint);
          assertThat(hasTable(connection, "t")).isTrue();
          assertThatThrownBy(() -> honker.join(connection)).hasMessageContaining("inTransaction");
          assertThatThrownBy(() -> onOtherThread(() -> values(connection)))
              .hasCauseInstanceOf(SQLException.class);
        });

    assertThat(values()).containsExactly("1");
    assertThat(escaped.get(0).isClosed()).isTrue();
    assertThatThrownBy(() -> insert(escaped.get(0), 3)).isInstanceOf(SQLException.class);
  }

  @Test
  void insideTransaction_openRowsAndStatements_endWithIt() throws SQLException {
    List<AutoCloseable> escaped = new ArrayList<>();
    honker.inTransaction(
        tx -> {
          PreparedStatement select = tx.connection().prepareStatement("SELECT 1");
          escaped.add(select.executeQuery());
          escaped.add(select);
        });

    assertThatThrownBy(((ResultSet) escaped.get(0))::next).isInstanceOf(SQLException.class);
    assertThatThrownBy(((PreparedStatement) escaped.get(1))::executeQuery)
        .isInstanceOf(SQLException.class);
    assertThatCode(escaped.get(0)::close).doesNotThrowAnyException();
    assertThatCode(escaped.get(1)::close).doesNotThrowAnyException();
  }

  // ---- read-only

  @Test
  void readOnlyTransaction_canBeUsedFromAnyThreadAndRefusesWrites() throws Exception {
    try (Connection connection = transactional()) {
      connection.setReadOnly(true);
      assertThat(values(connection)).isEmpty();
      assertThat(onOtherThread(() -> values(connection))).isEmpty();
      assertThatThrownBy(() -> insert(connection, 1)).isInstanceOf(SQLException.class);
      assertThat(values(connection)).isEmpty();
      assertThatThrownBy(() -> connection.setReadOnly(false)).isInstanceOf(SQLException.class);
      connection.rollback();
      connection.setReadOnly(false);
      insert(connection, 1);
      connection.commit();
    }
    assertThat(values()).containsExactly("1");
  }

  // ---- after the end

  @Test
  void everything_afterTheDatabaseIsClosed_isRefused() throws SQLException {
    Connection connection = dataSource.getConnection();
    honker.close();

    assertThatThrownBy(dataSource::getConnection)
        .isInstanceOf(SQLException.class)
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("08003");
    assertThat(connection.isValid(0)).isFalse();
    assertThatThrownBy(() -> values(connection)).isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> insert(connection, 1)).isInstanceOf(SQLException.class);
    assertThatCode(connection::close).doesNotThrowAnyException();
  }
}
