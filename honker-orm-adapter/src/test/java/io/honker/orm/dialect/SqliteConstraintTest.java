package io.honker.orm.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.orm.HonkerOrm;
import io.honker.orm.dialect.Shelf.Amount;
import io.honker.orm.dialect.Shelf.Author;
import io.honker.orm.dialect.Shelf.Book;
import io.honker.orm.dialect.Shelf.Note;
import io.honker.tck.Rule;
import jakarta.persistence.PessimisticLockException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.ConstraintViolationException.ConstraintKind;
import org.hibernate.exception.LockAcquisitionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-4: constraints are created, and violations are told apart and named. */
class SqliteConstraintTest {

  @TempDir Path folder;
  private Bench bench;

  @BeforeEach
  void prepare() {
    bench = new Bench(folder, Author.class, Book.class, Note.class);
  }

  private static void shelve(SessionFactory factory) {
    factory.inTransaction(
        session -> {
          Book book = new Book(1, new Author(1, "Ada"), "Notes");
          session.persist(book);
          session.persist(new Note(book));
        });
  }

  private static void assertViolation(ThrowingCallable call, ConstraintKind kind, String name) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConstraintViolationException.class,
            e -> {
              assertThat(e.getKind()).isEqualTo(kind);
              assertThat(e.getConstraintName()).isEqualToIgnoringCase(name);
            });
  }

  private static void execute(SessionFactory factory, String sql) {
    factory.inTransaction(session -> session.createNativeMutationQuery(sql).executeUpdate());
  }

  @Rule(id = "H-4")
  void compositeUniqueConstraint_isCreatedAndNamed() throws Exception {
    bench.assertRedOnStock(
        "Expecting code to raise a throwable",
        factory -> {
          shelve(factory);
          assertViolation(
              () ->
                  factory.inTransaction(
                      session -> {
                        Author ada = session.find(Author.class, 1L);
                        session.persist(new Book(2, ada, "Notes"));
                      }),
              ConstraintKind.UNIQUE,
              "one_title");
        });
  }

  @Rule(id = "H-4")
  void uniqueColumn_violated_isAConstraintViolation() throws Exception {
    bench.assertRedOnStock(
        "GenericJDBCException",
        factory -> {
          shelve(factory);
          assertThatThrownBy(
                  () -> factory.inTransaction(session -> session.persist(new Author(2, "Ada"))))
              .isInstanceOfSatisfying(
                  ConstraintViolationException.class,
                  e -> {
                    assertThat(e.getKind()).isEqualTo(ConstraintKind.UNIQUE);
                    assertThat(e.getConstraintName()).startsWithIgnoringCase("UK");
                  });
        });
  }

  @Rule(id = "H-4")
  void primaryKey_violated_isAUniqueViolation() throws Exception {
    bench.assertRedOnStock(
        "GenericJDBCException",
        factory -> {
          shelve(factory);
          assertThatThrownBy(
                  () -> factory.inTransaction(session -> session.persist(new Author(1, "Bob"))))
              .isInstanceOfSatisfying(
                  ConstraintViolationException.class,
                  e -> {
                    assertThat(e.getKind()).isEqualTo(ConstraintKind.UNIQUE);
                    assertThat(e.getConstraintName()).isNotBlank();
                  });
        });
  }

  @Rule(id = "H-4")
  void foreignKey_isCreatedAndNamed() throws Exception {
    bench.assertRedOnStock(
        "Expecting code to raise a throwable",
        factory -> {
          shelve(factory);
          assertViolation(
              () -> execute(factory, "delete from Author"),
              ConstraintKind.FOREIGN_KEY,
              "book_author");
        });
  }

  @Rule(id = "H-4")
  void foreignKey_ofAnInsert_isNamed() throws Exception {
    bench.assertRedOnStock(
        "Expecting code to raise a throwable",
        factory ->
            assertViolation(
                () ->
                    execute(
                        factory,
                        "insert into Book(id, author_id, title, pages) values (1, 99, 'x', 1)"),
                ConstraintKind.FOREIGN_KEY,
                "book_author"));
  }

  @Rule(id = "H-4")
  void onDeleteCascade_deletes() throws Exception {
    bench.assertRedOnStock(
        "Expecting",
        factory -> {
          shelve(factory);
          execute(factory, "delete from Book");
          factory.inTransaction(
              session ->
                  assertThat(session.createSelectionQuery("from Note", Note.class).list())
                      .isEmpty());
        });
  }

  @Rule(id = "H-4")
  void notNull_violated_namesTheColumn() throws Exception {
    bench.assertRedOnStock(
        "GenericJDBCException",
        factory ->
            assertViolation(
                () -> execute(factory, "insert into Author(id, name) values (1, null)"),
                ConstraintKind.NOT_NULL,
                "name"));
  }

  @Rule(id = "H-4")
  void check_violated_namesTheConstraint() throws Exception {
    bench.assertRedOnStock(
        "GenericJDBCException",
        factory ->
            assertViolation(
                () -> execute(factory, "insert into Book(id, title, pages) values (1, 'x', 0)"),
                ConstraintKind.CHECK,
                "pages_positive"));
  }

  @Rule(id = "H-4")
  void violationInABatch_isToldTheSame() throws Exception {
    bench.assertRedOnStock(
        "GenericJDBCException",
        factory -> {
          shelve(factory);
          assertThatThrownBy(
                  () ->
                      factory.inTransaction(
                          session -> {
                            session.setJdbcBatchSize(10);
                            session.persist(new Author(2, "Bob"));
                            session.persist(new Author(3, "Ada"));
                          }))
              .isInstanceOfSatisfying(
                  ConstraintViolationException.class,
                  e -> assertThat(e.getKind()).isEqualTo(ConstraintKind.UNIQUE));
        });
  }

  @Rule(id = "H-4")
  void trigger_thatRefuses_isAViolationOfNoName() throws Exception {
    bench.assertRedOnStock(
        "GenericJDBCException",
        factory -> {
          execute(
              factory,
              "create trigger no_bob before insert on Author when new.name = 'Bob'"
                  + " begin select raise(abort, 'no Bob'); end");
          assertViolationOfNoName(
              () -> factory.inTransaction(session -> session.persist(new Author(2, "Bob"))));
        });
  }

  private static void assertViolationOfNoName(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ConstraintViolationException.class,
            e -> {
              assertThat(e.getKind()).isEqualTo(ConstraintKind.OTHER);
              assertThat(e.getConstraintName()).isNull();
              assertThat(e).hasMessageContaining("no Bob");
            });
  }

  @Rule(id = "H-4")
  void schema_isDroppedWithRowsInIt() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          shelve(factory);
          factory.getSchemaManager().drop(false);
          factory.getSchemaManager().create(false);
          factory.inTransaction(
              session ->
                  assertThat(session.createSelectionQuery("from Author", Author.class).list())
                      .isEmpty());
        });
  }

  @Rule(id = "H-4")
  void updatedSchema_hasTheConstraintsOnce_andPassesValidation() {
    Class<?>[] classes = {Author.class, Book.class, Note.class, Shelf.Moment.class, Amount.class};
    try (Honker honker = Honker.open(folder.resolve("update.db"))) {
      for (String mode : List.of("update", "update", "validate")) {
        try (HonkerOrm orm =
            HonkerOrm.over(honker)
                .annotatedClasses(classes)
                .property(AvailableSettings.HBM2DDL_AUTO, mode)
                .build()) {
          assertThat(orm.sessionFactory().isOpen()).isTrue();
          if (mode.equals("validate")) {
            SessionFactory factory = orm.sessionFactory();
            shelve(factory);
            assertViolation(
                () ->
                    execute(
                        factory,
                        "insert into Book(id, author_id, title, pages) values (2, 1, 'Notes', 1)"),
                ConstraintKind.UNIQUE,
                "one_title");
            assertViolation(
                () -> execute(factory, "delete from Author"),
                ConstraintKind.FOREIGN_KEY,
                "book_author");
          }
        }
      }
      List<String> indexes =
          honker.fromTransaction(
              tx ->
                  tx.query(
                      "SELECT name FROM pragma_index_list('Book') WHERE origin <> 'pk'",
                      row -> row.getString(1)));
      assertThat(indexes).containsExactly("one_title");
    }
  }

  @Rule(id = "H-4")
  void createdSchema_passesValidation() throws Exception {
    bench.assertRedOnStock("wrong column type", factory -> factory.getSchemaManager().validate());
  }

  @Rule(id = "H-4")
  void lockedFile_isALockException() throws Exception {
    bench.assertRightAsStock(
        factory -> {
          shelve(factory);
          if (factory.getProperties().get(HonkerSqliteDialect.WRITER_TRANSACTIONS) != null) {
            return; // honker waits for others, see rule T-9
          }
          String file =
              factory.fromSession(
                  session ->
                      session
                          .createNativeQuery(
                              "select file from pragma_database_list where name = 'main'",
                              String.class)
                          .getSingleResult());
          try (Connection other = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
              Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            assertThatThrownBy(
                    () -> factory.inTransaction(session -> session.persist(new Author(5, "E"))))
                .isInstanceOf(PessimisticLockException.class)
                .hasCauseInstanceOf(LockAcquisitionException.class);
          }
        });
  }
}
