package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.cli.CommandRun.Result;
import io.honker.cli.backup.Backup;
import io.honker.cli.backup.ClaimedDatabase;
import io.honker.codec.Json;
import io.honker.sqlite.SqliteHonker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup in the place of a database (rule B-2). */
class RestoreCommandTest {

  @TempDir private Path folder;
  private Path file = Path.of("");
  private Path backup = Path.of("");

  /** A database that says "now", and a backup of it that says "then". */
  @BeforeEach
  void makeDatabaseAndBackup() throws Exception {
    file = TestDatabase.create(folder);
    backup = folder.resolve("backup.db");
    TestDatabase.execute(file, "CREATE TABLE say(what)", "INSERT INTO say VALUES ('then')");
    try (Connection source = ReadOnlyDatabase.connectToCopy(file)) {
      assertThat(new Backup(source, (bytes, expected) -> {}).to(backup, false)).isEmpty();
    }
    TestDatabase.execute(file, "UPDATE say SET what = 'now'");
  }

  private static String said(Path file) throws SQLException {
    assertThat(TestDatabase.text(file, "PRAGMA integrity_check")).isEqualTo("ok");
    return TestDatabase.text(file, "SELECT what FROM say");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.toString().endsWith(".part")).toList();
    }
  }

  private void assertRefused(Result result, String why) throws SQLException {
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(why);
    assertThat(said(file)).isEqualTo("now");
  }

  // ---- what it does

  @Test
  void restore_toANewFile_makesTheDatabase() throws Exception {
    Path fresh = folder.resolve("fresh.db");
    byte[] before = Files.readAllBytes(backup);

    assertThat(run("restore", fresh, backup).ok().line())
        .matches(".*fresh.db: 0.\\d MB from .*backup.db in \\d+\\.\\d+ s, verified");

    assertThat(said(fresh)).isEqualTo("then");
    assertThat(Files.readAllBytes(backup)).isEqualTo(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(fresh)))
        .isEqualTo("rw-------");
    assertThat(names()).containsExactly("app.db", "backup.db", "fresh.db");
  }

  @Test
  void restore_forced_replacesTheDatabase() throws Exception {
    assertRefused(run("restore", file, backup), "exists; --force replaces it");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(run("restore", file, backup, "--force", "--json").ok().line())
        .startsWith("{\"file\":\"" + file + "\",\"backup\":\"" + backup + "\",\"bytes\":")
        .endsWith(",\"bridges\":[],\"verified\":true}");

    assertThat(said(file)).isEqualTo("then");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(names()).containsExactly("app.db", "backup.db");
    assertThat(run("enqueue", file, "mail", "1").ok().out()).hasSize(1);
  }

  @Test
  void restore_throughALink_replacesWhatItLeadsTo() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), file);

    run("restore", link, backup, "--force").ok();

    assertThat(link).isSymbolicLink();
    assertThat(said(file)).isEqualTo("then");
  }

  @Test
  void restore_ofABackupWithALogOfItsOwn_takesTheLogAlong() throws Exception {
    try (Connection open = TestDatabase.connect(backup);
        Statement statement = open.createStatement()) {
      assertThat(statement.execute("PRAGMA journal_mode=WAL")).isTrue();
      statement.getResultSet().close();
      statement.execute("UPDATE say SET what = 'in the log'");
      assertThat(Path.of(backup + "-wal")).isNotEmptyFile();

      run("restore", file, backup, "--force").ok();
    }
    assertThat(said(file)).isEqualTo("in the log");
  }

  // ---- identity

  @Test
  void restore_inThePlaceOfTheOriginal_beginsAnotherIdentity() throws Exception {
    String origin = TestDatabase.origin(file);

    run("restore", file, backup, "--force").ok();

    assertThat(run("doctor", file).ok().out())
        .anyMatch(line -> line.startsWith("note unopened-copy:"))
        .noneMatch(line -> line.startsWith("warning"));
    String other = TestDatabase.origin(file);
    assertThat(other).isNotEqualTo(origin);
    assertThat(TestDatabase.origin(file)).isEqualTo(other);
    assertThat(run("doctor", file).ok().out()).noneMatch(line -> line.contains("unopened-copy"));
  }

  @Test
  void restore_ofADatabaseWithBridges_tellsWhatWasOnItsWay() throws Exception {
    TestDatabase.plantBridge(backup);

    assertThat(run("restore", file, backup, "--force").ok().out())
        .hasSize(4)
        .anyMatch(line -> line.endsWith("acknowledged up to 1, 1 event not acknowledged"));
  }

  // ---- what it refuses

  @Test
  void restore_ofADatabaseInUse_isRefusedAndLeavesItInUse() throws Exception {
    try (Honker honker = SqliteHonker.open(file)) {
      Result refused = run("restore", file, backup, "--force", "--json");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.line()).contains("HNK-CLI-FILE-IN-USE");
      honker.queue("mail", Json.class).enqueue(Json.of("1"));
    }
    assertThat(said(file)).isEqualTo("now");
    assertThat(TestDatabase.text(file, "SELECT count(*) FROM _honker_live")).isEqualTo("1");
    assertThat(parts()).isEmpty();
  }

  @Test
  void restore_ofADatabaseSomebodyReads_isRefused() throws Exception {
    TestDatabase.text(file, "PRAGMA journal_mode=DELETE");
    try (Connection reader = TestDatabase.connect(file);
        Statement statement = reader.createStatement()) {
      statement.execute("BEGIN");
      assertThat(statement.execute("SELECT what FROM say")).isTrue();

      assertThat(run("restore", file, backup, "--force").err()).contains("HNK-CLI-FILE-IN-USE");
    }
    assertThat(said(file)).isEqualTo("now");
  }

  @Test
  void restore_ofADatabaseWhoseUserDied_neverMeetsItsLog() throws Exception {
    Path died = folder.resolve("died.db");
    try (Connection open = TestDatabase.connect(file);
        Statement statement = open.createStatement()) {
      statement.execute("UPDATE say SET what = 'in the log'");
      Files.copy(file, died);
      Files.copy(Path.of(file + "-wal"), Path.of(died + "-wal"));
    }

    run("restore", died, backup, "--force").ok();

    assertThat(Path.of(died + "-wal")).doesNotExist();
    assertThat(said(died)).isEqualTo("then");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-shm", "-journal"})
  void restore_besideTheLogOfADatabaseThatIsGone_isRefused(String suffix) throws Exception {
    Path gone = folder.resolve("gone.db");
    Files.writeString(Path.of(gone + suffix), "log");

    Result refused = run("restore", gone, backup);

    assertRefused(refused, "gone.db" + suffix + " exists");
    assertThat(refused.err()).contains("HNK-CLI-FILE-IN-USE");
    assertThat(gone).doesNotExist();
  }

  @Test
  void restore_ofAFileThatIsNoDatabase_replacesItUnlessItHasALog() throws Exception {
    Path log = Path.of(file + "-wal");
    Files.writeString(file, "x".repeat(10_000));
    Files.writeString(log, "log");
    assertThat(run("restore", file, backup, "--force").err()).contains("app.db-wal exists");
    assertThat(file).content().startsWith("xxx");
    assertThat(log).hasContent("log");
    Files.delete(log);

    run("restore", file, backup, "--force").ok();

    assertThat(said(file)).isEqualTo("then");
  }

  @Test
  void restore_ofADamagedDatabase_replacesIt() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[100] = 99; // the kind of the first page
    Files.write(file, bytes);

    run("restore", file, backup, "--force").ok();

    assertThat(said(file)).isEqualTo("then");
    assertThat(names()).containsExactly("app.db", "backup.db");
  }

  @ParameterizedTest
  @CsvSource({
    "UPDATE _honkerj_meta SET value = 99 WHERE key = 'schema_version', a newer Honker for Java",
    "UPDATE _honkerj_meta SET value = 'x' WHERE key = 'schema_version', which no Honker for Java",
    "DROP TABLE _honker_live, no tables of honker"
  })
  void restore_ofABackupThatCannotBeUsed_isRefused(String spoil, String why) throws Exception {
    TestDatabase.execute(backup, spoil);

    assertRefused(run("restore", file, backup, "--force"), why);
    assertThat(parts()).isEmpty();
  }

  @Test
  void restore_ofADamagedBackup_isRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(backup);
    for (int page = 4096; page + 4096 <= bytes.length; page += 4096) {
      bytes[page] = 99; // no kind of page
    }
    Files.write(backup, bytes);
    assertRefused(run("restore", file, backup, "--force"), "HNK-CLI-REFUSED");

    Files.writeString(backup, "x".repeat(10_000));
    assertRefused(run("restore", file, backup, "--force"), "damaged or no database");
  }

  @Test
  void restore_fromOrToNowhere_failsAndLeavesNothing() throws Exception {
    Path missing = folder.resolve("missing.db");
    assertRefused(run("restore", file, missing, "--force"), "HNK-STORE-UNAVAILABLE");
    assertRefused(run("restore", file, file, "--force"), "the backup itself");
    assertRefused(run("restore", folder, backup, "--force"), "is a folder");
    assertRefused(run("restore", folder.resolve("no/app.db"), backup), "HNK-CLI-FILES");
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), missing);
    assertRefused(run("restore", link, backup, "--force"), "a link to a file");
    assertThat(run("restore", file).code()).isEqualTo(2);
    assertThat(missing).doesNotExist();
    assertThat(parts()).isEmpty();
  }

  // ---- whatever happens meanwhile

  @Test
  void replace_whileAnotherWaitsForTheOldFile_leavesItNoDatabase() throws Exception {
    try (Connection source = ReadOnlyDatabase.connectToCopy(backup);
        ClaimedDatabase claimed = ClaimedDatabase.of(file);
        Connection late =
            DriverManager.getConnection(
                "jdbc:sqlite:" + file); // it has the old file, and no lock yet
        Statement statement = late.createStatement()) {
      assertThat(new Backup(source, (bytes, expected) -> {}).inPlaceOf(claimed)).isEmpty();
      claimed.close();

      assertThatThrownBy(() -> statement.execute("PRAGMA journal_mode=WAL"))
          .hasMessageContaining("file is not a database");
    }
    assertThat(names()).containsExactly("app.db", "backup.db");
    assertThat(said(file)).isEqualTo("then");
  }

  @Test
  void replace_ofAFileWithTwoNames_leavesTheOtherAlone() throws Exception {
    Path other = Files.createLink(folder.resolve("other.db"), file);

    run("restore", file, backup, "--force").ok();

    assertThat(said(file)).isEqualTo("then");
    assertThat(said(other)).isEqualTo("now");
  }

  /** Kills when so many percent of the copy are there; at 100 perhaps while it is renamed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 50, 100})
  void restore_killedOnTheWay_leavesTheOldOrTheNew(int percent) throws Exception {
    makeLarge(backup);
    long enough = Files.size(backup) * percent / 100;
    try (CommandRun restore = CommandRun.start("restore", file, backup, "--force")) {
      while (restore.isAlive() && !isPartOf(enough)) {
        Thread.onSpinWait();
      }
      restore.kill();
      assertThat(restore.result().code()).isIn(0, 137);
    }
    assertThat(said(file)).isIn("then", "now");
    assertThat(TestDatabase.origin(file)).isNotEmpty();
    assertThat(said(backup)).isEqualTo("then");
    run("restore", file, backup, "--force").ok();
    assertThat(said(file)).isEqualTo("then");
  }

  private boolean isPartOf(long enough) throws IOException {
    for (Path part : parts()) {
      try {
        return Files.size(part) >= enough;
      } catch (IOException e) {
        return true; // it has its name
      }
    }
    return false;
  }

  private static void makeLarge(Path file) throws SQLException {
    TestDatabase.execute(
        file,
        "CREATE TABLE big(x)",
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
        INSERT INTO big SELECT randomblob(1000000) FROM n""");
  }

  @Test
  void restore_terminatedOnTheWay_leavesNoHalfCopy() throws Exception {
    makeLarge(backup);
    try (CommandRun restore = CommandRun.start("restore", file, backup, "--force")) {
      while (restore.isAlive() && parts().isEmpty()) {
        Thread.onSpinWait();
      }
      restore.terminate();
      assertThat(restore.result().code()).isIn(0, 143);
    }
    assertThat(parts()).isEmpty();
    assertThat(said(file)).isIn("then", "now");
  }
}
