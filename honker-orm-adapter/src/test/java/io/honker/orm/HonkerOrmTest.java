package io.honker.orm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.HonkerConfigurationException;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreException;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.tck.Rule;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.hibernate.FlushMode;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-2: what {@link HonkerOrm} boots, and whose connections its sessions get. */
class HonkerOrmTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 200;

  @TempDir Path folder;
  private OrmFixture fixture;
  private Honker honker;
  private JobQueue<String> jobs;

  @BeforeEach
  void open() {
    fixture = new OrmFixture(folder);
    honker = fixture.honker();
    jobs = honker.queue("jobs", String.class);
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  // ---- work

  @Rule(id = "H-1")
  void inTransaction_commitsEntityAndJob() {
    HonkerOrm orm = fixture.orm(Item.class);

    String returned =
        orm.fromTransaction(
            (session, tx) -> {
              session.persist(new Item(1, "tea"));
              jobs.enqueue(tx, "brew");
              return "done";
            });

    assertThat(returned).isEqualTo("done");
    assertThat(names(orm)).containsExactly("tea");
    assertThat(jobs.claim()).map(Job::payload).contains("brew");
  }

  @Rule(id = "H-1")
  void inTransaction_whoseWorkThrows_rollsBackAndPassesItOn() {
    HonkerOrm orm = fixture.orm(Item.class);
    Exception thrown = new Exception("no");

    assertThatThrownBy(
            () ->
                orm.inTransaction(
                    (session, tx) -> {
                      session.persist(new Item(1, "tea"));
                      jobs.enqueue(tx, "brew");
                      throw thrown;
                    }))
        .isSameAs(thrown);

    assertThat(names(orm)).isEmpty();
    assertThat(jobs.claim()).isEmpty();
    assertThat(jobs.enqueue("free")).isPositive();
  }

  @Rule(id = "H-1")
  void inTransaction_whoseFlushFails_leavesNothing() {
    HonkerOrm orm = fixture.orm(Item.class);
    orm.inTransaction((session, tx) -> session.persist(new Item(1, "tea")));

    assertThatThrownBy(
            () ->
                orm.inTransaction(
                    (session, tx) -> {
                      jobs.enqueue(tx, "brew");
                      session.persist(new Item(1, "again"));
                    }))
        .hasStackTraceContaining("UNIQUE");

    assertThat(names(orm)).containsExactly("tea");
    assertThat(jobs.claim()).isEmpty();
    assertThat(jobs.enqueue("free")).isPositive();
  }

  @Rule(id = "H-1")
  void transactionOf_withoutItsHonker_findsIt() {
    HonkerOrm orm = fixture.orm(Item.class);
    assertThat(orm.client()).isSameAs(honker);

    orm.inTransaction((session, tx) -> assertThat(HonkerOrm.transactionOf(session)).isSameAs(tx));
    SessionFactory other = fixture.pooled(1, Item.class);
    other.inTransaction(
        session ->
            assertThatThrownBy(() -> HonkerOrm.transactionOf(session))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("transactionOf(honker, session)"));
  }

  @Rule(id = "H-1")
  void transactionOf_aSessionThatSharesAnothersTransaction_isTheOthers() {
    HonkerOrm orm = fixture.orm(Item.class);

    orm.inTransaction(
        (session, tx) -> {
          try (Session child = session.sessionWithOptions().connection().openSession()) {
            assertThat(HonkerOrm.transactionOf(child)).isSameAs(tx);
          }
          jobs.enqueue(tx, "the child's end is not the end");
        });

    assertThat(jobs.claim()).isPresent();
  }

  @Rule(id = "H-1")
  void flush_canBeSwitchedOff() {
    HonkerOrm orm = fixture.keep(fixture.over(Item.class).flushBeforeWrites(false).build());

    orm.inTransaction(
        (session, tx) -> {
          session.persist(new Item(1, "tea"));
          assertThat(tx.query("SELECT 1 FROM Item", row -> 1)).isEmpty();
        });

    assertThat(names(orm)).containsExactly("tea");
  }

  @Rule(id = "H-1")
  void flush_isLeftAloneInModeManual() {
    HonkerOrm orm = fixture.orm(Item.class);

    orm.inTransaction(
        (session, tx) -> {
          session.setHibernateFlushMode(FlushMode.MANUAL);
          session.persist(new Item(1, "tea"));
          jobs.enqueue(tx, "brew");
        });

    assertThat(names(orm)).isEmpty();
    assertThat(jobs.claim()).isPresent();
  }

  // ---- connections

  @Rule(id = "H-2")
  void readModifyWrite_fromManyThreads_losesNothing() throws Exception {
    HonkerOrm orm = fixture.orm(Item.class);
    orm.inTransaction((session, tx) -> session.persist(new Item(1, "sum")));

    inThreads(
        () ->
            orm.inTransaction(
                (session, tx) -> {
                  session.find(Item.class, 1L).add(1);
                  jobs.enqueue(tx, "added");
                }));

    assertThat(orm.<Integer, RuntimeException>readOnly(s -> s.find(Item.class, 1L).quantity()))
        .isEqualTo(THREADS * ROUNDS);
    assertThat(jobs.stats().ready()).isEqualTo(THREADS * ROUNDS);
  }

  @Rule(id = "H-2")
  void readModifyWrite_throughPlainSessions_losesNothing() throws Exception {
    SessionFactory factory = fixture.orm(Item.class).sessionFactory();
    factory.inTransaction(session -> session.persist(new Item(1, "sum")));

    inThreads(
        () ->
            factory.inTransaction(
                session -> {
                  session.find(Item.class, 1L).add(1);
                  jobs.enqueue(HonkerOrm.transactionOf(session), "added");
                }));

    factory.inSession(
        session -> assertThat(session.find(Item.class, 1L).quantity()).isEqualTo(THREADS * ROUNDS));
    assertThat(jobs.stats().ready()).isEqualTo(THREADS * ROUNDS);
  }

  private static void inThreads(Runnable step) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> running = new java.util.ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      running.add(
          executor.submit(
              () -> {
                for (int i = 0; i < ROUNDS; i++) {
                  step.run();
                }
              }));
    }
    executor.shutdown();
    for (Future<?> one : running) {
      one.get();
    }
  }

  @Rule(id = "H-2")
  void readers_doNotWaitForTheWriter() throws Exception {
    HonkerOrm orm = fixture.orm(Item.class);
    orm.inTransaction((session, tx) -> session.persist(new Item(1, "tea")));
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Future<?> writer =
        runAside(
            () ->
                orm.inTransaction(
                    (session, tx) -> {
                      session.find(Item.class, 1L).setName("coffee");
                      session.flush();
                      writing.countDown();
                      done.await(90, TimeUnit.SECONDS);
                    }));
    writing.await();

    List<String> readOnly = names(orm);
    List<String> outside =
        orm.sessionFactory().fromSession(session -> HonkerOrmTest.names(session));
    done.countDown();
    writer.get();

    assertThat(readOnly).containsExactly("tea");
    assertThat(outside).containsExactly("tea");
    assertThat(names(orm)).containsExactly("coffee");
  }

  @Rule(id = "H-2")
  void readOnly_seesOneState() {
    HonkerOrm orm = fixture.orm(Item.class);
    orm.inTransaction((session, tx) -> session.persist(new Item(1, "tea")));

    orm.readOnly(
        session -> {
          assertThat(names(session)).containsExactly("tea");
          await(
              runAside(() -> orm.inTransaction((other, tx) -> other.persist(new Item(2, "milk")))));
          assertThat(names(session)).containsExactly("tea");
          return null;
        });

    assertThat(names(orm)).containsExactly("tea", "milk");
  }

  @Rule(id = "H-2")
  void readOnly_refusesWrites() {
    HonkerOrm orm = fixture.orm(Item.class);
    orm.inTransaction((session, tx) -> session.persist(new Item(1, "tea")));

    assertThatThrownBy(
            () ->
                orm.readOnly(
                    session -> {
                      session.persist(new Item(2, "milk"));
                      return null;
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () ->
                orm.readOnly(
                    session -> session.createMutationQuery("delete from Item").executeUpdate()))
        .hasStackTraceContaining("SQLITE_READONLY");
    assertThatThrownBy(
            () -> orm.readOnly(session -> jobs.enqueue(HonkerOrm.transactionOf(session), "brew")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("read-only");

    assertThat(names(orm)).containsExactly("tea");
    assertThat(jobs.enqueue("free")).isPositive();
  }

  @Rule(id = "H-2")
  void idleSessions_holdNoLock() throws Exception {
    SessionFactory factory = fixture.orm(Item.class).sessionFactory();
    Connection stranger = fixture.stranger();

    try (Session session = factory.openSession()) {
      assertThat(names(session)).isEmpty();
      strangerWrites(stranger);
      session.beginTransaction();
      strangerWrites(stranger);
      assertThat(names(session)).isEmpty();
      assertThatThrownBy(() -> strangerWrites(stranger)).hasMessageContaining("SQLITE_BUSY");
      session.getTransaction().commit();
      strangerWrites(stranger);
      session.find(Item.class, 1L);
      strangerWrites(stranger);
    }
  }

  @Rule(id = "H-2")
  void idleSession_letsAnotherProcessWrite() throws Exception {
    SessionFactory factory = fixture.orm(Item.class).sessionFactory();
    try (Session session = factory.openSession()) {
      names(session);
      session.beginTransaction();

      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  fixture.file().toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(other.getInputStream().readAllBytes());

      assertThat(other.waitFor()).as(said).isZero();
      session.getTransaction().rollback();
    }
    // the other process goes by the real time, which is ahead of the test's
    assertThat(jobs.stats().delayed()).isEqualTo(1);
  }

  /** Enqueues a job and leaves. */
  static final class OtherProcess {
    public static void main(String[] args) {
      try (Honker honker = Honker.builder(args[0]).storeOption("writerTimeout", "PT60S").open()) {
        honker.queue("jobs", String.class).enqueue("from another process");
      }
    }
  }

  private static void strangerWrites(Connection stranger) throws SQLException {
    try (Statement statement = stranger.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("ROLLBACK");
    }
  }

  @Rule(id = "H-2")
  void statementsOutsideTransactions_goWhereTheyBelong() {
    SessionFactory factory = fixture.orm(Item.class, Ids.Auto.class).sessionFactory();

    factory.inStatelessSession(
        session -> {
          session.insert(new Item(1, "tea"));
          Ids.Auto auto = new Ids.Auto();
          session.insert(auto);
          assertThat(auto.id).isEqualTo(1);
          Item item = session.get(Item.class, 1L);
          item.setName("coffee");
          session.update(item);
          assertThat(session.get(Item.class, 1L).name()).isEqualTo("coffee");
          assertThat(jobs.enqueue("the writer is free")).isPositive();
        });
  }

  @Rule(id = "H-1")
  void aConnectionOfTheApplication_isJoinedAndLeftAlone() throws SQLException {
    SessionFactory factory = fixture.orm(Item.class).sessionFactory();
    Connection own = fixture.stranger();

    try (Session session = factory.withOptions().connection(own).openSession()) {
      session.beginTransaction();
      jobs.enqueue(HonkerOrm.transactionOf(honker, session), "brew");
    }
    own.rollback();
    own.setAutoCommit(true);
    assertThat(jobs.claim()).isEmpty();
    assertThat(jobs.enqueue("the thread may write")).isPositive();
  }

  @Rule(id = "H-1")
  void errorInTheCommit_leavesNothingOpen() {
    for (String unit : new String[] {null, "shop"}) {
      AtomicBoolean broken = new AtomicBoolean(true);
      HonkerOrm.Builder builder = unit == null ? fixture.over(Item.class) : HonkerOrm.over(honker);
      if (unit != null) {
        builder.persistenceUnit(unit);
      }
      HonkerOrm orm =
          fixture.keep(
              builder
                  .property(
                      AvailableSettings.STATEMENT_INSPECTOR,
                      (org.hibernate.resource.jdbc.spi.StatementInspector)
                          sql -> {
                            if (sql.startsWith("insert into Item") && broken.get()) {
                              throw new AssertionError("an error, not an exception");
                            }
                            return sql;
                          })
                  .build());
      assertThatThrownBy(
              () ->
                  orm.inTransaction(
                      (session, tx) -> {
                        jobs.enqueue(tx, "brew");
                        session.persist(new Item(1, "tea"));
                      }))
          .isInstanceOf(AssertionError.class);

      assertThat(jobs.claim()).isEmpty();
      assertThat(jobs.enqueue("free")).isPositive();
      jobs.claim().orElseThrow().ack();
    }
  }

  @Rule(id = "H-1")
  void markedForRollback_isRolledBackWithoutAnException() {
    for (HonkerOrm orm :
        List.of(
            fixture.orm(Item.class),
            fixture.keep(HonkerOrm.over(honker).persistenceUnit("shop").build()))) {
      orm.inTransaction(
          (session, tx) -> {
            session.persist(new Item(1, "tea"));
            jobs.enqueue(tx, "brew");
            session.getTransaction().setRollbackOnly();
            jobs.enqueue(HonkerOrm.transactionOf(session), "in vain");
          });
      assertThat(names(orm)).isEmpty();
      assertThat(jobs.claim()).isEmpty();
    }
  }

  @Rule(id = "H-1")
  void closeWithoutCommit_ofASessionThatHasItsConnectionFromTheStart_letsTheActionsWrite() {
    HonkerOrm orm =
        fixture.keep(
            fixture
                .over(Item.class)
                .property(AvailableSettings.CONNECTION_HANDLING, "IMMEDIATE_ACQUISITION_AND_HOLD")
                .build());
    List<String> seen = new java.util.ArrayList<>();
    try (Session session = orm.sessionFactory().openSession()) {
      session.beginTransaction();
      io.honker.tx.Transaction tx = HonkerOrm.transactionOf(session);
      tx.afterRollback(() -> seen.add("may write " + jobs.enqueue("after")));
      jobs.enqueue(tx, "brew");
    }

    assertThat(seen).hasSize(1);
    assertThat(jobs.claim(10)).extracting(Job::payload).containsExactly("after");
  }

  @Rule(id = "H-1")
  void entitiesOfASessionThatSharesTheTransaction_areFlushedToo() {
    HonkerOrm orm = fixture.orm(Item.class);

    orm.inTransaction(
        (session, tx) -> {
          try (Session child = session.sessionWithOptions().connection().openSession()) {
            child.persist(new Item(1, "tea"));
            assertThat(
                    HonkerOrm.transactionOf(child)
                        .query("SELECT name FROM Item", row -> row.getString(1)))
                .containsExactly("tea");
          }
        });
  }

  @Rule(id = "H-1")
  void callbacksOfEntities_mayEnqueue() {
    HonkerOrm orm = fixture.orm(Ids.Calling.class, Ids.CallingIdentity.class);
    try {
      orm.inTransaction(
          (session, tx) -> {
            Ids.CALLED.set(() -> jobs.enqueue(HonkerOrm.transactionOf(session), "called"));
            Ids.CallingIdentity parent = new Ids.CallingIdentity();
            parent.children.add(new Ids.CallingIdentity());
            session.persist(new Ids.Calling());
            session.persist(parent);
            session.persist(new Ids.CallingIdentity());
          });
    } finally {
      Ids.CALLED.set(() -> {});
    }

    assertThat(jobs.stats().ready()).isEqualTo(8);
  }

  // ---- a second writer

  @Rule(id = "H-2")
  void secondWriter_ofTheSameThread_failsAtOnceAndSaysWhy() {
    HonkerOrm orm = fixture.orm(Item.class);

    orm.inTransaction(
        (session, tx) -> {
          session.persist(new Item(1, "tea"));
          assertThatThrownBy(() -> orm.inTransaction((inner, t) -> {}))
              .isInstanceOf(NestedWriteException.class)
              .hasMessageContaining("REQUIRES_NEW")
              .hasMessageContaining("use the session that has the transaction");
          assertThatThrownBy(
                  () ->
                      orm.sessionFactory()
                          .inTransaction(inner -> inner.persist(new Item(2, "milk"))))
              .rootCause()
              .isInstanceOf(NestedWriteException.class);
          assertThatThrownBy(() -> orm.sessionFactory().inTransaction(HonkerOrmTest::names))
              .hasMessageContaining("REQUIRES_NEW")
              .hasMessageContaining("table or sequence id generator")
              .hasMessageContaining("Use the connection that has the transaction");
        });

    assertThat(names(orm)).containsExactly("tea");
  }

  @Rule(id = "H-2")
  void insideHonkersTransaction_aSessionMayReadAndNotWrite() {
    HonkerOrm orm = fixture.orm(Item.class);
    orm.inTransaction((session, tx) -> session.persist(new Item(1, "tea")));

    honker.inTransaction(
        tx -> {
          assertThat(names(orm)).containsExactly("tea");
          assertThatThrownBy(() -> orm.inTransaction((session, inner) -> {}))
              .isInstanceOf(NestedWriteException.class);
        });
  }

  // ---- booting

  @Rule(id = "H-2")
  void autoIds_becomeIdentity() {
    HonkerOrm orm = fixture.orm(Ids.Auto.class, Ids.AutoByGetter.class, Ids.AutoUuid.class);

    orm.inTransaction(
        (session, tx) -> {
          Ids.Auto auto = new Ids.Auto();
          Ids.AutoByGetter byGetter = new Ids.AutoByGetter();
          Ids.AutoUuid uuid = new Ids.AutoUuid();
          List.of(auto, byGetter, uuid).forEach(session::persist);
          assertThat(auto.id).isEqualTo(1);
          assertThat(byGetter.getId()).isEqualTo(1);
          assertThat(uuid.id).isNotNull();
          List<String> tables =
              tx.query(
                  "SELECT name FROM sqlite_master WHERE name LIKE '%\\_SEQ' ESCAPE '\\'",
                  row -> row.getString(1));
          assertThat(tables).isEmpty();
        });
  }

  @Rule(id = "H-2")
  void generatorsOfTheApplication_areLeftAlone() {
    HonkerOrm orm = fixture.orm(Ids.Own.class, Ids.OwnAndGenerated.class);

    orm.inTransaction(
        (session, tx) -> {
          Ids.Own own = new Ids.Own();
          Ids.OwnAndGenerated both = new Ids.OwnAndGenerated();
          session.persist(own);
          session.persist(both);
          assertThat(own.id).isEqualTo(4711);
          assertThat(both.id).isEqualTo(4711);
        });
  }

  @Rule(id = "H-2")
  void idsFromATable_areRefusedNamingTheEntities() {
    assertThatThrownBy(() -> fixture.orm(Item.class, Ids.FromTable.class, Ids.FromSequence.class))
        .isInstanceOfSatisfying(
            HonkerConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .anySatisfy(p -> assertThat(p).contains("Ids$FromTable", "TABLE", "IDENTITY"))
                    .anySatisfy(p -> assertThat(p).contains("Ids$FromSequence", "SEQUENCE")));
    assertThatThrownBy(() -> fixture.orm(Ids.ByNamedTable.class))
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("Ids$ByNamedTable");
    assertThatThrownBy(() -> HonkerOrm.over(honker).persistenceUnit("table-ids").build())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("Ids$FromTable");
  }

  @Rule(id = "H-2")
  void persistenceUnit_isBootedByItsName() {
    HonkerOrm orm = fixture.keep(HonkerOrm.over(honker).persistenceUnit("shop").build());

    EntityManager manager = orm.sessionFactory().createEntityManager();
    manager.getTransaction().begin();
    manager.persist(new Item(1, "tea"));
    jobs.enqueue(HonkerOrm.transactionOf(manager), "brew");
    manager.getTransaction().rollback();
    manager.getTransaction().begin();
    manager.persist(new Item(2, "milk"));
    jobs.enqueue(HonkerOrm.transactionOf(manager), "pour");
    manager.close(); // as Jakarta Persistence has it, the transaction goes on
    assertThatThrownBy(() -> HonkerOrm.transactionOf(manager))
        .isInstanceOf(IllegalStateException.class);
    manager.getTransaction().commit();

    assertThat(names(orm)).containsExactly("milk");
    assertThat(jobs.claim()).map(Job::payload).contains("pour");
  }

  @Rule(id = "H-2")
  void persistenceUnit_commitsLikeAnyOther() {
    HonkerOrm orm = fixture.keep(HonkerOrm.over(honker).persistenceUnit("shop").build());

    EntityManager manager = orm.sessionFactory().createEntityManager();
    manager.getTransaction().begin();
    manager.persist(new Item(1, "tea"));
    jobs.enqueue(HonkerOrm.transactionOf(manager), "brew");
    manager.getTransaction().commit();
    manager.close();

    assertThat(names(orm)).containsExactly("tea");
    assertThat(jobs.claim()).isPresent();
  }

  @Rule(id = "H-2")
  void persistenceUnit_thatDoesNotExist_isRefused() {
    assertThatThrownBy(() -> HonkerOrm.over(honker).persistenceUnit("shup").build())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("shup")
        .hasMessageContaining("shop");
    assertThatThrownBy(
            () ->
                HonkerOrm.over(honker).persistenceUnit("shop").annotatedClasses(Item.class).build())
        .isInstanceOf(HonkerConfigurationException.class);
  }

  @Rule(id = "H-2")
  void configurationHook_isCalled() {
    HonkerOrm orm =
        fixture.keep(fixture.over().configure(c -> c.addAnnotatedClass(Item.class)).build());

    assertThat(names(orm)).isEmpty();
  }

  @Rule(id = "H-2")
  void settingsThatCannotWork_areRefused() {
    assertThatThrownBy(
            () ->
                fixture
                    .over(Item.class)
                    .property(AvailableSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT, true)
                    .property(AvailableSettings.CONNECTION_PROVIDER, "other")
                    .build())
        .isInstanceOfSatisfying(
            HonkerConfigurationException.class, e -> assertThat(e.problems()).hasSize(2));
    assertThatThrownBy(
            () ->
                fixture
                    .over(Item.class)
                    .property(
                        AvailableSettings.CONNECTION_HANDLING,
                        "DELAYED_ACQUISITION_AND_RELEASE_BEFORE_TRANSACTION_COMPLETION")
                    .build())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("before the commit");
  }

  @Rule(id = "H-2")
  void otherHandlingModes_keepTheConnectionForTheTransaction() {
    for (String mode :
        List.of(
            "DELAYED_ACQUISITION_AND_RELEASE_AFTER_STATEMENT",
            "DELAYED_ACQUISITION_AND_RELEASE_AFTER_TRANSACTION",
            "IMMEDIATE_ACQUISITION_AND_HOLD")) {
      HonkerOrm orm =
          fixture.keep(
              fixture
                  .over(Item.class)
                  .property(AvailableSettings.CONNECTION_HANDLING, mode)
                  .build());
      orm.inTransaction(
          (session, tx) -> {
            session.createMutationQuery("delete from Item").executeUpdate();
            session.persist(new Item(1, mode));
            jobs.enqueue(tx, mode);
          });
      assertThat(names(orm)).containsExactly(mode);
      assertThat(jobs.claim()).map(Job::payload).contains(mode);
    }
  }

  @Rule(id = "H-2")
  void close_leavesHonkerOpen() {
    HonkerOrm orm = fixture.orm(Item.class);
    orm.close();
    orm.close();

    assertThat(orm.sessionFactory().isClosed()).isTrue();
    assertThat(jobs.enqueue("still there")).isPositive();
  }

  // ---- helpers

  private static List<String> names(HonkerOrm orm) {
    return orm.<List<String>, RuntimeException>readOnly(HonkerOrmTest::names);
  }

  private static List<String> names(Session session) {
    return session
        .createSelectionQuery("select name from Item order by id", String.class)
        .getResultList();
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Future<?> runAside(Step step) {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    Future<?> running =
        executor.submit(
            () -> {
              step.run();
              return null;
            });
    executor.shutdown();
    return running;
  }

  private static void await(Future<?> running) {
    try {
      running.get(90, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
