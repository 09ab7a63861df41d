package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements of the data source and what they give (rule T-8). */
class RoutedStatementTest {

  private static final List<Boolean> MODES = List.of(true, false);

  @TempDir private Path folder;
  private Honker honker;
  private DataSource dataSource;

  @BeforeEach
  void open() throws SQLException {
    honker = Honker.open(folder.resolve("app.db").toString());
    dataSource = honker.dataSource();
    run("CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)");
  }

  @AfterEach
  void close() {
    honker.close();
  }

  private Connection connection(boolean autoCommit) throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(autoCommit);
    return connection;
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private long count() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM t")) {
      row.next();
      return row.getLong(1);
    }
  }

  // ---- parameters

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** Everything is stored as the driver stores it. */
  @Test
  @SuppressWarnings("JavaUtilDate")
  void parameters_ofAnyKind_areStoredAsTheDriverStoresThem() throws SQLException {
    Timestamp at = new Timestamp(1_700_000_000_123L);
    byte[] bytes = {1, 2, 3};
    List<Binding> bindings =
        List.of(
            s -> s.setNull(1, Types.VARCHAR),
            s -> s.setBoolean(1, true),
            s -> s.setByte(1, (byte) -1),
            s -> s.setShort(1, (short) 5),
            s -> s.setInt(1, 7),
            s -> s.setLong(1, Long.MAX_VALUE),
            s -> s.setFloat(1, 1.5f),
            s -> s.setDouble(1, 0.1),
            s -> s.setString(1, "tea \u00e4\u4e16"),
            s -> s.setString(1, null),
            s -> s.setBytes(1, bytes),
            s -> s.setBigDecimal(1, new BigDecimal("1.10")),
            s -> s.setTimestamp(1, at),
            s -> s.setTimestamp(1, null),
            s -> s.setDate(1, new java.sql.Date(at.getTime())),
            s -> s.setTime(1, new java.sql.Time(at.getTime())),
            s -> s.setObject(1, new java.util.Date(at.getTime())),
            s -> s.setObject(1, at, Types.TIMESTAMP),
            s -> s.setObject(1, 3, Types.INTEGER),
            s -> s.setObject(1, true),
            s -> s.setObject(1, (short) 3),
            s -> s.setObject(1, 'c'),
            s -> s.setObject(1, LocalDate.of(2026, 1, 2)),
            s -> s.setObject(1, Instant.ofEpochMilli(at.getTime())),
            s -> s.setObject(1, new UUID(1, 2)),
            s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes)),
            s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), 2),
            s ->
                s.setAsciiStream(
                    1, new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8))),
            s -> s.setCharacterStream(1, new StringReader("abc")));
    try (Connection plain = DriverManager.getConnection("jdbc:sqlite::memory:")) {
      for (int i = 0; i < bindings.size(); i++) {
        String expected = stored(plain, bindings.get(i));
        for (boolean autoCommit : MODES) {
          try (Connection connection = connection(autoCommit)) {
            assertThat(stored(connection, bindings.get(i))).as("binding " + i).isEqualTo(expected);
          }
        }
      }
    }
  }

  private static String stored(Connection connection, Binding binding) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement("SELECT typeof(?1) || quote(?1)")) {
      binding.bind(select);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  @Test
  void parameter_thatWasNotSet_isRefusedEvenIfAnotherUserSetIt() throws SQLException {
    String sql = "SELECT ?, ?";
    try (Connection connection = dataSource.getConnection()) {
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setInt(1, 1);
        select.setInt(2, 2);
        select.executeQuery().close();
        select.clearParameters();
        assertThatThrownBy(select::executeQuery).hasMessageContaining("parameter 1");
      }
      try (PreparedStatement select = connection.prepareStatement(sql)) {
        select.setInt(1, 1);
        assertThatThrownBy(select::executeQuery).hasMessageContaining("parameter 2");
        assertThatThrownBy(() -> select.setInt(0, 1)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> select.executeQuery(sql)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> select.addBatch(sql)).isInstanceOf(SQLException.class);
        select.setInt(3, 1);
        assertThatThrownBy(select::executeQuery).hasMessageContaining("parameter 3");
      }
    }
  }

  // ---- rows

  @Test
  void returnedRows_readAsTheDriverReadsThem() throws SQLException {
    String values =
        "VALUES (1, 'tea', 1.5), (2, NULL, x'4142'), (3, '12', 1700000000123), (4, '1.25', 1e3)";
    List<String> expected;
    try (Connection plain = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = plain.createStatement()) {
      statement.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, a, b)");
      expected = described(statement.executeQuery("INSERT INTO t " + values + " RETURNING *"));
    }
    for (boolean autoCommit : MODES) {
      try (Connection connection = connection(autoCommit);
          Statement statement = connection.createStatement()) {
        ResultSet rows = statement.executeQuery("INSERT INTO t " + values + " RETURNING *");
        assertThat(described(rows)).isEqualTo(expected);
        assertThat(rows.next()).isFalse();
      }
      run("DELETE FROM t");
    }
  }

  private static List<String> described(ResultSet rows) throws SQLException {
    List<String> seen = new ArrayList<>();
    while (rows.next()) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        ResultSetMetaData columns = rows.getMetaData();
        Object value = rows.getObject(i);
        byte[] bytes = rows.getBytes(i);
        seen.add(
            String.join(
                " ",
                columns.getColumnLabel(i),
                columns.getTableName(i),
                value == null ? "null" : value.getClass().getName(),
                rows.getString(i),
                String.valueOf(rows.getInt(i)),
                String.valueOf(rows.getLong(columns.getColumnLabel(i))),
                String.valueOf(rows.getDouble(i)),
                String.valueOf(rows.getBoolean(i)),
                bytes == null ? "-" : Arrays.toString(bytes),
                String.valueOf(rows.wasNull())));
      }
    }
    return seen;
  }

  @Test
  void returnedDates_inAutoCommitMode_areRead() throws SQLException {
    Timestamp at = new Timestamp(1_700_000_000_123L);
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO t(a, b) VALUES (?, ?) RETURNING a, b")) {
      insert.setTimestamp(1, at);
      insert.setString(2, "2026-01-02 03:04:05.006");
      try (ResultSet row = insert.executeQuery()) {
        assertThat(row.next()).isTrue();
        assertThat(row.getTimestamp("a")).isEqualTo(at);
        assertThat(row.getTimestamp("b")).isEqualTo(Timestamp.valueOf("2026-01-02 03:04:05.006"));
        assertThat(row.getObject("b", LocalDate.class)).isEqualTo(LocalDate.of(2026, 1, 2));
        assertThatThrownBy(() -> row.getDate("none")).isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void twoOpenResults_ofOneConnection_goOnIndependently() throws SQLException {
    run("INSERT INTO t(a) VALUES (1), (2), (3)");
    for (boolean autoCommit : MODES) {
      try (Connection connection = connection(autoCommit);
          PreparedStatement outer = connection.prepareStatement("SELECT id FROM t ORDER BY id");
          PreparedStatement same = connection.prepareStatement("SELECT id FROM t ORDER BY id");
          ResultSet ids = outer.executeQuery()) {
        int pairs = 0;
        while (ids.next()) {
          try (ResultSet others = same.executeQuery()) {
            while (others.next()) {
              pairs++;
            }
          }
        }
        assertThat(pairs).isEqualTo(9);
      }
    }
  }

  @Test
  void nestedQueries_ofManyThreads_doNotWaitForEachOther() throws Exception {
    run("INSERT INTO t(a) VALUES (1), (2)");
    ExecutorService executor = Executors.newFixedThreadPool(8);
    CyclicBarrier outerOpen = new CyclicBarrier(4); // as many as there are readers
    List<Future<Long>> sums = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sums.add(executor.submit(() -> nested(outerOpen, 5)));
    }
    for (Future<Long> sum : sums) {
      assertThat(sum.get(90, TimeUnit.SECONDS)).isEqualTo(2 + 4 + 8 + 16 + 32);
    }
    executor.shutdown();
  }

  /** Counts the rows of queries that run inside each other, each on a connection of its own. */
  private long nested(CyclicBarrier outerOpen, int depth) throws Exception {
    if (depth == 0) {
      return 0;
    }
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM t")) {
      if (depth == 5) {
        outerOpen.await();
      }
      long seen = 0;
      while (rows.next()) {
        seen += 1 + nested(outerOpen, depth - 1);
      }
      return seen;
    }
  }

  @Test
  void rows_thatTheirOwnerClosedLong_doNotTouchTheNextUser() throws SQLException {
    run("INSERT INTO t(a) VALUES (1), (2), (3)");
    String sql = "SELECT id FROM t ORDER BY id";
    for (boolean autoCommit : MODES) {
      Connection first = connection(autoCommit);
      PreparedStatement early = first.prepareStatement(sql);
      ResultSet stale = early.executeQuery();
      stale.next();
      first.close();
      try (Connection second = connection(autoCommit);
          PreparedStatement late = second.prepareStatement(sql);
          ResultSet rows = late.executeQuery()) {
        assertThat(rows.next()).isTrue();
        stale.close();
        early.close();
        assertThatThrownBy(() -> stale.getInt(1)).isInstanceOf(SQLException.class);
        assertThat(rows.next()).isTrue();
        assertThat(rows.getInt(1)).isEqualTo(2);
      }
    }
  }

  @Test
  void keptQuery_afterTheTableChanged_seesTheNewColumns() throws SQLException {
    run("INSERT INTO t(a) VALUES (1)");
    for (boolean autoCommit : MODES) {
      String column = autoCommit ? "c" : "d";
      int before = columns(autoCommit);
      run("ALTER TABLE t ADD COLUMN " + column + " DEFAULT 'new'");
      assertThat(columns(autoCommit)).isEqualTo(before + 1);
    }
  }

  private int columns(boolean autoCommit) throws SQLException {
    try (Connection connection = connection(autoCommit);
        PreparedStatement select = connection.prepareStatement("SELECT * FROM t");
        ResultSet rows = select.executeQuery()) {
      int width = rows.getMetaData().getColumnCount();
      assertThat(rows.next()).isTrue();
      assertThat(rows.getMetaData().getColumnCount()).isEqualTo(width);
      if (width > 3) {
        assertThat(rows.getString(width)).isEqualTo("new");
      }
      return width;
    }
  }

  @Test
  void settings_ofStatements_areHonoured() throws SQLException {
    run("INSERT INTO t(a) VALUES (1), (2), (3)");
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(2);
      statement.setFetchSize(10);
      statement.setQueryTimeout(5);
      try (ResultSet rows = statement.executeQuery("SELECT id FROM t")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.next()).isTrue();
        assertThat(rows.next()).isFalse();
      }
      statement.closeOnCompletion();
      statement.executeQuery("SELECT 1").close();
      assertThat(statement.isClosed()).isTrue();
      assertThatThrownBy(
              () ->
                  connection.createStatement(
                      ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY))
          .isInstanceOf(SQLFeatureNotSupportedException.class);
      connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY).close();
    }
  }

  @Test
  void temporaryTable_insideATransaction_works() throws SQLException {
    try (Connection connection = connection(false);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE work(x)");
      statement.execute("INSERT INTO work VALUES (1)");
      try (ResultSet row = statement.executeQuery("SELECT x FROM work")) {
        assertThat(row.next()).isTrue();
      }
      statement.execute("DROP TABLE work");
      connection.commit();
    }
  }

  // ---- counts, scripts and batches

  @Test
  void counts_ofEachKind_areOfThatStatement() throws SQLException {
    for (boolean autoCommit : MODES) {
      try (Connection connection = connection(autoCommit);
          Statement statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("INSERT INTO t(a) VALUES (1), (2)")).isEqualTo(2);
        assertThat(statement.executeUpdate("CREATE TABLE u" + autoCommit + "(x)")).isZero();
        assertThat(statement.execute("UPDATE t SET a = 3")).isFalse();
        assertThat(statement.getUpdateCount()).isEqualTo(2);
        assertThat(statement.getMoreResults()).isFalse();
        assertThat(statement.getUpdateCount()).isEqualTo(-1);
        assertThat(statement.execute("PRAGMA foreign_keys = ON")).isFalse();
        assertThat(statement.executeLargeUpdate("DELETE FROM t")).isEqualTo(2);
        assertThatThrownBy(() -> statement.executeQuery("DELETE FROM t"))
            .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> statement.executeUpdate("SELECT 1"))
            .isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void script_isRunStatementByStatement() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      int counted =
          statement.executeUpdate(
              "CREATE TRIGGER tr AFTER INSERT ON t WHEN new.a = 'x' BEGIN INSERT INTO t(a) VALUES"
                  + " ('y'); END; INSERT INTO t(a) VALUES ('x'); INSERT INTO t(a) VALUES ('z');");
      assertThat(counted).isEqualTo(2);
      assertThat(count()).isEqualTo(3);
      assertThatThrownBy(() -> statement.execute("INSERT INTO t(a) VALUES (1); COMMIT"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> connection.prepareStatement("SELECT 1; SELECT 2"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void batch_thatFails_leavesNothingOfItself() throws SQLException {
    for (boolean autoCommit : MODES) {
      for (int generatedKeys :
          List.of(Statement.NO_GENERATED_KEYS, Statement.RETURN_GENERATED_KEYS)) {
        run("DELETE FROM t");
        try (Connection connection = connection(autoCommit);
            PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t(id) VALUES (?)", generatedKeys)) {
          insert.setInt(1, 9);
          insert.executeUpdate();
          for (int id : new int[] {1, 2, 2, 3}) {
            insert.setInt(1, id);
            insert.addBatch();
          }
          assertThatThrownBy(insert::executeBatch)
              .isInstanceOfSatisfying(
                  BatchUpdateException.class, e -> assertThat(e.getUpdateCounts()).isEmpty());
          if (!autoCommit) {
            connection.commit();
          }
        }
        assertThat(count()).isEqualTo(1);
      }
    }
  }

  @Test
  void batch_thatRollsAllBack_endsTheTransaction() throws SQLException {
    try (Connection connection = connection(false);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO t(id) VALUES (1)");
      statement.addBatch("INSERT INTO t(id) VALUES (2)");
      statement.addBatch("INSERT OR ROLLBACK INTO t(id) VALUES (1)");
      assertThatThrownBy(statement::executeBatch).isInstanceOf(BatchUpdateException.class);
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
      connection.rollback();
    }
    assertThat(count()).isZero();
  }

  @Test
  void batch_givesAllItsKeys() throws SQLException {
    try (Connection connection = connection(true);
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO t(a) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 0; i < 3; i++) {
        insert.setInt(1, i);
        insert.addBatch();
      }
      assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
      assertThat(keys(insert)).containsExactly(1L, 2L, 3L);
      assertThat(insert.executeBatch()).isEmpty();
    }
  }

  @Test
  void keys_askedForInAnyWay_areThereForInsertsOnly() throws SQLException {
    for (boolean autoCommit : MODES) {
      run("DELETE FROM t");
      try (Connection connection = connection(autoCommit);
          Statement statement = connection.createStatement()) {
        String sql = "INSERT INTO t(a) VALUES (1)";
        statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS);
        assertThat(keys(statement)).containsExactly(1L);
        statement.executeUpdate(sql, new String[] {"id"});
        try (ResultSet keys = statement.getGeneratedKeys()) {
          assertThat(keys.next()).isTrue();
          assertThat(keys.getLong("id")).isEqualTo(2);
          assertThat(keys.getMetaData().getColumnLabel(1)).isEqualTo("id");
        }
        statement.executeUpdate(sql, new int[] {1});
        assertThat(keys(statement)).containsExactly(3L);
        statement.executeUpdate(sql);
        assertThat(keys(statement)).isEmpty();
        statement.executeUpdate("UPDATE t SET a = 2", Statement.RETURN_GENERATED_KEYS);
        assertThat(keys(statement)).isEmpty();
        statement.executeUpdate(
            "INSERT INTO t(id, a) VALUES (1, 1) ON CONFLICT DO UPDATE SET a = 5",
            Statement.RETURN_GENERATED_KEYS);
        assertThat(keys(statement)).isEmpty();
        assertThatThrownBy(() -> statement.executeUpdate(sql, new String[] {"id", "a"}))
            .isInstanceOf(SQLFeatureNotSupportedException.class);
      }
    }
  }

  @Test
  void lastInsertRowid_isThatOfTheConnectionOrRefused() throws SQLException {
    String last = "select last_insert_rowid()";
    run("INSERT INTO t(id) VALUES (41)");
    try (Connection connection = connection(true);
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery(last)).hasMessageContaining("RETURNING");
      statement.executeUpdate("INSERT INTO t(a) VALUES (1)");
      run("INSERT INTO t(id) VALUES (90)");
      assertThat(idOf(statement, last)).isEqualTo(42);
      assertThatThrownBy(() -> statement.executeQuery("SELECT changes()"))
          .isInstanceOf(SQLException.class);
      connection.setAutoCommit(false);
      statement.executeUpdate("INSERT INTO t(a) VALUES (1)");
      assertThat(idOf(statement, last)).isEqualTo(91);
      assertThat(idOf(statement, "SELECT changes()")).isEqualTo(1);
      connection.setAutoCommit(true);
      assertThatThrownBy(() -> statement.executeQuery(last)).isInstanceOf(SQLException.class);
    }
  }

  private static long idOf(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }

  private static List<Long> keys(Statement statement) throws SQLException {
    List<Long> found = new ArrayList<>();
    try (ResultSet keys = statement.getGeneratedKeys()) {
      while (keys.next()) {
        found.add(keys.getLong(1));
      }
    }
    return found;
  }

  @Test
  void cancel_stopsAQueryAndNothingElse() throws Exception {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      Thread canceller =
          new Thread(
              () -> {
                while (!Thread.currentThread().isInterrupted()) {
                  try {
                    statement.cancel();
                    Thread.onSpinWait();
                  } catch (SQLException e) {
                    return;
                  }
                }
              });
      canceller.start();
      assertThatThrownBy(
              () ->
                  statement.executeQuery(
                      "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT"
                          + " COUNT(*) FROM c"))
          .isInstanceOf(SQLException.class);
      for (int i = 0; i < 200; i++) {
        run("INSERT INTO t(a) VALUES (1)");
      }
      canceller.interrupt();
      canceller.join();
    }
    assertThat(count()).isEqualTo(200);
  }
}
