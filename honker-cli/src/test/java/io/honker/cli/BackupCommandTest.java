package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.Honker;
import io.honker.cli.CommandRun.Result;
import io.honker.cli.backup.Backup;
import io.honker.codec.Json;
import io.honker.queue.JobQueue;
import io.honker.sqlite.SqliteHonker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupCommandTest {

  private static final String FILL =
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
      INSERT INTO big SELECT randomblob(1000000) FROM n""";

  @TempDir private Path folder;
  private Path file = Path.of("");
  private Path copy = Path.of("");

  @BeforeEach
  void makeDatabase() {
    file = TestDatabase.create(folder);
    copy = folder.resolve("copy.db");
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(n -> n.endsWith(".part"))
          .toList();
    }
  }

  @Test
  void backup_whileOthersWrite_isOneMomentOfTheDatabase() throws Exception {
    TestDatabase.execute(file, "CREATE TABLE orders(id INTEGER PRIMARY KEY)");
    AtomicBoolean stop = new AtomicBoolean();
    try (Honker honker = SqliteHonker.open(file)) {
      JobQueue<Json> jobs = honker.queue("mail", Json.class);
      Runnable write =
          () ->
              honker.inTransaction(
                  tx -> {
                    tx.execute("INSERT INTO orders DEFAULT VALUES");
                    jobs.enqueue(tx, Json.of("{}"));
                  });
      write.run(); // the thread may come too late for that
      Thread writer =
          new Thread(
              () -> {
                while (!stop.get()) {
                  write.run();
                }
              });
      writer.start();
      Result result = run("backup", file, copy, "--json");
      stop.set(true);
      writer.join();
      assertThat(result.ok().line())
          .startsWith("{\"source\":\"" + file + "\",\"target\":\"" + copy + "\",\"source_bytes\":")
          .endsWith("\"verified\":true}");
    }
    assertThat(TestDatabase.text(copy, "PRAGMA integrity_check")).isEqualTo("ok");
    assertThat(
            TestDatabase.text(
                copy,
                "SELECT (SELECT count(*) FROM orders) = (SELECT count(*) FROM _honker_live)"
                    + " AND (SELECT count(*) FROM orders) > 0"))
        .isEqualTo("1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rw-------");
    assertThat(leftovers()).isEmpty();
    assertThat(run("queues", copy).ok().out()).anyMatch(line -> line.startsWith("mail"));
  }

  @Test
  void backup_ofALargeFile_keepsNoWriterWaiting() throws Exception {
    TestDatabase.execute(file, "CREATE TABLE big(x)", FILL);
    AtomicInteger written = new AtomicInteger();
    try (Connection source = ReadOnlyDatabase.connectToCopy(file);
        Connection writer = TestDatabase.connect(file);
        var insert = writer.prepareStatement("INSERT INTO big VALUES (1)")) {
      try (var statement = writer.createStatement()) {
        statement.execute("PRAGMA busy_timeout=0");
      }
      Backup.Watcher writeMeanwhile =
          (bytes, expected) -> {
            if (bytes > 0 && bytes < expected) {
              written.addAndGet(Unchecked.count(insert::executeUpdate));
            }
          };
      new Backup(source, writeMeanwhile).to(copy, false);
    }
    assertThat(written).hasPositiveValue();
    assertThat(TestDatabase.text(copy, "SELECT count(*) FROM big")).isEqualTo("60");
  }

  @Test
  void backup_onAFileThatExists_refusesUnlessForced() throws Exception {
    Files.writeString(copy, "precious");

    Result refused = run("backup", file, copy);
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("exists; --force replaces it");
    assertThat(copy).hasContent("precious");

    assertThat(run("backup", file, copy, "--force").ok().line())
        .matches(".*copy.db: 0.\\d MB of 0.\\d MB \\(log included\\) in \\d+\\.\\d+ s, verified");
    assertThat(TestDatabase.text(copy, "SELECT count(*) FROM _honker_live")).isEqualTo("0");
  }

  @Test
  void backup_ontoItselfOrADatabaseInUse_refuses() throws Exception {
    assertThat(run("backup", file, file, "--force").err()).contains("the database itself");
    Files.writeString(folder.resolve("copy.db-wal"), "log");
    assertThat(run("backup", file, copy, "--force").err()).contains("copy.db-wal exists");
    assertThat(run("backup", file, folder, "--force").code()).isEqualTo(1);
    assertThat(copy).doesNotExist();
  }

  @Test
  void backup_fromOrToNowhere_failsAndLeavesNothing() throws Exception {
    assertThat(run("backup", folder.resolve("missing.db"), copy, "--json").line())
        .contains("HNK-STORE-UNAVAILABLE");
    assertThat(run("backup", file, folder.resolve("no/copy.db")).err()).contains("HNK-CLI-FILES");
    assertThat(run("backup", file).code()).isEqualTo(2);
    assertThat(copy).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void backup_ofADamagedFile_failsAndLeavesNothing() throws Exception {
    Files.writeString(file, "x".repeat(10_000));

    assertThat(run("backup", file, copy).code()).isEqualTo(1);
    assertThat(copy).doesNotExist();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void backup_terminatedOnTheWay_leavesNoHalfCopy() throws Exception {
    TestDatabase.execute(file, "CREATE TABLE big(x)", FILL);
    try (CommandRun backup = CommandRun.start("backup", file, copy, "--progress")) {
      while (backup.isAlive() && leftovers().isEmpty()) {
        Thread.onSpinWait();
      }
      backup.terminate();
      Result result = backup.result();
      assertThat(result.code()).isIn(0, 143);
    }
    assertThat(leftovers()).isEmpty();
    if (Files.exists(copy)) {
      assertThat(TestDatabase.text(copy, "PRAGMA quick_check")).isEqualTo("ok");
    }
  }

  // ---- identity

  @Test
  void backup_openedByTheLibrary_isAnotherIdentityThanItsOriginal() throws Exception {
    String origin = TestDatabase.origin(file);
    assertThat(run("backup", file, copy).ok().out()).hasSize(1);

    String other = TestDatabase.origin(copy);

    assertThat(other).isNotEqualTo(origin);
    assertThat(TestDatabase.origin(copy)).isEqualTo(other);
    assertThat(TestDatabase.origin(file)).isEqualTo(origin);
  }

  @Test
  void backup_renamedToItsOriginal_isAnotherIdentityThanItsOriginal() throws Exception {
    String origin = TestDatabase.origin(file);
    run("backup", file, copy).ok();
    Files.write(file, Files.readAllBytes(copy)); // the same file to the file system

    assertThat(TestDatabase.origin(file)).isNotEqualTo(origin);
  }

  @Test
  void backup_openedByTwoProcessesAtOnce_isOneIdentity() throws Exception {
    run("backup", file, copy).ok();

    try (CommandRun one = CommandRun.start("enqueue", copy, "mail", "1");
        CommandRun two = CommandRun.start("enqueue", copy, "mail", "2")) {
      one.result().ok();
      two.result().ok();
    }

    assertThat(TestDatabase.text(copy, "SELECT count(*) FROM _honkerj_origins")).isEqualTo("2");
  }

  @Test
  void backup_ofADatabaseWithBridges_tellsWhatWasOnItsWay() throws Exception {
    TestDatabase.plantBridge(file);
    String origin = TestDatabase.origin(file);

    assertThat(run("backup", file, copy).ok().out().subList(1, 4))
        .containsExactlyInAnyOrder(
            "bridge out: position 1; of "
                + origin
                + "/orders sent up to 3, acknowledged up to 1, 1 event not acknowledged",
            "bridge out: position 1; of elsewhere.1/orders sent up to 77, acknowledged up to 76, 1"
                + " event not acknowledged",
            "bridge out: position 1; of elsewhere.2/orders sent up to 5, acknowledged up to 5,"
                + " nothing on its way");
    assertThat(run("backup", file, copy, "--force", "--json").ok().line())
        .contains(
            "{\"bridge\":\"out\",\"topic\":\"orders\",\"log\":\"all-orders\",\"position\":1,\"origin\":\""
                + origin
                + "\",\"source_topic\":\"orders\",\"intended\":3,\"acknowledged\":1,\"on_their_way\":1}");
    assertThat(TestDatabase.text(copy, "SELECT count(*) FROM _honkerj_bridge_sent")).isEqualTo("3");
  }

  @Test
  void backup_ofADatabaseThatOnlyReceives_tellsOfNothingOnItsWay() throws Exception {
    TestDatabase.execute(
        file,
        """
        INSERT INTO _honkerj_bridges
        VALUES ('in', 'INBOUND', 'their own topics', 'all-orders', 'BROKEN', 'x', 0, 0, NULL, 0)""",
        "INSERT INTO _honkerj_bridge_sent VALUES ('in', 'elsewhere.1', 'orders', 9, 7)");

    assertThat(run("backup", file, copy).ok().out()).noneMatch(line -> line.contains("bridge in"));
  }

  @Test
  void backup_ofAFileThatOnlyOtherBindingsHaveOpened_works() throws Exception {
    Path plain = folder.resolve("plain.db");
    TestDatabase.execute(plain, "CREATE TABLE t(a)");

    assertThat(run("backup", plain, copy, "--json").ok().line()).contains("\"bridges\":[]");
  }

  /** Checked exceptions in places that allow none. */
  private static final class Unchecked {

    private Unchecked() {}

    static int count(java.util.concurrent.Callable<Integer> work) {
      try {
        return work.call();
      } catch (Exception e) {
        throw new AssertionError("a writer was kept waiting", e);
      }
    }
  }
}
