package io.honker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.StoreSchemaException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of a file: honker's to the letter, ours beside them (rules F-1, F-2, F-4). */
class SqliteSchemaTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("app.db");
  }

  /** Runs statements on a connection of its own. */
  private void run(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Each row as its values joined by bars; null is written as a dash. */
  private List<String> rows(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      ResultSetMetaData meta = rows.getMetaData();
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
          String value = rows.getString(i);
          values.add(value == null ? "-" : value);
        }
        found.add(String.join("|", values));
      }
      return found;
    }
  }

  /** Name, type, not null, default and place in the primary key of each column, in order. */
  private List<String> columns(String table) throws SQLException {
    return rows(
        "SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('" + table + "')");
  }

  private void openAndClose() {
    Honker.open(file).close();
  }

  // ---- F-1: honker's tables

  @Test
  void open_ofNewFile_createsHonkersTablesAndNoOthersOfThatPrefix() throws SQLException {
    openAndClose();

    assertThat(
            rows(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                    + " AND name GLOB '_honker_*' ORDER BY name"))
        .containsExactly(
            "_honker_dead",
            "_honker_live",
            "_honker_locks",
            "_honker_notifications",
            "_honker_rate_limits",
            "_honker_results",
            "_honker_scheduler_tasks",
            "_honker_stream",
            "_honker_stream_consumers");
  }

  @Test
  void notifications_haveHonkersColumns() throws SQLException {
    openAndClose();

    assertThat(columns("_honker_notifications"))
        .containsExactly(
            "id|INTEGER|0|-|1",
            "channel|TEXT|1|-|0",
            "payload|TEXT|1|-|0",
            "created_at|INTEGER|1|unixepoch()|0");
  }

  @Test
  void live_hasHonkersColumns() throws SQLException {
    openAndClose();

    assertThat(columns("_honker_live"))
        .containsExactly(
            "id|INTEGER|0|-|1",
            "queue|TEXT|1|-|0",
            "payload|TEXT|1|-|0",
            "state|TEXT|1|'pending'|0",
            "priority|INTEGER|1|0|0",
            "run_at|INTEGER|1|unixepoch()|0",
            "worker_id|TEXT|0|-|0",
            "claim_expires_at|INTEGER|0|-|0",
            "attempts|INTEGER|1|0|0",
            "max_attempts|INTEGER|1|3|0",
            "created_at|INTEGER|1|unixepoch()|0",
            "expires_at|INTEGER|0|-|0");
  }

  @Test
  void dead_hasHonkersColumns() throws SQLException {
    openAndClose();

    assertThat(columns("_honker_dead"))
        .containsExactly(
            "id|INTEGER|0|-|1",
            "queue|TEXT|1|-|0",
            "payload|TEXT|1|-|0",
            "priority|INTEGER|1|0|0",
            "run_at|INTEGER|1|0|0",
            "attempts|INTEGER|1|0|0",
            "max_attempts|INTEGER|1|0|0",
            "last_error|TEXT|0|-|0",
            "created_at|INTEGER|1|unixepoch()|0",
            "died_at|INTEGER|1|unixepoch()|0");
  }

  @Test
  void smallTables_haveHonkersColumns() throws SQLException {
    openAndClose();

    assertThat(columns("_honker_locks"))
        .containsExactly("name|TEXT|0|-|1", "owner|TEXT|1|-|0", "expires_at|INTEGER|1|-|0");
    assertThat(columns("_honker_rate_limits"))
        .containsExactly("name|TEXT|1|-|1", "window_start|INTEGER|1|-|2", "count|INTEGER|1|0|0");
    assertThat(columns("_honker_results"))
        .containsExactly(
            "job_id|INTEGER|0|-|1",
            "value|TEXT|0|-|0",
            "created_at|INTEGER|1|unixepoch()|0",
            "expires_at|INTEGER|0|-|0");
    assertThat(columns("_honker_stream"))
        .containsExactly(
            "offset|INTEGER|0|-|1",
            "topic|TEXT|1|-|0",
            "key|TEXT|0|-|0",
            "payload|TEXT|1|-|0",
            "created_at|INTEGER|1|unixepoch()|0");
    assertThat(columns("_honker_stream_consumers"))
        .containsExactly("name|TEXT|1|-|1", "topic|TEXT|1|-|2", "offset|INTEGER|1|0|0");
  }

  @Test
  void schedulerTasks_haveHonkersColumns() throws SQLException {
    openAndClose();

    assertThat(columns("_honker_scheduler_tasks"))
        .containsExactly(
            "name|TEXT|0|-|1",
            "queue|TEXT|1|-|0",
            "cron_expr|TEXT|1|-|0",
            "payload|TEXT|1|-|0",
            "priority|INTEGER|1|0|0",
            "expires_s|INTEGER|0|-|0",
            "next_fire_at|INTEGER|1|-|0",
            "enabled|INTEGER|1|1|0",
            "max_attempts|INTEGER|1|3|0");
  }

  @Test
  void autoincrement_isWhereHonkerHasIt() throws SQLException {
    openAndClose();

    assertThat(
            rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE"
                    + " '%autoincrement%' ORDER BY name"))
        .containsExactly("_honker_live", "_honker_notifications", "_honker_stream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_honker_live", "_honker_dead", "_honker_locks", "_honker_results"})
  void sharedTables_areOrdinaryRowidTablesWithoutTriggersOrChecks(String table)
      throws SQLException {
    openAndClose();

    assertThat(rows("SELECT type, wr, strict FROM pragma_table_list WHERE name = '" + table + "'"))
        .containsExactly("table|0|0");
    assertThat(rows("SELECT * FROM pragma_foreign_key_list('" + table + "')")).isEmpty();
    assertThat(rows("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")).isEmpty();
    assertThat(
            rows("SELECT 1 FROM sqlite_master WHERE name GLOB '_honker_*' AND sql LIKE '%CHECK%'"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "_honker_notifications_recent; channel 0,id 0; -",
        "_honker_live_claim; queue 0,priority 1,run_at 0,id 0; state IN ('pending', 'processing')",
        "_honker_live_pending_deadline; queue 0,run_at 0; state = 'pending'",
        "_honker_live_processing_deadline; queue 0,claim_expires_at 0; state = 'processing'",
        "_honker_stream_topic; topic 0,offset 0; -"
      })
  void indexes_areHonkers(String index, String columns, String predicate) throws SQLException {
    openAndClose();

    assertThat(
            rows(
                "SELECT group_concat(name || ' ' || \"desc\") FROM (SELECT name, \"desc\""
                    + " FROM pragma_index_xinfo('"
                    + index
                    + "') WHERE key = 1 ORDER BY seqno)"))
        .containsExactly(columns);
    assertThat(
            rows(
                "SELECT CASE WHEN instr(sql, 'WHERE ') = 0 THEN '-' ELSE"
                    + " substr(sql, instr(sql, 'WHERE ') + 6) END FROM sqlite_master WHERE name = '"
                    + index
                    + "'"))
        .containsExactly(predicate);
  }

  @Test
  void open_ofNewFile_leavesApplicationIdAndUserVersionAlone() throws SQLException {
    openAndClose();

    assertThat(rows("PRAGMA application_id")).containsExactly("0");
    assertThat(rows("PRAGMA user_version")).containsExactly("0");
  }

  @Test
  void open_ofCompleteFile_writesNothing() throws SQLException {
    openAndClose();
    List<String> before = rows("PRAGMA schema_version");

    openAndClose();

    assertThat(rows("PRAGMA schema_version")).isEqualTo(before);
  }

  // ---- F-2: older files

  @ParameterizedTest
  @CsvSource({
    "'',8",
    "', enabled INTEGER NOT NULL DEFAULT 1',9",
    "', max_attempts INTEGER NOT NULL DEFAULT 3',9"
  })
  void open_ofFileWithOlderScheduler_addsWhatIsMissing(String has, int ignored)
      throws SQLException {
    run(
        "CREATE TABLE _honker_scheduler_tasks(name TEXT PRIMARY KEY, queue TEXT NOT NULL,"
            + " cron_expr TEXT NOT NULL, payload TEXT NOT NULL, priority INTEGER NOT NULL DEFAULT"
            + " 0, expires_s INTEGER, next_fire_at INTEGER NOT NULL"
            + has
            + ")",
        "INSERT INTO _honker_scheduler_tasks(name, queue, cron_expr, payload, next_fire_at)"
            + " VALUES ('nightly', 'jobs', '0 3 * * *', '{}', 7)");

    openAndClose();

    assertThat(
            rows("SELECT name, next_fire_at, enabled, max_attempts FROM _honker_scheduler_tasks"))
        .containsExactly("nightly|7|1|3");
    assertThat(columns("_honker_scheduler_tasks"))
        .hasSize(9)
        .contains("enabled|INTEGER|1|1|0", "max_attempts|INTEGER|1|3|0");
  }

  @Test
  void open_ofCompleteFileWhoseSchedulerIsOld_upgradesItAgain() throws SQLException {
    openAndClose();
    run("ALTER TABLE _honker_scheduler_tasks DROP COLUMN max_attempts");

    openAndClose();

    assertThat(columns("_honker_scheduler_tasks")).contains("max_attempts|INTEGER|1|3|0");
  }

  @Test
  void open_ofFileWithRelics_leavesThemAlone() throws SQLException {
    run(
        "CREATE TABLE _honker_scheduler_state(name TEXT PRIMARY KEY, last_fire_at INTEGER)",
        "INSERT INTO _honker_scheduler_state VALUES ('nightly', 7)",
        "CREATE TABLE _honker_pending(id INTEGER PRIMARY KEY)",
        "INSERT INTO _honker_pending VALUES (1)",
        "CREATE TABLE _joblite_live(id INTEGER PRIMARY KEY)");

    openAndClose();

    assertThat(rows("SELECT * FROM _honker_scheduler_state")).containsExactly("nightly|7");
    assertThat(rows("SELECT * FROM _honker_pending")).containsExactly("1");
    assertThat(rows("SELECT count(*) FROM _joblite_live")).containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_honkerj_live_ready", "_honkerj_live_expiry", "_honkerj_dead_queue"})
  void open_whenAnIndexOfOursIsMissing_makesItAgain(String index) throws SQLException {
    openAndClose();
    run("DROP INDEX " + index);

    openAndClose();

    assertThat(rows("SELECT name FROM sqlite_master WHERE name = '" + index + "'"))
        .containsExactly(index);
  }

  @Test
  void open_whenAnIndexIsMissingBesideForeignObjects_makesItAgain() throws SQLException {
    run(
        "CREATE TABLE _honker_scheduler_state(name TEXT PRIMARY KEY, last_fire_at INTEGER)",
        "CREATE TABLE _honker_pending(id INTEGER PRIMARY KEY)");
    openAndClose();
    run("DROP INDEX _honkerj_live_ready");

    openAndClose();

    assertThat(rows("SELECT name FROM sqlite_master WHERE name = '_honkerj_live_ready'"))
        .containsExactly("_honkerj_live_ready");
  }

  @Test
  void open_ofFileWithRowsOfHonker_keepsThem() throws SQLException {
    openAndClose();
    run(
        "DROP TABLE _honkerj_meta",
        "DROP INDEX _honkerj_live_ready",
        "INSERT INTO _honker_live(queue, payload) VALUES ('jobs', '\"brew\"')");

    try (Honker honker = Honker.open(file)) {
      assertThat(honker.queue("jobs", String.class).claim().orElseThrow().payload())
          .isEqualTo("brew");
    }
  }

  // ---- F-4: our tables

  @Test
  void meta_holdsVersionAndIdentity() throws SQLException {
    String id;
    try (Honker honker = Honker.open(file)) {
      id = honker.info().databaseId();
    }

    assertThat(rows("SELECT key, value FROM _honkerj_meta ORDER BY key"))
        .contains("database_id|" + id, "schema_version|1");
  }

  @Test
  void everythingOfOurs_hasOurPrefix() throws SQLException {
    openAndClose();

    assertThat(
            rows(
                "SELECT name FROM sqlite_master WHERE name NOT GLOB '_honker_*'"
                    + " AND name NOT GLOB '_honkerj_*' AND name NOT GLOB 'sqlite_*'"))
        .isEmpty();
  }

  @Test
  void open_ofNewerSchema_namesBothVersionsAndChangesNothing() throws SQLException {
    openAndClose();
    run("UPDATE _honkerj_meta SET value = '99' WHERE key = 'schema_version'");
    List<String> before = rows("SELECT name FROM sqlite_master ORDER BY name");

    assertThatThrownBy(() -> Honker.open(file))
        .isInstanceOfSatisfying(
            StoreSchemaException.class,
            refusal -> assertThat(refusal.code()).isEqualTo("HNK-STORE-SCHEMA"))
        .hasMessageContaining("schema version is 99")
        .hasMessageContaining("knows 1")
        .hasMessageContaining("upgrade the library");

    assertThat(rows("SELECT name FROM sqlite_master ORDER BY name")).isEqualTo(before);
    assertThat(rows("SELECT value FROM _honkerj_meta WHERE key = 'schema_version'"))
        .containsExactly("99");
  }

  @Test
  void open_ofFileWithPlantedNewerMetaOnly_isRefusedBeforeAnythingIsCreated() throws SQLException {
    run(
        "CREATE TABLE _honkerj_meta(key TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "INSERT INTO _honkerj_meta VALUES ('schema_version', '99')");

    assertThatThrownBy(() -> Honker.open(file)).isInstanceOf(StoreSchemaException.class);

    assertThat(rows("SELECT name FROM sqlite_master WHERE type = 'table'"))
        .containsExactly("_honkerj_meta");
  }

  @ParameterizedTest
  @ValueSource(strings = {"two", "", "99999999999"})
  void open_ofUnreadableSchemaVersion_isRefused(String version) throws SQLException {
    openAndClose();
    run("UPDATE _honkerj_meta SET value = '" + version + "' WHERE key = 'schema_version'");

    assertThatThrownBy(() -> Honker.open(file)).isInstanceOf(StoreSchemaException.class);
  }
}
