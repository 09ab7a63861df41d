package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.honker.Honker;
import io.honker.error.HonkerConfigurationException;
import io.honker.error.StoreSchemaException;
import io.honker.error.StoreUnavailableException;
import io.honker.tck.NoSurvivingThreads;
import io.honker.tck.Rule;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What opening a file does and refuses (rules F-1 to F-4, F-7, F-8). */
@ExtendWith(NoSurvivingThreads.class)
class SqliteFileTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("app.db");
  }

  private void execute(String... statements) throws SQLException {
    try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = raw.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }

  private List<String> raw(String sql) throws SQLException {
    try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      return texts(raw, sql);
    }
  }

  private static List<String> pragma(Honker honker, String name) {
    return honker.read(connection -> texts(connection, "PRAGMA " + name));
  }

  private static String writerPragma(Honker honker, String name) {
    return honker.fromTransaction(tx -> tx.query("PRAGMA " + name, row -> row.getString(1)).get(0));
  }

  // F-1, F-2: schema

  @Rule(id = "F-1")
  void open_ofNewFile_createsTheSharedIndexes() throws SQLException {
    Honker.open(file).close();

    assertThat(raw("SELECT name FROM sqlite_master WHERE type = 'index'"))
        .contains(
            "_honker_notifications_recent",
            "_honker_live_claim",
            "_honker_live_pending_deadline",
            "_honker_live_processing_deadline",
            "_honker_stream_topic");
  }

  @Rule(id = "F-1")
  void open_again_changesNothingInTheFile() throws SQLException {
    Honker.open(file).close();
    List<String> before = raw("PRAGMA schema_version");

    Honker.open(file).close();

    assertThat(raw("PRAGMA schema_version")).isEqualTo(before);
  }

  @Rule(id = "F-1")
  void open_ofFileWithOtherTables_leavesThemAlone() throws SQLException {
    execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, note TEXT)", "PRAGMA user_version = 7");
    execute("INSERT INTO orders(note) VALUES ('tea')");

    Honker.open(file).close();

    assertThat(raw("SELECT note FROM orders")).containsExactly("tea");
    assertThat(raw("PRAGMA user_version")).containsExactly("7");
    assertThat(raw("PRAGMA application_id")).containsExactly("0");
  }

  @Rule(id = "F-2")
  void open_ofOlderFile_addsTheMissingSchedulerColumns() throws SQLException {
    execute(
        "CREATE TABLE _honker_scheduler_tasks (name TEXT PRIMARY KEY, queue TEXT NOT NULL,"
            + " cron_expr TEXT NOT NULL, payload TEXT NOT NULL, priority INTEGER NOT NULL DEFAULT"
            + " 0, expires_s INTEGER, next_fire_at INTEGER NOT NULL)",
        "INSERT INTO _honker_scheduler_tasks(name, queue, cron_expr, payload, next_fire_at)"
            + " VALUES ('nightly', 'jobs', '0 3 * * *', 'null', 1)");

    Honker.open(file).close();

    assertThat(
            raw(
                "SELECT name || enabled || max_attempts FROM _honker_scheduler_tasks"
                    + " WHERE next_fire_at = 1"))
        .containsExactly("nightly13");
  }

  @Rule(id = "F-2")
  void open_ofFileWithRelics_leavesThemAlone() throws SQLException {
    execute(
        "CREATE TABLE _honker_pending(id INTEGER PRIMARY KEY, payload TEXT)",
        "INSERT INTO _honker_pending(payload) VALUES ('kept')",
        "CREATE TABLE _honker_scheduler_state(name TEXT PRIMARY KEY, last_fire_at INTEGER)");

    Honker.open(file).close();

    assertThat(raw("SELECT payload FROM _honker_pending")).containsExactly("kept");
    assertThat(raw("SELECT count(*) FROM _honker_scheduler_state")).containsExactly("0");
    assertThat(raw("SELECT count(*) FROM _honkerj_attempts")).containsExactly("0");
  }

  // F-3: pragmas

  @Rule(id = "F-3")
  void open_byDefault_setsThePragmas() {
    try (Honker honker = Honker.open(file)) {
      assertThat(writerPragma(honker, "journal_mode")).isEqualTo("wal");
      assertThat(writerPragma(honker, "synchronous")).isEqualTo("1");
      assertThat(writerPragma(honker, "foreign_keys")).isEqualTo("1");
      assertThat(writerPragma(honker, "cache_size")).isEqualTo("-32000");
      assertThat(writerPragma(honker, "temp_store")).isEqualTo("2");
      assertThat(writerPragma(honker, "wal_autocheckpoint")).isEqualTo("10000");
      assertThat(writerPragma(honker, "mmap_size")).isEqualTo("0");
      assertThat(pragma(honker, "query_only")).containsExactly("1");
    }
  }

  @Rule(id = "F-3")
  void open_withOptions_setsThem() {
    try (Honker honker =
        Honker.builder(file.toString())
            .storeOption("synchronous", "FULL")
            .storeOption("walAutocheckpoint", "0")
            .open()) {
      assertThat(writerPragma(honker, "synchronous")).isEqualTo("2");
      assertThat(writerPragma(honker, "wal_autocheckpoint")).isEqualTo("0");
    }
  }

  @Rule(id = "F-3")
  void open_withWrongOptions_namesAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                Honker.builder(file.toString())
                    .storeOption("synchronous", "sometimes")
                    .storeOption("readers", "0")
                    .storeOption("colour", "blue")
                    .open())
        .isInstanceOfSatisfying(
            HonkerConfigurationException.class, wrong -> assertThat(wrong.problems()).hasSize(3));
    assertThat(file).doesNotExist();
  }

  // F-4: our own tables

  @Rule(id = "F-4")
  void open_ofFileWrittenByANewerVersion_isRefusedNamingBoth() throws SQLException {
    Honker.open(file).close();
    execute("UPDATE _honkerj_meta SET value = '99' WHERE key = 'schema_version'");

    assertThatThrownBy(() -> Honker.open(file))
        .isInstanceOf(StoreSchemaException.class)
        .hasMessageContainingAll("99", "1");
  }

  @Rule(id = "F-4")
  void open_ofFileUsedByHonkerOnly_keepsItsJobs() throws SQLException {
    Honker.open(file).close();
    execute(
        "DROP TABLE _honkerj_meta",
        "DROP TABLE _honkerj_attempts",
        "INSERT INTO _honker_live(queue, payload) VALUES ('jobs', '\"kept\"')");

    try (Honker honker = Honker.open(file)) {
      assertThat(honker.queue("jobs", String.class).claim().orElseThrow().payload())
          .isEqualTo("kept");
    }
  }

  // F-7: what cannot be opened

  @Rule(id = "F-7")
  void open_ofWhatCannotBeOpened_saysWhy() throws IOException {
    Path garbage = Files.writeString(folder.resolve("garbage.db"), "no database ".repeat(500));
    for (String location :
        List.of(
            ":memory:",
            "jdbc:sqlite::memory:",
            folder.toString(),
            folder.resolve("missing/app.db").toString(),
            garbage.toString())) {
      assertThatThrownBy(() -> Honker.open(location))
          .as(location)
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining(location.replace("jdbc:sqlite:", ""));
    }
    assertThat(Files.readString(garbage)).startsWith("no database");
  }

  @Rule(id = "F-7")
  void open_ofReadOnlyFile_isRefused() throws IOException {
    Files.createFile(file);
    assertThat(file.toFile().setWritable(false)).isTrue();
    assumeTrue(!Files.isWritable(file), "this user may write everything");

    assertThatThrownBy(() -> Honker.open(file)).isInstanceOf(StoreUnavailableException.class);
  }

  @Rule(id = "F-7")
  void open_ofNewFile_makesItReadableByItsOwnerOnly() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));

    Honker.open(file).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Rule(id = "F-7")
  void open_afterAFailure_works() throws IOException {
    Files.writeString(file, "no database ".repeat(500));
    assertThatThrownBy(() -> Honker.open(file)).isInstanceOf(StoreUnavailableException.class);
    Files.delete(file);

    Honker.open(file).close();

    assertThat(file).exists();
  }

  // F-8: one runtime per file

  @Rule(id = "F-8")
  void open_ofAnOpenFile_sharesTheRuntimeUntilTheLastClose() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), file);
    Honker first = Honker.open(file);
    Honker second = Honker.open("jdbc:sqlite:" + link);
    long id = first.queue("jobs", String.class).enqueue("brew");

    first.close();
    first.close();

    assertThat(second.queue("jobs", String.class).find(id)).isPresent();
    assertThatThrownBy(() -> first.queues()).isInstanceOf(IllegalStateException.class);
    second.close();
    assertThatThrownBy(() -> second.queues()).isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "F-8")
  void open_ofAnOpenFileWithOtherOptions_isRefusedNamingThem() {
    try (Honker first = Honker.open(file)) {
      assertThatThrownBy(
              () ->
                  Honker.builder(file.toString())
                      .storeOption("synchronous", "FULL")
                      .maxPayloadBytes(7)
                      .open())
          .isInstanceOf(HonkerConfigurationException.class)
          .hasMessageContainingAll("synchronous", "maxPayloadBytes");
      assertThat(first.queues()).isEmpty();
    }
  }

  @Rule(id = "F-8")
  void open_afterTheLastClose_mayHaveOtherOptions() {
    Honker.open(file).close();

    try (Honker second =
        Honker.builder(file.toString()).storeOption("synchronous", "FULL").open()) {
      assertThat(writerPragma(second, "synchronous")).isEqualTo("2");
    }
  }
}
