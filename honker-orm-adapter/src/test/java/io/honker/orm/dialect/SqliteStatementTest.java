package io.honker.orm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.orm.HonkerOrm;
import io.honker.orm.dialect.Shelf.Cup;
import io.honker.orm.dialect.Shelf.Note;
import io.honker.orm.dialect.Shelf.Stock;
import io.honker.orm.dialect.Shelf.Versioned;
import io.honker.tck.Rule;
import jakarta.persistence.LockModeType;
import jakarta.persistence.OptimisticLockException;
import java.nio.file.Path;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-4: what SQLite's INSERT can, keys without a second query, and honest locks. */
class SqliteStatementTest {

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void prepare() {
    bench =
        new Bench(
            folder,
            Stock.class,
            Versioned.class,
            Cup.class,
            Note.class,
            Shelf.Book.class,
            Shelf.Author.class);
  }

  private static int execute(SessionFactory factory, String hql) {
    return factory.fromTransaction(session -> session.createMutationQuery(hql).executeUpdate());
  }

  private static List<String> stock(SessionFactory factory) {
    return factory.fromTransaction(
        session ->
            session
                .createSelectionQuery(
                    "select name || ' ' || str(quantity) from Stock order by id", String.class)
                .list());
  }

  @Rule(id = "H-4")
  void insertOnConflict_doUpdate() throws Exception {
    bench.assertRedOnStock(
        "is not supported",
        factory -> {
          String upsert =
              "insert into Stock as s (id, name, quantity) values (1, 'tea', 5)"
                  + " on conflict (id) do update set quantity = s.quantity + excluded.quantity";
          assertThat(execute(factory, upsert)).isEqualTo(1);
          assertThat(execute(factory, upsert)).isEqualTo(1);
          assertThat(stock(factory)).containsExactly("tea 10");
        });
  }

  @Rule(id = "H-4")
  void insertOnConflict_doUpdateWhere() throws Exception {
    bench.assertRedOnStock(
        "is not supported",
        factory -> {
          String upsert =
              "insert into Stock as s (id, name, quantity) values (1, 'tea', 5)"
                  + " on conflict (id) do update set quantity = excluded.quantity"
                  + " where s.quantity < excluded.quantity";
          assertThat(execute(factory, upsert)).isEqualTo(1);
          assertThat(execute(factory, upsert)).isZero();
        });
  }

  @Rule(id = "H-4")
  void insertOnConflict_doNothing() throws Exception {
    bench.assertRedOnStock(
        "is not supported",
        factory -> {
          String insert =
              "insert into Stock (id, name, quantity) values (1, 'tea', 5), (2, 'jam', 6)"
                  + " on conflict (id) do nothing";
          assertThat(execute(factory, insert)).isEqualTo(2);
          assertThat(execute(factory, insert)).isZero();
          assertThat(stock(factory)).containsExactly("tea 5", "jam 6");
        });
  }

  @Rule(id = "H-4")
  void insertSelectOnConflict_doNothing() throws Exception {
    bench.assertRedOnStock(
        "more than one row",
        factory -> {
          execute(
              factory,
              "insert into Stock (id, name, quantity) values (1, 'tea', 5), (2, 'jam', 6)");
          // Hibernate 7.4.1 itself fails to translate a conflict clause with columns after a select
          assertThat(
                  execute(
                      factory,
                      "insert into Stock (id, name, quantity)"
                          + " select s.id + 1, s.name, s.quantity * 2 from Stock s"
                          + " on conflict do nothing"))
              .isEqualTo(1);
          assertThat(stock(factory)).containsExactly("tea 5", "jam 6", "jam 12");
        });
  }

  @Rule(id = "H-4")
  void upsert_isOneStatement() throws Exception {
    bench.assertRedOnStock(
        "Expected size: 1 but was: 2",
        factory -> {
          factory.inStatelessTransaction(session -> session.upsert(new Stock(1, "tea", 5)));
          assertThat(
                  bench.sql.stream()
                      .filter(sql -> sql.contains("Stock") && !sql.contains("create")))
              .hasSize(1);
          factory.inStatelessTransaction(session -> session.upsert(new Stock(1, "tea", 7)));
          assertThat(stock(factory)).containsExactly("tea 7");
        });
  }

  @Rule(id = "H-4")
  void upsert_checksTheVersion() throws Exception {
    bench.assertRedOnStock(
        "PRIMARY KEY constraint failed",
        factory -> {
          Versioned first = new Versioned(1, "one", 0);
          factory.inStatelessTransaction(session -> session.upsert(first));
          Versioned stored = factory.fromSession(s -> s.find(Versioned.class, 1L));
          Versioned second = new Versioned(1, "two", stored.version);
          factory.inStatelessTransaction(session -> session.upsert(second));
          assertThat(factory.<Versioned>fromSession(s -> s.find(Versioned.class, 1L)).name)
              .isEqualTo("two");
          assertThatThrownBy(
                  () ->
                      factory.inStatelessTransaction(
                          session -> session.upsert(new Versioned(1, "stale", stored.version))))
              .isInstanceOfAny(
                  org.hibernate.StaleStateException.class, OptimisticLockException.class);
          assertThat(factory.<Versioned>fromSession(s -> s.find(Versioned.class, 1L)).name)
              .isEqualTo("two");
        });
  }

  @Rule(id = "H-4")
  void secondaryTable_hasARowWhileThereIsSomethingInIt() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          Cup cup = new Cup();
          factory.inTransaction(session -> session.persist(cup));
          assertThat(saucers(factory)).isEmpty();
          for (String saucer : new String[] {"white", "blue", null, "red"}) {
            factory.inTransaction(session -> session.find(Cup.class, 0L).saucer = saucer);
            assertThat(saucers(factory)).isEqualTo(saucer == null ? List.of() : List.of(saucer));
            assertThat(factory.<Cup>fromSession(session -> session.find(Cup.class, 0L)).saucer)
                .isEqualTo(saucer);
          }
        });
  }

  private static List<String> saucers(SessionFactory factory) {
    return factory.fromTransaction(
        session -> session.createNativeQuery("select saucer from Saucer", String.class).list());
  }

  @Rule(id = "H-4")
  void identity_needsNoSecondQuery() throws Exception {
    bench.assertRedOnStock(
        "last_insert_rowid",
        factory -> {
          bench.sql.clear();
          Note note = new Note();
          factory.inTransaction(session -> session.persist(note));
          assertThat(note.id).isEqualTo(1);
          assertThat(bench.sql).hasSize(1).noneMatch(sql -> sql.contains("last_insert_rowid"));
        });
  }

  @Rule(id = "H-4")
  void pessimisticLock_withoutWriterTransactions_isRefused() throws Exception {
    bench.assertRedOnStock(
        "Expecting code to raise a throwable",
        factory -> {
          if (factory.getProperties().get(HonkerSqliteDialect.WRITER_TRANSACTIONS) != null) {
            return; // HonkerOrm's transactions have the writer, see below
          }
          execute(factory, "insert into Stock (id, name, quantity) values (1, 'tea', 5)");
          assertThatThrownBy(
                  () ->
                      factory.inTransaction(
                          s -> s.find(Stock.class, 1L, LockModeType.PESSIMISTIC_WRITE)))
              .hasStackTraceContaining("SQLite locks no rows");
          assertThatThrownBy(
                  () ->
                      factory.inTransaction(
                          s -> s.lock(s.find(Stock.class, 1L), LockModeType.PESSIMISTIC_READ)))
              .hasStackTraceContaining("SQLite locks no rows");
          assertThatThrownBy(
                  () ->
                      factory.inTransaction(
                          s ->
                              s.createQuery("from Stock", Stock.class)
                                  .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                                  .getResultList()))
              .hasStackTraceContaining("SQLite locks no rows");
        });
  }

  @Rule(id = "H-4")
  void pessimisticLock_onHonkersConnections_isHeld() throws Exception {
    try (Honker honker = Honker.open(folder.resolve("locks.db"));
        HonkerOrm orm =
            HonkerOrm.over(honker)
                .annotatedClasses(Stock.class)
                .property(AvailableSettings.HBM2DDL_AUTO, "create")
                .build()) {
      orm.inTransaction((session, tx) -> session.persist(new Stock(1, "tea", 5)));
      orm.inTransaction(
          (session, tx) -> {
            assertThat(session.find(Stock.class, 1L, LockModeType.PESSIMISTIC_WRITE)).isNotNull();
            try (java.sql.Connection other =
                    java.sql.DriverManager.getConnection(
                        "jdbc:sqlite:" + folder.resolve("locks.db"));
                java.sql.Statement statement = other.createStatement()) {
              statement.execute("pragma busy_timeout = 0");
              assertThatThrownBy(() -> statement.execute("update Stock set quantity = 6"))
                  .hasMessageContaining("SQLITE_BUSY");
            }
          });
    }
  }
}
