package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.queue.Job;
import io.honker.tx.JoinedTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import javax.sql.DataSource;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;

/**
 * Rule T-8: connections of {@code Honker.dataSource()} under plain JDBC use.
 *
 * @since 0.1.0
 */
public abstract class DataSourceContract extends StoreContract {

  private static final String INSERT = "INSERT INTO orders(note) VALUES (?)";

  private DataSource dataSource;

  /** Creates the contract; the subclass supplies the store. */
  protected DataSourceContract() {}

  @BeforeEach
  void openDataSource() {
    store.require(Capability.DATA_SOURCE);
    dataSource = honker.dataSource();
    createOrders();
  }

  private Connection transactional() throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  // auto-commit, commit and rollback

  @Rule(id = "T-8")
  void connection_whenNew_isInAutoCommitModeAndWritable() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(connection.isReadOnly()).isFalse();
      assertThat(connection.isClosed()).isFalse();
    }
  }

  @Rule(id = "T-8")
  void autoCommit_whateverHappens_isReportedTruthfully() throws SQLException {
    try (Connection connection = transactional()) {
      List<Boolean> reported = new ArrayList<>();
      reported.add(connection.getAutoCommit());
      insertOrder(connection, "tea");
      reported.add(connection.getAutoCommit());
      Savepoint savepoint = connection.setSavepoint();
      reported.add(connection.getAutoCommit());
      connection.rollback(savepoint);
      connection.commit();
      reported.add(connection.getAutoCommit());
      connection.rollback();
      reported.add(connection.getAutoCommit());

      assertThat(reported).containsOnly(false);
      connection.setAutoCommit(true);
      assertThat(connection.getAutoCommit()).isTrue();
    }
  }

  @Rule(id = "T-8")
  void commit_afterWrites_makesThemVisible() throws SQLException {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      insertOrder(connection, "milk");
      assertThat(orders(connection)).containsExactly("tea", "milk");
      assertThat(orders()).isEmpty();

      connection.commit();

      assertThat(orders()).containsExactly("tea", "milk");
    }
  }

  @Rule(id = "T-8")
  void rollback_afterWrites_undoesThem() throws SQLException {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");

      connection.rollback();

      assertThat(orders()).isEmpty();
      assertThat(orders(connection)).isEmpty();
    }
  }

  @Rule(id = "T-8")
  void connection_afterCommit_beginsTheNextTransaction() throws SQLException {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      connection.commit();
      insertOrder(connection, "milk");
      connection.rollback();
      insertOrder(connection, "sugar");
      connection.commit();
    }

    assertThat(orders()).containsExactly("tea", "sugar");
  }

  @Rule(id = "T-8")
  void setAutoCommitTrue_insideTransaction_commits() throws SQLException {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");

      connection.setAutoCommit(true);

      assertThat(orders()).containsExactly("tea");
    }
  }

  @Rule(id = "T-8")
  void commit_inAutoCommitMode_isRefused() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
      assertThatThrownBy(connection::rollback).isInstanceOf(SQLException.class);
    }
  }

  @Rule(id = "T-8")
  void close_withoutCommit_rollsBackAndFreesTheWriter() throws SQLException {
    Connection connection = transactional();
    insertOrder(connection, "tea");

    connection.close();

    assertThat(orders()).isEmpty();
    assertThat(jobs().enqueue("the writer is free")).isPositive();
  }

  @Rule(id = "T-8")
  void statement_thatFails_leavesTheTransactionUsable() throws SQLException {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      for (String wrong :
          List.of(
              "INSERT INTO nowhere(a) VALUES (1)",
              "INSERT INTO orders(id, note) SELECT id, note FROM orders")) {
        assertThatThrownBy(
                () -> {
                  try (PreparedStatement statement = connection.prepareStatement(wrong)) {
                    statement.executeUpdate();
                  }
                })
            .as(wrong)
            .isInstanceOf(SQLException.class);
      }
      insertOrder(connection, "milk");
      connection.commit();
    }

    assertThat(orders()).containsExactly("tea", "milk");
  }

  // savepoints

  @Rule(id = "T-8")
  void savepoint_whenRolledBack_undoesOnlyWhatFollowedIt() throws SQLException {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      Savepoint savepoint = connection.setSavepoint();
      insertOrder(connection, "milk");
      connection.rollback(savepoint);
      insertOrder(connection, "sugar");
      connection.commit();
    }

    assertThat(orders()).containsExactly("tea", "sugar");
  }

  @Rule(id = "T-8")
  void savepoint_asFirstAct_beginsTheTransaction() throws SQLException {
    try (Connection connection = transactional()) {
      Savepoint savepoint = connection.setSavepoint("first");
      insertOrder(connection, "tea");
      connection.rollback(savepoint);
      insertOrder(connection, "milk");
      connection.rollback();
    }

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-8")
  void savepoints_whenNested_endOneByOne() throws SQLException {
    try (Connection connection = transactional()) {
      Savepoint outer = connection.setSavepoint("outer");
      insertOrder(connection, "tea");
      Savepoint inner = connection.setSavepoint("in \"ner\"; DROP TABLE orders");
      insertOrder(connection, "milk");
      connection.releaseSavepoint(inner);
      insertOrder(connection, "sugar");
      connection.rollback(outer);
      insertOrder(connection, "lemon");
      connection.commit();
    }

    assertThat(orders()).containsExactly("lemon");
  }

  @Rule(id = "T-8")
  void savepoint_whenNamedOrNot_tellsItsNameOrId() throws SQLException {
    try (Connection connection = transactional()) {
      assertThat(connection.setSavepoint("outer").getSavepointName()).isEqualTo("outer");
      Savepoint unnamed = connection.setSavepoint();
      assertThatCode(unnamed::getSavepointId).doesNotThrowAnyException();
      connection.rollback();
    }
  }

  @Rule(id = "T-8")
  void savepoint_inAutoCommitMode_isRefused() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      assertThatThrownBy(connection::setSavepoint).isInstanceOf(SQLException.class);
    }
  }

  // auto-commit mode

  @Rule(id = "T-8")
  void insert_inAutoCommitMode_isVisibleAtOnceAndGivesItsKey() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, "tea");
      assertThat(insert.executeUpdate()).isEqualTo(1);
      assertThat(orders()).containsExactly("tea");
      assertThat(generatedKey(insert)).isEqualTo(idOf("tea"));
    }
  }

  @Rule(id = "T-8")
  void insert_inTransaction_givesItsKey() throws SQLException {
    try (Connection connection = transactional();
        PreparedStatement insert =
            connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, "tea");
      insert.executeUpdate();
      long key = generatedKey(insert);
      connection.commit();
      assertThat(key).isEqualTo(idOf("tea"));
    }
  }

  @Rule(id = "T-8", level = Level.STOCHASTIC, note = "another insert has to come between")
  void generatedKey_amongOtherWriters_isThatOfTheOwnInsert() throws Exception {
    CyclicBarrier start = new CyclicBarrier(4);
    List<Background<Boolean>> writers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String thread = "thread " + t + "/";
      writers.add(inBackground(() -> keysAreOwn(start, thread)));
    }

    for (Background<Boolean> writer : writers) {
      assertThat(writer.get()).isTrue();
    }
  }

  private boolean keysAreOwn(CyclicBarrier start, String prefix) throws Exception {
    start.await();
    boolean own = true;
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 0; i < 25; i++) {
        insert.setString(1, prefix + i);
        insert.executeUpdate();
        own &= generatedKey(insert) == idOf(prefix + i);
      }
    }
    return own;
  }

  private static long generatedKey(Statement statement) throws SQLException {
    try (ResultSet keys = statement.getGeneratedKeys()) {
      assertThat(keys.next()).isTrue();
      return keys.getLong(1);
    }
  }

  private long idOf(String note) {
    return honker.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT id FROM orders WHERE note = ?")) {
            select.setString(1, note);
            try (ResultSet row = select.executeQuery()) {
              assertThat(row.next()).isTrue();
              return row.getLong(1);
            }
          }
        });
  }

  @Rule(id = "T-8")
  void select_inAutoCommitMode_doesNotWaitForTheWriter() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Background<?> holder = holdWriter(release);

    Background<List<String>> reader =
        inBackground(
            () -> {
              try (Connection connection = dataSource.getConnection()) {
                return orders(connection);
              }
            });

    assertThat(reader.get()).isEmpty();
    assertThat(holder.isDone()).isFalse();
    release.countDown();
    holder.get();
  }

  @Rule(id = "T-8")
  void select_openWhileWriting_readsOn() throws SQLException {
    honker.inTransaction(
        tx -> {
          for (int i = 0; i < 5; i++) {
            tx.execute(INSERT, "order " + i);
          }
        });

    try (Connection connection = dataSource.getConnection();
        Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery("SELECT id FROM orders ORDER BY id");
        PreparedStatement update =
            connection.prepareStatement("UPDATE orders SET total = 1 WHERE id = ?")) {
      int updated = 0;
      while (rows.next()) {
        update.setLong(1, rows.getLong(1));
        updated += update.executeUpdate();
      }
      assertThat(updated).isEqualTo(5);
    }
  }

  @Rule(id = "T-8")
  void close_withOpenResultSets_givesTheirReadersBack() throws Exception {
    for (int i = 0; i < 64; i++) {
      Connection connection = dataSource.getConnection();
      ResultSet rows = connection.createStatement().executeQuery("SELECT note FROM orders");
      connection.close();
      assertThat(rows.isClosed()).isTrue();
    }

    assertThat(inBackground(this::orders).get()).isEmpty();
  }

  @Rule(id = "T-8")
  void preparedStatement_acrossModes_goesOnWorking() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT);
        PreparedStatement select =
            connection.prepareStatement("SELECT COUNT(*) FROM orders WHERE note <> ?")) {
      select.setString(1, "none");
      insert.setString(1, "tea");
      insert.executeUpdate();
      assertThat(count(select)).isEqualTo(1);

      connection.setAutoCommit(false);
      insert.setString(1, "milk");
      insert.executeUpdate();
      assertThat(count(select)).isEqualTo(2);
      connection.rollback();
      assertThat(count(select)).isEqualTo(1);
      insert.executeUpdate();
      connection.commit();

      connection.setAutoCommit(true);
      insert.setString(1, "sugar");
      insert.executeUpdate();
      assertThat(count(select)).isEqualTo(3);
    }

    assertThat(orders()).containsExactly("tea", "milk", "sugar");
  }

  private static int count(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  @Rule(id = "T-8")
  void batch_inBothModes_countsAndStores() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      assertThat(batch(insert, "tea", "milk")).containsExactly(1, 1);
      assertThat(orders()).containsExactly("tea", "milk");

      connection.setAutoCommit(false);
      assertThat(batch(insert, "sugar", "lemon", "rum")).containsExactly(1, 1, 1);
      assertThat(orders()).hasSize(2);
      connection.commit();
    }

    assertThat(orders()).containsExactly("tea", "milk", "sugar", "lemon", "rum");
  }

  private static int[] batch(PreparedStatement insert, String... notes) throws SQLException {
    for (String note : notes) {
      insert.setString(1, note);
      insert.addBatch();
    }
    return insert.executeBatch();
  }

  @Rule(id = "T-8")
  void batch_ofStatements_countsAndStores() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.addBatch("INSERT INTO orders(note) VALUES ('tea')");
      statement.addBatch("UPDATE orders SET total = 2");
      assertThat(statement.executeBatch()).containsExactly(1, 1);
    }

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-8")
  void execute_inBothModes_tellsUpdateCountOrRows() throws SQLException {
    for (boolean autoCommit : List.of(true, false)) {
      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(autoCommit);
        assertThat(statement.execute("INSERT INTO orders(note) VALUES ('tea')")).isFalse();
        assertThat(statement.getUpdateCount()).isEqualTo(1);
        assertThat(statement.execute("SELECT note FROM orders")).isTrue();
        assertThat(statement.getUpdateCount()).isEqualTo(-1);
        try (ResultSet rows = statement.getResultSet()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("tea");
        }
        if (!autoCommit) {
          connection.commit();
        }
      }
    }
    assertThat(orders()).containsExactly("tea", "tea");
  }

  @Rule(id = "T-8")
  void returning_inBothModes_givesRowsAndWrites() throws SQLException {
    store.require(Capability.RETURNING);
    String sql = "INSERT INTO orders(note) VALUES (?) RETURNING note";
    for (boolean autoCommit : List.of(true, false)) {
      try (Connection connection = dataSource.getConnection();
          PreparedStatement insert = connection.prepareStatement(sql)) {
        connection.setAutoCommit(autoCommit);
        insert.setString(1, "tea");
        try (ResultSet rows = insert.executeQuery()) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getString(1)).isEqualTo("tea");
          assertThat(rows.next()).isFalse();
        }
        if (!autoCommit) {
          connection.commit();
        }
      }
    }
    assertThat(orders()).containsExactly("tea", "tea");
    assertThat(jobs().enqueue("the writer is free")).isPositive();
  }

  // the writer

  @Rule(id = "T-8")
  void connection_beforeItsFirstStatement_holdsNoLock() throws Exception {
    try (Connection idle = transactional()) {
      assertThat(inBackground(() -> jobs().enqueue("other thread")).get()).isPositive();
      assertThat(jobs().enqueue("this thread")).isPositive();
      idle.commit();
    }
  }

  @Rule(id = "T-8")
  void connection_afterCommit_holdsNoLock() throws Exception {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      connection.commit();

      assertThat(inBackground(() -> jobs().enqueue("other thread")).get()).isPositive();
      assertThat(jobs().enqueue("this thread")).isPositive();
    }
  }

  @Rule(id = "T-8")
  void transaction_whileOpen_makesOthersWaitForTheirTurn() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      Background<Long> other = inBackground(() -> jobs().enqueue("patient"));
      other.awaitBlocked();
      connection.commit();

      assertThat(other.get()).isPositive();
    }
  }

  @Rule(id = "T-8")
  void secondWriter_onTheSameThread_isRefusedAtOnceAndNamesTheCause() throws SQLException {
    store.require(Capability.SINGLE_WRITER);
    try (Connection first = transactional();
        Connection second = transactional();
        Connection third = dataSource.getConnection()) {
      insertOrder(first, "tea");

      assertThatThrownBy(() -> insertOrder(second, "milk"))
          .isInstanceOf(SQLException.class)
          .hasMessageMatching("(?is).*(thread|writer|transaction).*");
      assertThatThrownBy(() -> insertOrder(third, "sugar")).isInstanceOf(SQLException.class);
      insertOrder(first, "lemon");
      first.commit();
    }

    assertThat(orders()).containsExactly("tea", "lemon");
  }

  @Rule(id = "T-8")
  void connection_insideInTransaction_isRefusedToWrite() throws SQLException {
    store.require(Capability.SINGLE_WRITER);

    honker.inTransaction(
        tx -> {
          tx.execute(INSERT, "tea");
          try (Connection second = dataSource.getConnection()) {
            assertThatThrownBy(() -> insertOrder(second, "milk")).isInstanceOf(SQLException.class);
            assertThat(orders(second)).isEmpty();
          }
        });

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-3")
  void standAloneWrite_insideJdbcTransaction_isRefused() throws SQLException {
    store.require(Capability.SINGLE_WRITER);
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");

      assertThatThrownBy(() -> jobs().enqueue("deadlock"))
          .isInstanceOf(io.honker.error.NestedWriteException.class);
      connection.commit();
    }

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-8")
  void readModifyWrite_fromManyThreads_losesNothing() throws Exception {
    honker.inTransaction(tx -> tx.execute("INSERT INTO orders(note, total) VALUES ('sum', 0)"));
    int threads = 16;
    int rounds = 25;
    List<Background<?>> adders = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      adders.add(
          inBackground(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  addOne();
                }
                return "done";
              }));
    }

    for (Background<?> adder : adders) {
      adder.get();
    }
    List<Long> totals =
        honker.fromTransaction(tx -> tx.query("SELECT total FROM orders", row -> row.getLong(1)));
    assertThat(totals).containsExactly((long) threads * rounds);
  }

  private void addOne() throws SQLException {
    try (Connection connection = transactional();
        PreparedStatement select = connection.prepareStatement("SELECT total FROM orders");
        PreparedStatement update = connection.prepareStatement("UPDATE orders SET total = ?")) {
      long total = count(select);
      update.setLong(1, total + 1);
      update.executeUpdate();
      connection.commit();
    }
  }

  @Rule(id = "T-8")
  void connection_thatChangesThreads_goesOnWorking() throws Exception {
    try (Connection connection = transactional()) {
      inBackground(() -> insertOrder(connection, "tea")).get();
      connection.commit();
    }

    assertThat(orders()).containsExactly("tea");
    assertThat(jobs().enqueue("the writer is free")).isPositive();
  }

  // read-only

  @Rule(id = "T-8")
  void readOnlyConnection_whenWriting_isRefused() throws SQLException {
    for (boolean autoCommit : List.of(true, false)) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setReadOnly(true);
        connection.setAutoCommit(autoCommit);
        assertThat(connection.isReadOnly()).isTrue();
        assertThatThrownBy(() -> insertOrder(connection, "tea")).isInstanceOf(SQLException.class);
      }
    }
    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-8")
  void readOnlyConnection_besideAWriter_seesTheCommittedStateWithoutWaiting() throws Exception {
    honker.inTransaction(tx -> tx.execute(INSERT, "tea"));

    honker.inTransaction(
        tx -> {
          tx.execute(INSERT, "milk");
          try (Connection reader = dataSource.getConnection()) {
            reader.setReadOnly(true);
            reader.setAutoCommit(false);
            assertThat(orders(reader)).containsExactly("tea");
            reader.commit();
          }
        });
  }

  @Rule(id = "T-8")
  void readOnlyTransaction_whileOthersCommit_keepsItsSnapshot() throws SQLException {
    try (Connection reader = dataSource.getConnection()) {
      reader.setReadOnly(true);
      reader.setAutoCommit(false);
      assertThat(orders(reader)).isEmpty();
      honker.inTransaction(tx -> tx.execute(INSERT, "tea"));

      assertThat(orders(reader)).isEmpty();
      reader.commit();
      assertThat(orders(reader)).containsExactly("tea");
    }
  }

  @Rule(id = "T-8")
  void readOnlyConnection_manyAtOnce_neitherStarveNorBlockWriters() throws Exception {
    List<Background<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      readers.add(
          inBackground(
              () -> {
                try (Connection reader = dataSource.getConnection()) {
                  reader.setReadOnly(true);
                  reader.setAutoCommit(false);
                  int seen = orders(reader).size();
                  reader.commit();
                  return seen;
                }
              }));
    }
    honker.inTransaction(tx -> tx.execute(INSERT, "tea"));

    for (Background<Integer> reader : readers) {
      assertThat(reader.get()).isBetween(0, 1);
    }
  }

  @Rule(id = "T-8")
  void setReadOnly_insideTransaction_isRefused() throws SQLException {
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      assertThatThrownBy(() -> connection.setReadOnly(true)).isInstanceOf(SQLException.class);
      connection.commit();
    }

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-8")
  void setReadOnlyFalse_afterReading_writesAgain() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setReadOnly(true);
      assertThat(orders(connection)).isEmpty();
      connection.setReadOnly(false);
      insertOrder(connection, "tea");
    }

    assertThat(orders()).containsExactly("tea");
  }

  // honker on such a connection

  @Rule(id = "T-8")
  void join_whenTheConnectionCommits_commitsTogetherAndWakes() throws Exception {
    List<String> seen = new ArrayList<>();
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      JoinedTransaction tx = honker.join(connection);
      jobs().enqueue(tx, "brew");
      tx.afterCommit(() -> seen.add("committed"));
      tx.afterRollback(() -> seen.add("rolled back"));
      assertThat(orders()).isEmpty();

      connection.commit();
    }

    assertThat(orders()).containsExactly("tea");
    assertThat(payloads(waiter.get())).containsExactly("brew");
    assertThat(seen).containsExactly("committed");
  }

  @Rule(id = "T-8")
  void join_whenTheConnectionRollsBack_isGoneTogether() throws SQLException {
    List<String> seen = new ArrayList<>();
    try (Connection connection = transactional()) {
      insertOrder(connection, "tea");
      JoinedTransaction tx = honker.join(connection);
      jobs().enqueue(tx, "brew");
      tx.afterCommit(() -> seen.add("committed"));
      tx.afterRollback(() -> seen.add("rolled back"));

      connection.rollback();

      assertThatThrownBy(() -> jobs().enqueue(tx, "late"))
          .isInstanceOf(IllegalStateException.class);
    }

    assertThat(orders()).isEmpty();
    assertThat(jobs().claim()).isEmpty();
    assertThat(seen).containsExactly("rolled back");
  }

  @Rule(id = "T-8")
  void join_whenTheConnectionIsClosed_isRolledBack() throws SQLException {
    try (Connection connection = transactional()) {
      jobs().enqueue(honker.join(connection), "brew");
    }

    assertThat(jobs().claim()).isEmpty();
    assertThat(jobs().enqueue("the writer is free")).isPositive();
  }

  @Rule(id = "T-8")
  void join_ofAutoCommitConnection_isRefused() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      assertThatThrownBy(() -> honker.join(connection)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Rule(id = "T-8")
  void plainWrite_whenCommitted_wakesWaiters() throws Exception {
    store.require(Capability.SHARED_TABLES);
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO _honker_live(queue, payload, run_at, created_at)"
                    + " VALUES ('jobs', '\"brew\"', ?, ?)")) {
      insert.setLong(1, nowSecond());
      insert.setLong(2, nowSecond());
      insert.executeUpdate();
    }

    assertThat(payloads(waiter.get())).containsExactly("brew");
  }

  // wrapper duties

  @Rule(id = "T-8")
  void unwrap_toWhatItIs_worksAndToAnythingElseIsRefused() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      assertThat(connection.isWrapperFor(Connection.class)).isTrue();
      assertThat(connection.unwrap(Connection.class)).isNotNull();
      assertThat(connection.isWrapperFor(String.class)).isFalse();
      assertThatThrownBy(() -> connection.unwrap(String.class)).isInstanceOf(SQLException.class);
    }
    assertThat(dataSource.isWrapperFor(DataSource.class)).isTrue();
    assertThatThrownBy(() -> dataSource.unwrap(String.class)).isInstanceOf(SQLException.class);
  }

  @Rule(id = "T-8")
  void metaData_inBothModes_describesTheDatabase() throws SQLException {
    for (boolean autoCommit : List.of(true, false)) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(autoCommit);
        assertThat(connection.getMetaData().getDatabaseProductName()).isNotBlank();
        assertThat(connection.getMetaData().getURL()).startsWith("jdbc:");
        try (ResultSet columns =
            connection.getMetaData().getColumns(null, null, "orders", "note")) {
          assertThat(columns.next()).isTrue();
        }
      }
    }
    assertThat(jobs().enqueue("the writer is free")).isPositive();
  }

  @Rule(id = "T-8")
  void getConnection_ofWhatItMade_isTheConnectionItself() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        PreparedStatement prepared = connection.prepareStatement("SELECT note FROM orders");
        ResultSet rows = prepared.executeQuery()) {
      assertThat(statement.getConnection()).isSameAs(connection);
      assertThat(prepared.getConnection()).isSameAs(connection);
      assertThat(rows.getStatement().getConnection()).isSameAs(connection);
      assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
    }
  }

  @Rule(id = "T-8")
  void isValid_untilClosed_isTrue() throws SQLException {
    Connection connection = dataSource.getConnection();
    assertThat(connection.isValid(1)).isTrue();

    connection.close();

    assertThat(connection.isValid(1)).isFalse();
  }

  @Rule(id = "T-8")
  void closedConnection_whenUsed_isRefused() throws SQLException {
    Connection connection = dataSource.getConnection();
    Statement statement = connection.createStatement();
    connection.close();
    connection.close();

    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("createStatement", connection::createStatement);
    uses.put("prepareStatement", () -> connection.prepareStatement(INSERT));
    uses.put("setAutoCommit", () -> connection.setAutoCommit(false));
    uses.put("getAutoCommit", connection::getAutoCommit);
    uses.put("commit", connection::commit);
    uses.put("rollback", connection::rollback);
    uses.put("setSavepoint", connection::setSavepoint);
    uses.put("getMetaData", connection::getMetaData);
    uses.put("setReadOnly", () -> connection.setReadOnly(true));
    uses.put("statement", () -> statement.executeQuery("SELECT note FROM orders"));
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(connection.isClosed()).isTrue();
    uses.forEach(
        (name, use) -> softly.assertThatThrownBy(use).as(name).isInstanceOf(SQLException.class));
    softly.assertAll();
  }

  @Rule(id = "T-8")
  void closedStatement_whenUsed_isRefused() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      PreparedStatement insert = connection.prepareStatement(INSERT);
      insert.close();
      insert.close();

      assertThat(insert.isClosed()).isTrue();
      assertThatThrownBy(insert::executeUpdate).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> insert.setString(1, "tea")).isInstanceOf(SQLException.class);
    }
  }

  @Rule(id = "T-8")
  void dataSource_afterCloseOfTheDatabase_isRefused() {
    honker.close();

    assertThatThrownBy(
            () -> {
              try (Connection connection = dataSource.getConnection()) {
                orders(connection);
              }
            })
        .isInstanceOfAny(SQLException.class, IllegalStateException.class);
  }

  @Rule(id = "T-8")
  void openConnection_afterCloseOfTheDatabase_isRefused() throws SQLException {
    Connection connection = dataSource.getConnection();
    honker.close();

    assertThatThrownBy(() -> insertOrder(connection, "tea"))
        .isInstanceOfAny(SQLException.class, IllegalStateException.class);
    assertThatCode(connection::close).doesNotThrowAnyException();
  }
}
