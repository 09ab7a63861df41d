package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.error.NestedWriteException;
import io.honker.error.StoreException;
import io.honker.observe.HonkerEvent;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.tx.CommitWatch;
import io.honker.tx.Transaction;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Rules T-1 to T-3, T-5 and T-7: honker's own transactions, their ends, and reading beside them.
 *
 * @since 0.1.0
 */
public abstract class TransactionContract extends StoreContract {

  /** Creates the contract; the subclass supplies the store. */
  protected TransactionContract() {}

  // T-1: commit and rollback

  @Rule(id = "T-1")
  void inTransaction_whenWorkReturns_commits() {
    createOrders();

    honker.inTransaction(tx -> tx.execute("INSERT INTO orders(note) VALUES (?)", "tea"));

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-1")
  void inTransaction_whenWorkThrows_rollsBack() {
    createOrders();

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-1")
  void inTransaction_whenWorkThrowsUnchecked_passesTheSameInstanceOn() {
    IllegalStateException thrown = new IllegalStateException("no tea");

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }

  @Rule(id = "T-1")
  void inTransaction_whenWorkThrowsChecked_passesTheSameInstanceOn() {
    IOException thrown = new IOException("no tea");

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      throw thrown;
                    }))
        .isSameAs(thrown)
        .hasNoSuppressedExceptions();
  }

  @Rule(id = "T-1")
  void inTransaction_whenWorkThrowsError_rollsBackAndPassesItOn() {
    createOrders();
    AssertionError thrown = new AssertionError("no tea");

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
                      throw thrown;
                    }))
        .isSameAs(thrown);

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-1")
  void inTransaction_afterManyFailures_stillWorks() {
    createOrders();
    for (int i = 0; i < 50; i++) {
      assertThatThrownBy(
              () ->
                  honker.inTransaction(
                      tx -> {
                        throw new IllegalStateException("no tea");
                      }))
          .isInstanceOf(IllegalStateException.class);
    }

    honker.inTransaction(tx -> tx.execute("INSERT INTO orders(note) VALUES (?)", "tea"));

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-1")
  void fromTransaction_whenWorkReturns_returnsItsValueAfterTheCommit() {
    createOrders();

    long id =
        honker.fromTransaction(
            tx -> tx.insert("INSERT INTO orders(note, total) VALUES (?, ?)", "tea", 3));

    List<Long> ids =
        honker.fromTransaction(
            tx -> tx.query("SELECT id FROM orders WHERE total = ?", row -> row.getLong(1), 3));
    assertThat(ids).containsExactly(id);
  }

  @Rule(id = "T-1")
  @SuppressWarnings("NullAway") // does not see the nullable bound in the class file
  void fromTransaction_whenWorkReturnsNull_returnsNull() {
    Object value = honker.fromTransaction(tx -> null);

    assertThat(value).isNull();
  }

  @Rule(id = "T-1")
  void inTransaction_whenCommitFails_throwsStoreExceptionAndNothingHappened() {
    store.require(Capability.DEFERRED_CONSTRAINTS);
    createOrders();
    honker.inTransaction(
        tx ->
            tx.execute(
                "CREATE TABLE lines(id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders(id)"
                    + " DEFERRABLE INITIALLY DEFERRED)"));

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      tx.execute("INSERT INTO lines(id, order_id) VALUES (1, 4711)");
                      jobs().enqueue(tx, "never");
                    }))
        .isInstanceOf(StoreException.class);

    assertThat(jobs().stats().ready()).isZero();
    honker.inTransaction(tx -> tx.execute("INSERT INTO orders(note) VALUES (?)", "tea"));
    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-1")
  void execute_whenRowsChange_returnsTheirNumber() {
    createOrders();

    int changed =
        honker.fromTransaction(
            tx -> {
              tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
              tx.execute("INSERT INTO orders(note) VALUES (?)", "milk");
              return tx.execute("UPDATE orders SET total = ?", 1);
            });

    assertThat(changed).isEqualTo(2);
  }

  @Rule(id = "T-1")
  void execute_withNullParameter_storesNull() {
    createOrders();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note, total) VALUES (?, ?)", "tea", null);
          assertThat(tx.query("SELECT note FROM orders WHERE total IS NULL", r -> r.getString(1)))
              .containsExactly("tea");
        });
  }

  @Rule(id = "T-1")
  void execute_whenSqlFails_throwsStoreExceptionAndTransactionGoesOn() {
    createOrders();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          assertThatThrownBy(() -> tx.execute("INSERT INTO no_such_table(a) VALUES (1)"))
              .isInstanceOf(StoreException.class)
              .hasRootCauseInstanceOf(SQLException.class);
          tx.execute("INSERT INTO orders(note) VALUES (?)", "milk");
        });

    assertThat(orders()).containsExactly("tea", "milk");
  }

  @Rule(id = "T-1")
  void execute_ofSqlThatFailedBefore_worksAgain() {
    createOrders();
    String sql = "INSERT INTO orders(id, note) VALUES (?, ?)";

    honker.inTransaction(
        tx -> {
          tx.execute(sql, 1, "tea");
          assertThatThrownBy(() -> tx.execute(sql, 1, "tea again"))
              .isInstanceOf(StoreException.class);
          tx.execute(sql, 2, "milk");
        });
    honker.inTransaction(tx -> tx.execute(sql, 3, "sugar"));

    assertThat(orders()).containsExactly("tea", "milk", "sugar");
  }

  @Rule(id = "T-1")
  void query_inTransaction_seesItsOwnWritesInOrder() {
    createOrders();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          tx.execute("INSERT INTO orders(note) VALUES (?)", "milk");
          assertThat(tx.query("SELECT note FROM orders ORDER BY id DESC", r -> r.getString(1)))
              .containsExactly("milk", "tea");
        });
  }

  @Rule(id = "T-1")
  void queryFirst_withAndWithoutRows_returnsFirstOrEmpty() {
    createOrders();

    honker.inTransaction(
        tx -> {
          String sql = "SELECT note FROM orders ORDER BY id";
          assertThat(tx.queryFirst(sql, row -> row.getString(1))).isEmpty();
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          tx.execute("INSERT INTO orders(note) VALUES (?)", "milk");
          assertThat(tx.queryFirst(sql, row -> row.getString(1))).contains("tea");
        });
  }

  @Rule(id = "T-1")
  void query_whenMapperRunsTheSameSql_keepsBothCursors() {
    createOrders();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          tx.execute("INSERT INTO orders(note) VALUES (?)", "milk");
          String sql = "SELECT note FROM orders ORDER BY id";
          List<String> pairs =
              tx.query(
                  sql,
                  outer -> {
                    List<String> inner = tx.query(sql, row -> row.getString(1));
                    return outer.getString(1) + inner;
                  });
          assertThat(pairs).containsExactly("tea[tea, milk]", "milk[tea, milk]");
        });
  }

  @Rule(id = "T-1")
  void query_whenMapperThrows_leavesTransactionUsable() {
    createOrders();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          assertThatThrownBy(
                  () ->
                      tx.query(
                          "SELECT note FROM orders",
                          row -> {
                            throw new IllegalStateException("unreadable");
                          }))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("unreadable");
          assertThat(tx.query("SELECT note FROM orders", row -> row.getString(1)))
              .containsExactly("tea");
        });
  }

  // T-2: together or not at all, and woken after the commit

  @Rule(id = "T-2")
  void enqueue_inTransaction_commitsWithTheBusinessRow() {
    createOrders();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          jobs().enqueue(tx, "brew");
        });

    assertThat(orders()).containsExactly("tea");
    assertThat(claimOne(jobs()).payload()).isEqualTo("brew");
  }

  @Rule(id = "T-2")
  void enqueue_whenTransactionRollsBack_isGoneWithTheBusinessRow() {
    createOrders();

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
                      jobs().enqueue(tx, "brew");
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(orders()).isEmpty();
    assertThat(jobs().claim()).isEmpty();
  }

  @Rule(id = "T-2")
  void enqueue_beforeTheCommit_isInvisibleToOthers() {
    honker.inTransaction(
        tx -> {
          long id = jobs().enqueue(tx, "brew");
          assertThat(jobs().find(id)).isEmpty();
          assertThat(jobs().stats().ready()).isZero();
        });
  }

  @Rule(id = "T-2")
  void waitingClaim_wakesAfterTheCommitAndNotBefore() throws Exception {
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    honker.inTransaction(
        tx -> {
          jobs().enqueue(tx, "brew");
          store.clock().awaitParked(waiter.thread());
          assertThat(waiter.isDone()).isFalse();
        });

    assertThat(payloads(waiter.get())).containsExactly("brew");
  }

  @Rule(id = "T-2")
  void waitingClaim_whenTransactionRollsBack_goesOnWaiting() throws Exception {
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      jobs().enqueue(tx, "never");
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);
    jobs().enqueue("brew");

    assertThat(payloads(waiter.get())).containsExactly("brew");
  }

  @Rule(id = "T-2")
  void jobsEnqueued_isToldAfterTheCommitOnly() {
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      jobs().enqueue(tx, "never");
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);
    honker.inTransaction(
        tx -> {
          jobs().enqueueAll(tx, List.of("brew", "pour"), EnqueueOptions.defaults());
          assertThat(store.observer().events(HonkerEvent.JobsEnqueued.class)).isEmpty();
        });

    assertEventually(
        () ->
            assertThat(
                    store.observer().events(HonkerEvent.JobsEnqueued.class).stream()
                        .mapToInt(HonkerEvent.JobsEnqueued::count)
                        .sum())
                .isEqualTo(2));
  }

  @Rule(id = "T-2")
  void commits_afterCommits_tellsOnce() throws Exception {
    createOrders();
    try (CommitWatch watch = honker.commits()) {
      assertThat(watch.await(Duration.ZERO)).isFalse();

      jobs().enqueue("brew");
      honker.inTransaction(tx -> tx.execute("INSERT INTO orders(note) VALUES (?)", "tea"));

      assertThat(watch.await(LONG)).isTrue();
    }
  }

  @Rule(id = "T-2")
  void commits_withoutLimit_tellsWhatWasCommitted() throws Exception {
    try (CommitWatch watch = honker.commits()) {
      jobs().enqueue("brew");

      assertThat(watch.await(ENDLESS)).isTrue();
    }
  }

  @Rule(id = "T-2")
  void commits_whileWaiting_wakesAtTheCommit() throws Exception {
    try (CommitWatch watch = honker.commits()) {
      Background<Boolean> waiter = inBackground(() -> watch.await(LONG));
      store.clock().awaitParked(waiter.thread());

      jobs().enqueue("brew");

      assertThat(waiter.get()).isTrue();
    }
  }

  @Rule(id = "T-2")
  void commits_whenNothingIsCommitted_timesOut() throws Exception {
    try (CommitWatch watch = honker.commits()) {
      Background<Boolean> waiter = inBackground(() -> watch.await(Duration.ofSeconds(5)));
      store.clock().awaitParked(waiter.thread());

      advanceSeconds(5);

      assertThat(waiter.get()).isFalse();
    }
  }

  @Rule(id = "T-2")
  void commits_byForeignConnection_areSeen() throws Exception {
    store.require(Capability.RAW_CONNECTION);
    createOrders();
    try (CommitWatch watch = honker.commits()) {
      Background<Boolean> waiter = inBackground(() -> watch.await(LONG));
      store.clock().awaitParked(waiter.thread());

      rawExecute("INSERT INTO orders(note) VALUES (?)", "tea");

      assertThat(waiter.get()).isTrue();
    }
  }

  @Rule(id = "T-2")
  void commits_afterClose_throws() {
    CommitWatch watch = honker.commits();
    watch.close();
    watch.close();

    assertThatThrownBy(() -> watch.await(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
  }

  // T-3: nested

  @Rule(id = "T-3")
  void inTransaction_insideAnother_isRefusedAndNamesTheFix() {
    honker.inTransaction(
        outer ->
            assertThatThrownBy(() -> honker.inTransaction(inner -> {}))
                .isInstanceOf(NestedWriteException.class)
                .hasMessageContaining("pass"));
  }

  @Rule(id = "T-3")
  void fromTransaction_insideAnother_isRefused() {
    honker.inTransaction(
        outer ->
            assertThatThrownBy(() -> honker.fromTransaction(inner -> 1))
                .isInstanceOf(NestedWriteException.class));
  }

  @Rule(id = "T-3")
  void inTransaction_insideAnother_leavesTheOuterUntouched() {
    createOrders();

    honker.inTransaction(
        outer -> {
          outer.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          assertThatThrownBy(() -> honker.inTransaction(inner -> {}))
              .isInstanceOf(NestedWriteException.class);
          outer.execute("INSERT INTO orders(note) VALUES (?)", "milk");
        });

    assertThat(orders()).containsExactly("tea", "milk");
  }

  @Rule(id = "T-3")
  void standAloneWrite_insideTransaction_isRefused() {
    long claimable = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    Map<String, ThrowingCallable> writes = new LinkedHashMap<>();
    writes.put("enqueue", () -> jobs().enqueue("x"));
    writes.put("enqueueAll", () -> jobs().enqueueAll(List.of("x")));
    writes.put("enqueueUnique", () -> jobs().enqueueUnique("key", "x", EnqueueOptions.defaults()));
    writes.put("claim", () -> jobs().claim());
    writes.put("claim and wait", () -> jobs().claim(1, Duration.ofSeconds(1)));
    writes.put("ack", job::ack);
    writes.put("ackAll", () -> jobs().ackAll(List.of(job)));
    writes.put("retry", () -> job.retry(Duration.ZERO, "x"));
    writes.put("fail", () -> job.fail("x"));
    writes.put("release", job::release);
    writes.put("extendLease", () -> job.extendLease(Duration.ofSeconds(1)));
    writes.put("cancel", () -> jobs().cancel(claimable));
    writes.put("sweepExpired", () -> jobs().sweepExpired());
    writes.put("pause", () -> jobs().pause());
    writes.put("resume", () -> jobs().resume());
    writes.put("requeue", () -> jobs().deadLetters().requeue(claimable));
    writes.put("requeueAll", () -> jobs().deadLetters().requeueAll(1));
    writes.put("purgeOlderThan", () -> jobs().deadLetters().purgeOlderThan(Duration.ZERO));
    writes.put("purgeKeeping", () -> jobs().deadLetters().purgeKeeping(0));
    writes.put("save result", () -> honker.results().save(claimable, "x", Duration.ZERO));
    writes.put("sweep results", () -> honker.results().sweep());

    SoftAssertions softly = new SoftAssertions();
    honker.inTransaction(
        tx ->
            writes.forEach(
                (name, write) ->
                    softly
                        .assertThatThrownBy(write)
                        .as(name)
                        .isInstanceOf(NestedWriteException.class)));
    softly.assertAll();
    assertThat(job.ack()).isTrue();
  }

  @Rule(id = "T-3")
  void inTransaction_onAnotherThread_waitsForItsTurn() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    createOrders();
    List<Background<?>> others = new ArrayList<>();

    honker.inTransaction(
        tx -> {
          Background<?> other =
              inBackground(
                  () -> {
                    honker.inTransaction(
                        its -> its.execute("INSERT INTO orders(note) VALUES (?)", "milk"));
                    return "done";
                  });
          others.add(other);
          other.awaitBlocked();
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
        });
    others.get(0).get();

    assertThat(orders()).containsExactly("tea", "milk");
  }

  @Rule(id = "T-3")
  void inTransaction_afterARefusedOne_worksAgain() {
    honker.inTransaction(
        outer ->
            assertThatThrownBy(() -> honker.inTransaction(inner -> {}))
                .isInstanceOf(NestedWriteException.class));

    assertThatCode(() -> honker.inTransaction(tx -> {})).doesNotThrowAnyException();
  }

  // T-5: use out of time or place

  private Map<String, ThrowingCallable> uses(Transaction tx) {
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("connection", tx::connection);
    uses.put("execute", () -> tx.execute("UPDATE orders SET total = 1"));
    uses.put("insert", () -> tx.insert("INSERT INTO orders(note) VALUES (?)", "x"));
    uses.put("query", () -> tx.query("SELECT note FROM orders", row -> row.getString(1)));
    uses.put("queryFirst", () -> tx.queryFirst("SELECT note FROM orders", r -> r.getString(1)));
    uses.put("afterCommit", () -> tx.afterCommit(() -> {}));
    uses.put("afterRollback", () -> tx.afterRollback(() -> {}));
    uses.put("enqueue", () -> jobs().enqueue(tx, "x"));
    uses.put("cancel", () -> jobs().cancel(tx, 1));
    uses.put("save result", () -> honker.results().save(tx, 1, "x", Duration.ZERO));
    return uses;
  }

  private static void assertRefused(Map<String, ThrowingCallable> uses) {
    SoftAssertions softly = new SoftAssertions();
    uses.forEach(
        (name, use) ->
            softly.assertThatThrownBy(use).as(name).isInstanceOf(IllegalStateException.class));
    softly.assertAll();
  }

  private Transaction leak() {
    AtomicReference<Transaction> leaked = new AtomicReference<>();
    honker.inTransaction(leaked::set);
    return leaked.get();
  }

  @Rule(id = "T-5")
  void transaction_afterItsEnd_isRefused() {
    createOrders();

    assertRefused(uses(leak()));

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-5")
  void transaction_afterItsEndInsideTheNext_isRefused() {
    createOrders();
    Transaction old = leak();

    honker.inTransaction(tx -> assertRefused(uses(old)));

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-5")
  void transaction_onAnotherThread_isRefused() throws Exception {
    createOrders();

    honker.inTransaction(
        tx -> {
          inBackground(
                  () -> {
                    assertRefused(uses(tx));
                    return "done";
                  })
              .get();
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
        });

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-5")
  void transaction_afterCloseOfTheDatabase_isRefused() {
    createOrders();
    Transaction leaked = leak();
    Map<String, ThrowingCallable> uses = uses(leaked);
    honker.close();

    assertRefused(uses);
  }

  @Rule(id = "T-5")
  void connection_afterTheEndOfItsTransaction_isRefused() {
    createOrders();
    AtomicReference<Connection> leaked = new AtomicReference<>();
    honker.inTransaction(tx -> leaked.set(tx.connection()));

    assertThatThrownBy(() -> insertOrder(leaked.get(), "tea"))
        .isInstanceOfAny(SQLException.class, IllegalStateException.class);

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-5")
  void honker_afterClose_isRefused() {
    honker.close();
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("inTransaction", () -> honker.inTransaction(tx -> {}));
    uses.put("fromTransaction", () -> honker.fromTransaction(tx -> 1));
    uses.put("read", () -> honker.read(connection -> 1));
    uses.put("queues", () -> honker.queues());
    uses.put("commits", () -> honker.commits());

    assertRefused(uses);
  }

  @Rule(id = "T-5")
  void close_again_doesNothing() {
    honker.close();

    assertThatCode(() -> honker.close()).doesNotThrowAnyException();
  }

  @Rule(id = "T-5")
  void transactionOfAnotherDatabase_isRefused() throws Exception {
    try (StoreFixture other = newStore()) {
      other
          .honker()
          .inTransaction(
              foreign ->
                  assertThatThrownBy(() -> jobs().enqueue(foreign, "lost"))
                      .isInstanceOfAny(
                          IllegalArgumentException.class, IllegalStateException.class));

      assertThat(other.honker().queues()).isEmpty();
    }
    assertThat(honker.queues()).isEmpty();
  }

  // T-2: what runs after the end

  @Rule(id = "T-2")
  void afterCommit_runsInOrderOnTheCommittingThreadWhenDataIsVisible() {
    createOrders();
    List<String> seen = new ArrayList<>();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          tx.afterCommit(() -> seen.add("1 " + Thread.currentThread().getName() + orders()));
          tx.afterCommit(() -> seen.add("2"));
          tx.afterRollback(() -> seen.add("rolled back"));
          assertThat(seen).isEmpty();
        });

    assertThat(seen).containsExactly("1 " + Thread.currentThread().getName() + List.of("tea"), "2");
  }

  @Rule(id = "T-2")
  void afterCommit_whenItRuns_theWriterIsFree() {
    createOrders();

    honker.inTransaction(
        tx ->
            tx.afterCommit(
                () ->
                    honker.inTransaction(
                        next -> next.execute("INSERT INTO orders(note) VALUES (?)", "tea"))));

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-2")
  void afterCommit_whenActionThrows_othersRunAndCallerSeesNothing() {
    List<String> seen = new ArrayList<>();

    honker.inTransaction(
        tx -> {
          tx.afterCommit(
              () -> {
                throw new IllegalStateException("mail server down");
              });
          tx.afterCommit(() -> seen.add("second"));
        });

    assertThat(seen).containsExactly("second");
  }

  @Rule(id = "T-2")
  void afterRollback_whenRolledBack_runsInsteadOfAfterCommit() {
    List<String> seen = new ArrayList<>();

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      tx.afterCommit(() -> seen.add("committed"));
                      tx.afterRollback(() -> seen.add("rolled back"));
                      tx.afterRollback(() -> honker.inTransaction(next -> seen.add("writer free")));
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(seen).containsExactly("rolled back", "writer free");
  }

  // The connection of a transaction

  @Rule(id = "T-1")
  void connection_ofTransaction_takesPartInIt() {
    createOrders();

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      insertOrder(tx.connection(), "tea");
                      assertThat(orders(tx.connection())).containsExactly("tea");
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-1")
  void connection_ofTransaction_refusesToEndIt() throws SQLException {
    createOrders();

    honker.inTransaction(
        tx -> {
          Connection connection = tx.connection();
          insertOrder(connection, "tea");
          SoftAssertions softly = new SoftAssertions();
          softly
              .assertThatThrownBy(connection::commit)
              .as("commit")
              .isInstanceOf(SQLException.class);
          softly
              .assertThatThrownBy(connection::rollback)
              .as("rollback")
              .isInstanceOf(SQLException.class);
          softly.assertThatThrownBy(connection::close).as("close").isInstanceOf(SQLException.class);
          softly
              .assertThatThrownBy(() -> connection.setAutoCommit(true))
              .as("setAutoCommit")
              .isInstanceOf(SQLException.class);
          softly.assertThat(connection.getAutoCommit()).as("getAutoCommit").isFalse();
          softly.assertThat(connection.isClosed()).as("isClosed").isFalse();
          softly.assertAll();
          insertOrder(connection, "milk");
        });

    assertThat(orders()).containsExactly("tea", "milk");
  }

  @Rule(id = "T-1")
  void savepoint_whenRolledBack_undoesOnlyWhatFollowedIt() throws SQLException {
    createOrders();

    honker.inTransaction(
        tx -> {
          Connection connection = tx.connection();
          insertOrder(connection, "tea");
          Savepoint savepoint = connection.setSavepoint();
          insertOrder(connection, "milk");
          jobs().enqueue(tx, "pour milk");
          connection.rollback(savepoint);
          insertOrder(connection, "sugar");
          assertThat(connection.getAutoCommit()).isFalse();
        });

    assertThat(orders()).containsExactly("tea", "sugar");
    assertThat(jobs().stats().ready()).isZero();
  }

  @Rule(id = "T-1")
  void savepoints_whenNested_endOneByOne() throws SQLException {
    createOrders();

    honker.inTransaction(
        tx -> {
          Connection connection = tx.connection();
          Savepoint outer = connection.setSavepoint("outer");
          insertOrder(connection, "tea");
          Savepoint inner = connection.setSavepoint("inner");
          insertOrder(connection, "milk");
          connection.rollback(inner);
          insertOrder(connection, "sugar");
          connection.releaseSavepoint(outer);
        });

    assertThat(orders()).containsExactly("tea", "sugar");
  }

  // T-7: readers

  @Rule(id = "T-7")
  void read_whileAWriteIsUncommitted_seesTheStateBefore() {
    createOrders();

    honker.inTransaction(
        tx -> {
          tx.execute("INSERT INTO orders(note) VALUES (?)", "tea");
          assertThat(orders()).isEmpty();
        });

    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "T-7")
  void read_whileTheWriterIsHeld_doesNotWait() throws Exception {
    createOrders();
    CountDownLatch release = new CountDownLatch(1);
    Background<?> holder = holdWriter(release);

    assertThat(inBackground(this::orders).get()).isEmpty();
    assertThat(holder.isDone()).isFalse();

    release.countDown();
    holder.get();
  }

  @Rule(id = "T-7")
  void read_whileManyReadAtOnce_allGetThrough() throws Exception {
    createOrders();
    List<Background<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      readers.add(inBackground(() -> orders().size()));
    }

    for (Background<Integer> reader : readers) {
      assertThat(reader.get()).isZero();
    }
  }

  @Rule(id = "T-7")
  void read_thatWrites_isRefused() {
    createOrders();

    assertThatThrownBy(() -> honker.read(connection -> insertOrder(connection, "tea")))
        .isInstanceOf(StoreException.class);

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-7")
  void read_afterAFailedOne_worksAgain() {
    createOrders();
    for (int i = 0; i < 50; i++) {
      assertThatThrownBy(
              () -> honker.read(c -> c.prepareStatement("SELECT * FROM no_such_table").execute()))
          .isInstanceOf(StoreException.class);
    }

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "T-7")
  void read_whenWorkThrowsUnchecked_passesTheSameInstanceOn() {
    IllegalStateException thrown = new IllegalStateException("no tea");

    assertThatThrownBy(
            () ->
                honker.read(
                    connection -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }
}
