package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.cli.CommandRun.Result;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants a problem of each kind and sees it named. */
class DoctorCommandTest {

  private static final String ROWS =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeDatabase() {
    file = TestDatabase.create(folder);
  }

  private Result examine(Object... options) throws Exception {
    Object[] arguments = new Object[options.length + 2];
    arguments[0] = "doctor";
    arguments[1] = file;
    System.arraycopy(options, 0, arguments, 2, options.length);
    return run(arguments);
  }

  /** Runs the doctor and sees that it names this and ends accordingly. */
  private String finds(int code, String severity, String id) throws Exception {
    Result result = examine("--json");
    assertThat(result.code()).as("exit code of %s", result).isEqualTo(code);
    assertThat(result.line()).contains("{\"id\":\"" + id + "\",\"severity\":\"" + severity + "\"");
    assertThat(TestDatabase.isJson(result.line())).isTrue();
    return result.line();
  }

  @Test
  void doctor_onAFreshFile_findsNothing() throws Exception {
    assertThat(examine().ok().out())
        .hasSize(2)
        .endsWith("no problems found")
        .anyMatch(line -> line.matches(".*app.db: \\d+ bytes, log \\d+ bytes"));
    assertThat(examine("--full", "--json").ok().line()).endsWith(",\"findings\":[]}");
  }

  @Test
  void doctor_onAMissingFile_fails() throws Exception {
    assertThat(run("doctor", folder.resolve("missing.db")).code()).isEqualTo(1);
    assertThat(folder.resolve("missing.db")).doesNotExist();
    assertThat(run("doctor").code()).isEqualTo(2);
  }

  @Test
  void doctor_onTroubledQueues_namesEachTrouble() throws Exception {
    TestDatabase.execute(
        file,
        "SELECT honker_enqueue('late', '{}', unixepoch() - 7300, NULL, 0, 3, NULL)",
        "SELECT honker_enqueue('paused', '{}', unixepoch() - 900, NULL, 0, 3, NULL)",
        "INSERT INTO _honkerj_queues(name, paused) VALUES ('paused', 1)",
        "SELECT honker_enqueue('lapsed', '{}', NULL, NULL, 0, 3, NULL)",
        """
        UPDATE _honker_live SET state = 'processing', worker_id = 'w', attempts = 1,
          claim_expires_at = unixepoch() - 600 WHERE queue = 'lapsed'""",
        "SELECT honker_enqueue('spent', '{}', NULL, NULL, 0, 2, NULL)",
        "UPDATE _honker_live SET attempts = 2 WHERE queue = 'spent'",
        "SELECT honker_enqueue('stale', '{}', NULL, NULL, 0, 3, -1000)",
        """
        INSERT INTO _honker_dead(id, queue, payload, last_error)
        VALUES (5000, 'dying', '{}', 'a secret')""",
        ROWS
            + """
               WHERE i < 10000)
              INSERT INTO _honker_dead(queue, payload, died_at) SELECT 'grave', '{}', 1 FROM n""");

    String found = finds(3, "warning", "jobs-overdue");

    assertThat(found)
        .contains(
            "\"jobs-overdue\",\"severity\":\"warning\",\"subject\":\"late\",\"message\":\"1 job of the"
                + " queue late are due, for 2 h at most",
            "\"queue-paused\",\"severity\":\"note\",\"subject\":\"paused\"",
            "\"leases-expired\",\"severity\":\"warning\",\"subject\":\"lapsed\"",
            "\"jobs-exhausted\",\"severity\":\"warning\",\"subject\":\"spent\"",
            "\"jobs-expired\",\"severity\":\"warning\",\"subject\":\"stale\"",
            "\"dead-growing\",\"severity\":\"warning\",\"subject\":\"dying\"",
            "\"dead-many\",\"severity\":\"note\",\"subject\":\"grave\"")
        .doesNotContain("a secret");
    assertThat(found.split("\"id\":", -1)).hasSize(8);
    assertThat(examine("--overdue", "3h").out()).noneMatch(line -> line.contains("jobs-overdue"));
  }

  @Test
  void doctor_onTroubledSchedulesLocksAndPiles_namesEachTrouble() throws Exception {
    TestDatabase.execute(
        file,
        """
        INSERT INTO _honker_scheduler_tasks(name, queue, cron_expr, payload, next_fire_at)
        VALUES ('broken', 'q', 'every tuesday', '{}', unixepoch() + 500),
          ('late', 'q', '0 3 * * *', '{}', unixepoch() - 3600),
          ('fine', 'q', '@every 5m', '{}', unixepoch() + 3600)""",
        """
        INSERT INTO _honkerj_schedules VALUES
          ('lost', 'q', '0 3 * * *', '{}', 0, 3, NULL, unixepoch() + 500, 1, 'Mars/Olympus',
            'RUN_AFTER', 'RUN_ONCE', 'ALL', 64, 0, 0),
          ('monthly', 'q', '@monthly', '{}', 0, 3, NULL, unixepoch() + 500, 1, 'Europe/Berlin',
            'RUN_AFTER', 'RUN_ONCE', 'ALL', 64, 0, 0)""",
        "INSERT INTO _honker_locks VALUES ('stale', 'you', unixepoch() - 5)",
        ROWS
            + """
               WHERE i < 100000)
              INSERT INTO _honker_notifications(channel, payload) SELECT 'c', '{}' FROM n""",
        ROWS
            + """
               WHERE i < 10000)
              INSERT INTO _honker_results(job_id, value, expires_at) SELECT i, '{}', 1 FROM n""");

    String found = finds(3, "error", "schedule-unreadable");

    assertThat(found)
        .contains(
            "\"subject\":\"broken\"",
            "\"subject\":\"lost\"",
            "\"schedules-overdue\"",
            "{\"id\":\"locks-expired\",\"severity\":\"note\"",
            "{\"id\":\"notifications-many\",\"severity\":\"warning\"",
            "{\"id\":\"results-expired\",\"severity\":\"note\"");
    assertThat(found)
        .containsPattern(
            "schedules overdue for 6\\d min at most: late; nobody holds the lock honker-scheduler");
    assertThat(found.split("\"id\":", -1)).hasSize(7);
    assertThat(examine().out())
        .anyMatch(line -> line.startsWith("error schedule-unreadable: "))
        .anyMatch(line -> line.startsWith("  -> "))
        .endsWith("2 errors, 2 warnings, 2 notes");
  }

  @Test
  void doctor_onTroubledBridges_namesEachTrouble() throws Exception {
    TestDatabase.execute(
        file,
        """
        INSERT INTO _honkerj_bridges VALUES
          ('broken', 'OUTBOUND', 't', 'l', 'BROKEN', 'lost 7', unixepoch() - 7300, 1, NULL, 0),
          ('trying', 'OUTBOUND', 'late', 'l', 'RETRYING', 'no answer', unixepoch() - 900, 0, NULL, 0),
          ('just trying', 'INBOUND', 't', 'l', 'RETRYING', 'x', unixepoch() - 5, 0, NULL, 0),
          ('behind', 'OUTBOUND', 'late', 'l', 'RUNNING', NULL, 1, 0, NULL, 0),
          ('in time', 'OUTBOUND', 'young', 'l', 'RUNNING', NULL, 1, 0, NULL, 0),
          ('paused', 'OUTBOUND', 'young', 'l', 'RUNNING', NULL, 1, 1, NULL, 0),
          ('paused idle', 'OUTBOUND', 'none', 'l', 'RUNNING', NULL, 1, 1, NULL, 0),
          ('paused in', 'INBOUND', 'none', 'l', 'RUNNING', NULL, 1, 1, NULL, 0),
          ('stopped', 'OUTBOUND', 'late', 'l', 'RUNNING', NULL, 1, 0, NULL, 0),
          ('stopped idle', 'OUTBOUND', 'none', 'l', 'RUNNING', NULL, 1, 0, NULL, 0),
          ('stopped in', 'INBOUND', 'none', 'l', 'RUNNING', NULL, 1, 0, NULL, 0)""",
        """
        INSERT INTO _honker_locks SELECT 'honkerj-bridge:' || name, 'w', unixepoch() + 3600
        FROM _honkerj_bridges WHERE name NOT LIKE 'stopped%'""",
        "INSERT INTO _honker_locks VALUES ('honkerj-bridge:stopped', 'w', unixepoch() + 3600)",
        "UPDATE _honker_locks SET expires_at = 1 WHERE name = 'honkerj-bridge:stopped'",
        "SELECT honker_stream_publish('late', NULL, '1')",
        "SELECT honker_stream_publish('late', NULL, '2')",
        "UPDATE _honker_stream SET created_at = unixepoch() - 600",
        "SELECT honker_stream_publish('young', NULL, '3')",
        "SELECT honker_stream_save_offset('honkerj-bridge:behind', 'late', 1)");

    String found = finds(3, "error", "bridge-broken");

    assertThat(found)
        .contains(
            "\"subject\":\"broken\",\"message\":\"the bridge \\\"broken\\\" has been broken for 2 h and"
                + " carries nothing: lost 7\"",
            "\"bridge-retrying\",\"severity\":\"warning\",\"subject\":\"trying\"",
            "\"bridge-backlog\",\"severity\":\"warning\",\"subject\":\"behind\"",
            "\"bridge-paused\",\"severity\":\"note\",\"subject\":\"paused\"",
            "\"bridge-paused\",\"severity\":\"note\",\"subject\":\"paused in\"",
            "\"bridge-stopped\",\"severity\":\"warning\",\"subject\":\"stopped\"",
            "\"bridge-stopped\",\"severity\":\"note\",\"subject\":\"stopped in\"",
            "\"locks-expired\"")
        .containsPattern("in vain for 1\\d min, while 2 events wait: no answer")
        .containsPattern("runs, but 1 event waits, the oldest for 1\\d min")
        .doesNotContain("in time", "just trying", "idle");
    assertThat(found.split("\"id\":", -1)).hasSize(9);
  }

  @Test
  void doctor_onNotesOnly_exitsWithZero() throws Exception {
    TestDatabase.execute(file, "INSERT INTO _honker_locks VALUES ('stale', 'x', 1)");

    finds(0, "note", "locks-expired");
  }

  @Test
  void doctor_onDamagedFiles_saysSo() throws Exception {
    TestDatabase.execute(
        file,
        ROWS
            + """
               WHERE i < 5000)
              INSERT INTO _honker_dead(queue, payload) SELECT 'q', hex(randomblob(50)) FROM n""",
        "PRAGMA wal_checkpoint(TRUNCATE)");
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(4096L * 60);
      bytes.write(new byte[4096 * 20]);
    }
    finds(3, "error", "integrity");

    file = folder.resolve("text.db");
    Files.writeString(file, "no database at all, but longer than a header. ".repeat(50));
    finds(3, "error", "integrity");
  }

  @Test
  void doctor_onSchemaTrouble_namesIt() throws Exception {
    TestDatabase.execute(
        file, "UPDATE _honkerj_meta SET value = '999' WHERE key = 'schema_version'");
    assertThat(finds(3, "error", "schema-newer")).contains("999");
    TestDatabase.execute(file, "UPDATE _honkerj_meta SET value = '0' WHERE key = 'schema_version'");
    finds(0, "note", "schema-older");
    TestDatabase.execute(file, "UPDATE _honkerj_meta SET value = 'x' WHERE key = 'schema_version'");
    finds(3, "error", "schema-version-unreadable");
  }

  @Test
  void doctor_onMissingTablesAndIndexes_namesThem() throws Exception {
    TestDatabase.execute(file, "DROP INDEX _honkerj_live_ready");
    assertThat(finds(3, "warning", "index-missing")).contains("_honkerj_live_ready");
    TestDatabase.execute(
        file,
        "DROP TABLE _honker_stream",
        "DROP TABLE _honker_locks",
        "ALTER TABLE _honker_scheduler_tasks DROP COLUMN max_attempts");
    assertThat(finds(3, "error", "schema-incomplete"))
        .contains("_honker_locks.expires_at", "_honker_scheduler_tasks.max_attempts")
        .contains("{\"id\":\"check-failed\",\"severity\":\"error\"");

    file = folder.resolve("shared.db");
    TestDatabase.execute(file, "SELECT honker_bootstrap()", "PRAGMA journal_mode=WAL");
    finds(0, "note", "schema-shared-only");

    file = folder.resolve("empty.db");
    TestDatabase.execute(file, "CREATE TABLE t(x)");
    finds(3, "error", "schema-missing");
  }

  @Test
  void doctor_onACopyThatNobodyHasOpened_notesIt() throws Exception {
    Path original = file;
    file = Files.copy(original, folder.resolve("copy.db"));

    finds(0, "note", "unopened-copy");

    assertThat(TestDatabase.origin(file)).isNotEqualTo(TestDatabase.origin(original));
    assertThat(examine().ok().out()).endsWith("no problems found");
  }

  @Test
  void doctor_onABrokenBridge_tellsWhy() throws Exception {
    TestDatabase.plantBridge(file);
    assertThat(examine().ok().out()).endsWith("no problems found");
    TestDatabase.execute(
        file, "UPDATE _honkerj_bridges SET state = 'BROKEN', detail = 'the broker has lost 5'");

    assertThat(finds(3, "error", "bridge-broken")).contains("\\\"out\\\"", "lost 5");
  }

  @Test
  void doctor_onAFileNotInWal_warns() throws Exception {
    TestDatabase.execute(file, "PRAGMA journal_mode=DELETE");

    finds(3, "warning", "journal-mode");
  }

  @Test
  void doctor_onAFileThatAnOldSqliteWrote_warns() throws Exception {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(96);
      bytes.writeInt(3_040_001);
    }
    assertThat(finds(3, "warning", "old-sqlite")).contains("SQLite 3.40.1 has written the file");
  }

  @Test
  void doctor_onMuchFreeSpace_notesIt() throws Exception {
    TestDatabase.execute(
        file,
        "CREATE TABLE big(x)",
        ROWS + " WHERE i < 115) INSERT INTO big SELECT zeroblob(1000000) FROM n",
        "DELETE FROM big");

    finds(0, "note", "free-pages");
  }

  @Test
  void doctor_onALogThatGrows_tellsWhetherAReaderIsToBlame() throws Exception {
    try (Connection writer = TestDatabase.connect(file);
        Connection reader = TestDatabase.connect(file)) {
      execute(writer, "PRAGMA wal_autocheckpoint=0");
      execute(writer, "CREATE TABLE big(x)");
      reader.setAutoCommit(false);
      read(reader);
      execute(writer, ROWS + " WHERE i < 5) INSERT INTO big SELECT zeroblob(1000000) FROM n");

      assertThat(examine("--max-log-mb", "4").out())
          .anyMatch(line -> line.startsWith("warning log-backlog: the log holds 5."));
      Result pinned = examine("--max-log-mb", "4", "--checkpoint");
      assertThat(pinned.code()).isEqualTo(3);
      assertThat(pinned.out()).anyMatch(line -> line.startsWith("warning log-pinned: a reader"));
      reader.rollback();
      assertThat(examine("--max-log-mb", "4", "--checkpoint").out())
          .anyMatch(line -> line.contains("no reader is to blame"));
      assertThat(examine("--max-log-mb", "4").ok().out()).endsWith("no problems found");
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM big")) {
      assertThat(row.next()).isTrue();
    }
  }
}
