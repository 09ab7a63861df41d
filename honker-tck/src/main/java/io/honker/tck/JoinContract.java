package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.error.NestedWriteException;
import io.honker.queue.Job;
import io.honker.tx.JoinedTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Rule T-4: honker writes in a JDBC transaction that the application owns.
 *
 * @since 0.1.0
 */
public abstract class JoinContract extends StoreContract {

  /** Creates the contract; the subclass supplies the store. */
  protected JoinContract() {}

  private Connection applicationConnection() throws SQLException {
    createOrders();
    Connection connection = store.rawConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  @Rule(id = "T-4")
  void enqueue_whenTheApplicationCommits_isThere() throws SQLException {
    Connection connection = applicationConnection();

    insertOrder(connection, "tea");
    JoinedTransaction tx = honker.join(connection);
    jobs().enqueue(tx, "brew");
    connection.commit();
    tx.committed();

    assertThat(orders()).containsExactly("tea");
    assertThat(claimOne(jobs()).payload()).isEqualTo("brew");
  }

  @Rule(id = "T-4")
  void enqueue_whenTheApplicationRollsBack_isGone() throws SQLException {
    Connection connection = applicationConnection();

    insertOrder(connection, "tea");
    JoinedTransaction tx = honker.join(connection);
    jobs().enqueue(tx, "brew");
    connection.rollback();
    tx.rolledBack();

    assertThat(orders()).isEmpty();
    assertThat(jobs().claim()).isEmpty();
  }

  @Rule(id = "T-4")
  void enqueue_beforeTheApplicationCommits_isInvisible() throws SQLException {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    long id = jobs().enqueue(tx, "brew");

    assertThat(jobs().find(id)).isEmpty();
    connection.rollback();
    tx.rolledBack();
  }

  @Rule(id = "T-4")
  void join_leavesTheConnectionAsItWas() throws SQLException {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    jobs().enqueue(tx, "brew");
    connection.commit();
    tx.committed();

    assertThat(connection.isClosed()).isFalse();
    assertThat(connection.getAutoCommit()).isFalse();
    insertOrder(connection, "tea");
    connection.commit();
    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-4")
  void execute_onJoinedTransaction_runsOnTheApplicationsConnection() throws SQLException {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");

    assertThat(orders(connection)).containsExactly("tea");
    connection.rollback();
    tx.rolledBack();
    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-4")
  void committed_wakesWaiters() throws Exception {
    Connection connection = applicationConnection();
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    JoinedTransaction tx = honker.join(connection);
    jobs().enqueue(tx, "brew");
    connection.commit();
    tx.committed();

    assertThat(payloads(waiter.get())).containsExactly("brew");
  }

  @Rule(id = "T-4")
  void waiters_whenTheEndIsNeverTold_learnOfTheCommitAnyway() throws Exception {
    Connection connection = applicationConnection();
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    inBackground(
            () -> {
              jobs().enqueue(honker.join(connection), "brew");
              connection.commit();
              return "never told";
            })
        .get();

    assertThat(payloads(waiter.get())).containsExactly("brew");
  }

  @Rule(id = "T-4")
  void actions_runWhenTheEndIsTold() throws SQLException {
    Connection connection = applicationConnection();
    List<String> seen = new ArrayList<>();

    JoinedTransaction first = honker.join(connection);
    first.execute("INSERT INTO orders(note) VALUES (?)", "tea");
    first.afterCommit(() -> seen.add("committed " + orders()));
    first.afterRollback(() -> seen.add("rolled back"));
    connection.commit();
    assertThat(seen).isEmpty();
    first.committed();
    JoinedTransaction second = honker.join(connection);
    second.afterCommit(() -> seen.add("second committed"));
    second.afterRollback(() -> seen.add("second rolled back"));
    connection.rollback();
    second.rolledBack();

    assertThat(seen).containsExactly("committed [tea]", "second rolled back");
  }

  @Rule(id = "T-4")
  void beforeEachUse_runsBeforeEveryStatementAndNotForItsOwn() throws SQLException {
    Connection connection = applicationConnection();
    List<String> seen = new ArrayList<>();

    JoinedTransaction tx = honker.join(connection);
    tx.beforeEachUse(
        () -> {
          seen.add("flush");
          tx.execute("INSERT INTO orders(note) VALUES (?)", "flushed " + seen.size());
        });
    jobs().enqueue(tx, "brew");
    tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
    List<String> notes = tx.query("SELECT note FROM orders ORDER BY id", row -> row.getString(1));
    connection.commit();
    tx.committed();

    assertThat(seen).hasSize(3);
    assertThat(notes).containsExactly("flushed 1", "flushed 2", "tea", "flushed 3");
  }

  @Rule(id = "T-4")
  void beforeEachUse_whenItThrows_keepsTheStatementFromRunning() throws SQLException {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    tx.beforeEachUse(
        () -> {
          throw new IllegalArgumentException("cannot flush");
        });
    assertThatThrownBy(() -> jobs().enqueue(tx, "brew")).hasMessage("cannot flush");
    tx.beforeEachUse(() -> {});
    connection.commit();
    tx.committed();

    assertThat(jobs().claim()).isEmpty();
  }

  @Rule(id = "T-4")
  void committed_again_doesNothing() throws SQLException {
    Connection connection = applicationConnection();
    List<String> seen = new ArrayList<>();

    JoinedTransaction tx = honker.join(connection);
    tx.afterCommit(() -> seen.add("committed"));
    tx.afterRollback(() -> seen.add("rolled back"));
    connection.commit();
    tx.committed();
    tx.committed();
    tx.rolledBack();

    assertThat(seen).containsExactly("committed");
  }

  @Rule(id = "T-4")
  void standAloneWrite_whileJoined_isRefused() throws SQLException {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    assertThatThrownBy(() -> jobs().enqueue("deadlock")).isInstanceOf(NestedWriteException.class);
    assertThatThrownBy(() -> honker.inTransaction(inner -> {}))
        .isInstanceOf(NestedWriteException.class);
    connection.rollback();
    tx.rolledBack();

    assertThat(jobs().enqueue("free again")).isPositive();
  }

  @Rule(id = "T-5")
  void joinedTransaction_afterItsEnd_isRefused() throws SQLException {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    connection.commit();
    tx.committed();

    assertThatThrownBy(() -> jobs().enqueue(tx, "late")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tx.execute("UPDATE orders SET total = 1"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "T-5")
  void joinedTransaction_onAnotherThread_isRefused() throws Exception {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    Throwable refused = inBackground(() -> jobs().enqueue(tx, "elsewhere")).failure();
    connection.rollback();
    tx.rolledBack();

    assertThat(refused).isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "T-4")
  void join_ofAutoCommitConnection_isRefused() throws SQLException {
    Connection connection = store.rawConnection();

    assertThatThrownBy(() -> honker.join(connection)).isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "T-4")
  void join_ofClosedConnection_isRefused() throws SQLException {
    Connection connection = store.rawConnection();
    connection.close();

    assertThatThrownBy(() -> honker.join(connection)).isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "T-4")
  void join_ofAnotherDatabase_isRefused() throws Exception {
    store.require(Capability.RAW_CONNECTION);
    try (StoreFixture other = newStore()) {
      other.honker();
      Connection foreign = other.rawConnection();
      foreign.setAutoCommit(false);

      assertThatThrownBy(() -> honker.join(foreign)).isInstanceOf(IllegalArgumentException.class);

      assertThat(foreign.isClosed()).isFalse();
      foreign.rollback();
    }
  }

  @Rule(id = "T-4")
  void join_afterARefusedOne_leavesTheThreadFree() throws SQLException {
    Connection connection = store.rawConnection();
    assertThatThrownBy(() -> honker.join(connection)).isInstanceOf(IllegalStateException.class);

    assertThat(jobs().enqueue("free")).isPositive();
  }

  @Rule(id = "T-4")
  void results_onJoinedTransaction_commitWithIt() throws SQLException {
    Connection connection = applicationConnection();

    JoinedTransaction tx = honker.join(connection);
    honker.results().save(tx, 7, "kept", Duration.ZERO);
    connection.commit();
    tx.committed();

    assertThat(honker.results().find(7, String.class)).contains("kept");
  }
}
