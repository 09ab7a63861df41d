package io.honker.orm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.honker.orm.SessionKind.Work;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.tck.Rule;
import io.honker.tx.Transaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hibernate.SessionFactory;
import org.hibernate.query.SelectionQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Rules H-1 and H-3, whoever booted the factory and whatever kind of session works. */
abstract class OneTransactionContract {

  private final SessionKind kind;

  @TempDir Path folder;
  OrmFixture fixture;
  SessionFactory factory;
  JobQueue<String> jobs;
  Work work;

  OneTransactionContract(SessionKind kind) {
    this.kind = kind;
  }

  abstract SessionFactory factory(OrmFixture on);

  @BeforeEach
  void open() {
    fixture = new OrmFixture(folder);
    factory = factory(fixture);
    jobs = fixture.honker().queue("jobs", String.class);
    work = kind.open(factory);
  }

  @AfterEach
  void close() throws Exception {
    work.close();
    fixture.close();
  }

  private Transaction begin() {
    work.hibernate().begin();
    return work.join(fixture.honker());
  }

  List<String> items() {
    return factory.fromStatelessSession(
        session -> {
          SelectionQuery<String> query =
              session.createSelectionQuery("select name from Item order by id", String.class);
          return query.getResultList();
        });
  }

  List<String> jobs() {
    return jobs.claim(10).stream().map(Job::payload).toList();
  }

  @Rule(id = "H-1")
  void commit_keepsEntityAndJob() {
    Transaction tx = begin();
    work.insert(new Item(1, "tea"));
    jobs.enqueue(tx, "brew");
    work.hibernate().commit();

    assertThat(items()).containsExactly("tea");
    assertThat(jobs()).containsExactly("brew");
  }

  @Rule(id = "H-1")
  void rollback_undoesEntityAndJob() {
    Transaction tx = begin();
    work.insert(new Item(1, "tea"));
    jobs.enqueue(tx, "brew");
    work.hibernate().rollback();

    assertThat(items()).isEmpty();
    assertThat(jobs()).isEmpty();
  }

  @Rule(id = "H-1")
  void markedForRollback_undoesEntityAndJob() {
    Transaction tx = begin();
    work.insert(new Item(1, "tea"));
    jobs.enqueue(tx, "brew");
    work.hibernate().setRollbackOnly();
    work.hibernate().commit();

    assertThat(items()).isEmpty();
    assertThat(jobs()).isEmpty();
  }

  @Rule(id = "H-1")
  void closeWithoutCommit_undoesBothAndLeavesTheThreadFree() {
    Transaction tx = begin();
    List<String> seen = new ArrayList<>();
    tx.afterCommit(() -> seen.add("committed"));
    tx.afterRollback(() -> seen.add("rolled back, and may write " + jobs.enqueue("after")));
    work.insert(new Item(1, "tea"));
    jobs.enqueue(tx, "brew");
    work.close();

    assertThat(seen).singleElement().asString().startsWith("rolled back, and may write");
    assertThat(items()).isEmpty();
    assertThat(jobs()).containsExactly("after");
    assertThat(jobs.enqueue("the thread may write")).isPositive();
  }

  @Rule(id = "H-1")
  void honkersSql_seesEntitiesThatWereNotFlushedYet() {
    Transaction tx = begin();
    work.insert(new Item(1, "tea"));

    assertThat(tx.query("SELECT name FROM Item", row -> row.getString(1))).containsExactly("tea");
    work.hibernate().rollback();
  }

  @Rule(id = "H-1")
  void enqueue_comesAfterTheEntitiesBeforeIt() {
    Transaction tx = begin();
    tx.execute("CREATE TABLE log(what)");
    tx.execute(
        "CREATE TRIGGER item_log AFTER INSERT ON Item BEGIN INSERT INTO log VALUES(NEW.name); END");
    tx.execute(
        "CREATE TRIGGER job_log AFTER INSERT ON _honker_live BEGIN"
            + " INSERT INTO log VALUES(NEW.payload); END");
    work.insert(new Item(1, "tea"));
    jobs.enqueue(tx, "brew");
    work.insert(new Item(2, "milk"));
    jobs.enqueue(tx, "pour");

    assertThat(tx.query("SELECT what FROM log ORDER BY rowid", row -> row.getString(1)))
        .containsExactly("tea", "\"brew\"", "milk", "\"pour\"");
    work.hibernate().rollback();
  }

  @Rule(id = "H-1")
  void entities_seeWhatHonkersSqlWrote() {
    Transaction tx = begin();
    tx.execute("INSERT INTO Item(id, name, quantity) VALUES (7, 'jam', 0)");

    assertThat(work.find(Item.class, 7L).name()).isEqualTo("jam");
    work.hibernate().commit();
    assertThat(items()).containsExactly("jam");
  }

  @Rule(id = "H-1")
  void joinAgain_inOneTransaction_givesTheSame() {
    Transaction first = begin();
    assertThat(work.join(fixture.honker())).isSameAs(first);
    work.hibernate().commit();

    Transaction second = begin();
    assertThat(second).isNotSameAs(first);
    jobs.enqueue(second, "brew");
    work.hibernate().commit();

    assertThatThrownBy(() -> jobs.enqueue(first, "late")).isInstanceOf(IllegalStateException.class);
    assertThat(jobs()).containsExactly("brew");
  }

  @Rule(id = "H-1")
  void join_withoutTransaction_isRefused() {
    assertThatThrownBy(() -> work.join(fixture.honker()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no transaction is active");
    begin();
    work.hibernate().commit();
    assertThatThrownBy(() -> work.join(fixture.honker())).isInstanceOf(IllegalStateException.class);
    assertThat(jobs.enqueue("free")).isPositive();
  }

  @Rule(id = "H-1")
  void join_ofAClosedSession_isRefused() {
    work.close();
    assertThatThrownBy(() -> work.join(fixture.honker()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    work = kind.open(factory);
  }

  @Rule(id = "H-3")
  void join_toAnotherDatabase_isRefusedAndLeavesTheTransactionUsable() throws Exception {
    try (OrmFixture other = new OrmFixture(folder, "other.db")) {
      work.hibernate().begin();
      work.insert(new Item(1, "tea"));
      assertThatThrownBy(() -> work.join(other.honker()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("another database");
      jobs.enqueue(work.join(fixture.honker()), "brew");
      work.hibernate().commit();

      assertThat(items()).containsExactly("tea");
      assertThat(jobs()).containsExactly("brew");
      assertThat(other.honker().queue("jobs", String.class).enqueue("free")).isPositive();
    }
  }

  @Rule(id = "H-1")
  void actions_runOnceAfterTheEnd() {
    List<String> seen = new ArrayList<>();
    Transaction first = begin();
    work.insert(new Item(1, "tea"));
    first.afterCommit(() -> seen.add("committed, others see " + items()));
    first.afterCommit(() -> jobs.enqueue("after"));
    first.afterRollback(() -> seen.add("never"));
    work.hibernate().commit();
    Transaction second = begin();
    second.afterCommit(() -> seen.add("never"));
    second.afterRollback(() -> seen.add("rolled back"));
    work.hibernate().rollback();

    assertThat(seen).containsExactly("committed, others see [tea]", "rolled back");
    assertThat(jobs()).containsExactly("after");
  }

  @Rule(id = "H-1")
  void failedCommit_tellsOfARollback() {
    List<String> seen = new ArrayList<>();
    Transaction tx = begin();
    tx.execute("CREATE TABLE p(id INTEGER PRIMARY KEY)");
    tx.execute("CREATE TABLE c(p INTEGER REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED)");
    tx.execute("INSERT INTO c VALUES (99)");
    jobs.enqueue(tx, "brew");
    tx.afterCommit(() -> seen.add("committed"));
    tx.afterRollback(() -> seen.add("rolled back"));
    assertThatThrownBy(() -> work.hibernate().commit()).hasStackTraceContaining("FOREIGN KEY");

    assertThat(seen).containsExactly("rolled back");
    assertThat(jobs()).isEmpty();
    assertThat(jobs.enqueue("the thread may write")).isPositive();
  }

  @Rule(id = "H-1")
  void waiter_isWokenByTheCommit() throws Exception {
    CompletableFuture<Thread> waiting = new CompletableFuture<>();
    CompletableFuture<List<Job<String>>> claimed =
        CompletableFuture.supplyAsync(
            () -> {
              waiting.complete(Thread.currentThread());
              try {
                return jobs.claim(1, Duration.ofDays(1));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    fixture.clock().awaitParked(waiting.get());

    Transaction undone = begin();
    jobs.enqueue(undone, "never");
    work.hibernate().rollback();
    fixture.clock().awaitParked(waiting.get());
    Transaction tx = begin();
    work.insert(new Item(1, "tea"));
    jobs.enqueue(tx, "brew");
    assertThat(claimed).isNotDone();
    work.hibernate().commit();

    assertThat(claimed.get(90, TimeUnit.SECONDS)).extracting(Job::payload).containsExactly("brew");
  }

  @Rule(id = "H-1")
  void enqueue_beforeCompletion_isPartOfTheTransaction() {
    work.hibernate().begin();
    work.hibernate().runBeforeCompletion(() -> jobs.enqueue(work.join(fixture.honker()), "brew"));
    work.hibernate().runBeforeCompletion(() -> {});
    work.insert(new Item(1, "tea"));
    work.hibernate().commit();

    assertThat(items()).containsExactly("tea");
    assertThat(jobs()).containsExactly("brew");
  }

  @Rule(id = "H-1")
  void standAloneWrite_whileJoined_isRefused() {
    begin();
    assertThatThrownBy(() -> jobs.enqueue("deadlock"))
        .isInstanceOf(io.honker.error.NestedWriteException.class);
    work.hibernate().rollback();
    assertThat(jobs.enqueue("free")).isPositive();
  }

  // ---- ends that Hibernate does not tell

  private List<String> endsOf(Transaction tx) {
    List<String> seen = new ArrayList<>();
    tx.afterCommit(() -> seen.add("committed"));
    tx.afterRollback(() -> seen.add("rolled back"));
    return seen;
  }

  private void throwAfterCompletion() {
    work.hibernate()
        .registerSynchronization(
            new jakarta.transaction.Synchronization() {
              @Override
              public void beforeCompletion() {}

              @Override
              public void afterCompletion(int status) {
                throw new IllegalArgumentException("not honker's fault");
              }
            });
  }

  @Rule(id = "H-1")
  void afterCompletion_thatThrows_doesNotHideACommit() {
    Transaction tx = begin();
    List<String> seen = endsOf(tx);
    work.insert(new Item(1, "tea"));
    jobs.enqueue(tx, "brew");
    throwAfterCompletion();
    assertThatThrownBy(() -> work.hibernate().commit()).hasStackTraceContaining("not honker's");
    work.close();

    assertThat(seen).containsExactly("committed");
    assertThat(items()).containsExactly("tea");
    assertThat(jobs()).containsExactly("brew");
    assertThat(jobs.enqueue("the thread may write")).isPositive();
  }

  @Rule(id = "H-1")
  void afterCompletion_thatThrows_doesNotHideARollback() {
    Transaction tx = begin();
    List<String> seen = endsOf(tx);
    jobs.enqueue(tx, "brew");
    throwAfterCompletion();
    assertThatThrownBy(() -> work.hibernate().rollback()).hasStackTraceContaining("not honker's");
    work.close();

    assertThat(seen).containsExactly("rolled back");
    assertThat(jobs()).isEmpty();
    assertThat(jobs.enqueue("the thread may write")).isPositive();
  }

  @Rule(id = "H-1")
  void afterCompletion_thatThrows_leavesTheSessionUsable() {
    Transaction tx = begin();
    List<String> seen = endsOf(tx);
    jobs.enqueue(tx, "brew");
    throwAfterCompletion();
    assertThatThrownBy(() -> work.hibernate().commit()).hasStackTraceContaining("not honker's");

    Transaction next = begin();
    assertThat(seen).containsExactly("committed");
    assertThat(next).isNotSameAs(tx);
    jobs.enqueue(next, "pour");
    work.hibernate().commit();
    assertThat(jobs()).containsExactly("brew", "pour");
  }

  private static void assertFailsAtMostWith(String text, ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    if (thrown != null) {
      assertThat(thrown).hasStackTraceContaining(text);
    }
  }

  @Rule(id = "H-1")
  void rollbackBySqlite_leavesTheThreadFree() {
    Transaction tx = begin();
    tx.execute("CREATE TABLE IF NOT EXISTS u(x UNIQUE ON CONFLICT ROLLBACK)");
    List<String> seen = endsOf(tx);
    jobs.enqueue(tx, "brew");
    assertThatThrownBy(() -> tx.execute("INSERT INTO u VALUES (1), (1)"))
        .hasStackTraceContaining("UNIQUE");
    // sqlite-jdbc fails to roll back what is rolled back already, and so does the pool
    assertFailsAtMostWith("no transaction is active", () -> work.hibernate().rollback());
    assertFailsAtMostWith("no transaction is active", () -> work.close());
    work = kind.open(factory);

    assertThat(seen).containsExactly("rolled back");
    assertThat(jobs()).isEmpty();
    assertThat(jobs.enqueue("the thread may write")).isPositive();
  }
}
