package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static io.honker.cli.CommandRun.runWithInput;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.cli.CommandRun.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** queues, jobs and enqueue. */
class QueueCommandsTest {

  private static final String IN_FLIGHT =
      """
      UPDATE _honker_live SET state = 'processing', worker_id = 'w-1', attempts = 1,
        claim_expires_at = unixepoch() + 1000 WHERE id = 2""";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeDatabase() {
    file = TestDatabase.create(folder);
  }

  private void plantFour() throws Exception {
    TestDatabase.execute(
        file,
        "SELECT honker_enqueue('mail', '{\"n\": 1}', unixepoch() - 6000, NULL, 0, 3, NULL)",
        "SELECT honker_enqueue('mail', '{\"n\":2}', NULL, NULL, 7, 3, NULL)",
        "SELECT honker_enqueue('mail', 'not json', NULL, 500, 0, 3, NULL)",
        "SELECT honker_enqueue('other', '{}', NULL, NULL, 0, 3, NULL)",
        IN_FLIGHT,
        "INSERT INTO _honker_dead(id, queue, payload, last_error) VALUES (77, 'mail', '{}', 'no')");
  }

  @Test
  void queues_withJobs_countsThem() throws Exception {
    plantFour();
    TestDatabase.execute(
        file, "INSERT INTO _honkerj_queues(name, paused, max_in_flight) VALUES ('idle', 1, 2)");

    Result people = run("queues", file).ok();
    Result programs = run("queues", file, "--json").ok();

    assertThat(people.out().get(0)).startsWith("queue  ready  delayed  in_flight  dead");
    assertThat(people.out().get(3)).matches("mail +1 +1 +1 +1 +6\\d{3}  false +-");
    assertThat(people.out()).endsWith("(3 rows)");
    assertThat(programs.line())
        .matches(
            "\\[\\{\"queue\":\"idle\",\"ready\":0,\"delayed\":0,\"in_flight\":0,\"dead\":0,"
                + "\"oldest_ready_s\":null,\"paused\":true,\"max_in_flight\":2\\},"
                + "\\{\"queue\":\"mail\",\"ready\":1,\"delayed\":1,\"in_flight\":1,\"dead\":1,"
                + "\"oldest_ready_s\":6\\d{3},\"paused\":false,\"max_in_flight\":null\\},"
                + "\\{\"queue\":\"other\",.*\\}\\]");
  }

  @Test
  void queues_inAFileOfOtherBindingsOnly_readsItAndLeavesItAsItIs() throws Exception {
    Path shared = folder.resolve("shared.db");
    TestDatabase.execute(
        shared,
        "SELECT honker_bootstrap()",
        "SELECT honker_enqueue('mail', '{}', NULL, NULL, 0, 3, NULL)");
    String tables = "SELECT group_concat(name) FROM sqlite_master";
    String before = TestDatabase.text(shared, tables);

    assertThat(run("queues", shared, "--json").ok().line()).contains("\"ready\":1");
    assertThat(TestDatabase.text(shared, tables)).isEqualTo(before).doesNotContain("honkerj");
    assertThat(TestDatabase.text(shared, "PRAGMA journal_mode")).isEqualTo("delete");
  }

  @Test
  void main_inAProcess_writesUtf8_andExitsWithTheCode() throws Exception {
    TestDatabase.execute(file, "SELECT honker_enqueue('küche', '{}', NULL, NULL, 0, 3, NULL)");

    try (CommandRun good = CommandRun.start("queues", file);
        CommandRun failed = CommandRun.start("queues", folder.resolve("missing.db"));
        CommandRun wrong = CommandRun.start("queue")) {
      assertThat(good.result().ok().out()).anyMatch(line -> line.startsWith("küche "));
      assertThat(failed.result().code()).isEqualTo(1);
      assertThat(failed.errors()).contains("no such file");
      assertThat(wrong.result().code()).isEqualTo(2);
    }
  }

  @Test
  void queues_ofAMissingFile_failsAndMakesNone() throws Exception {
    Path missing = folder.resolve("missing.db");

    Result result = run("queues", missing);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("no such file").contains("HNK-STORE-UNAVAILABLE");
    assertThat(missing).doesNotExist();
  }

  @Test
  void everyCommand_onAFileThatIsNoDatabase_namesIt() throws Exception {
    Path config = folder.resolve("bridges.json");
    Files.writeString(config, "{\"database\": \"shop.db\", \"brokers\": {}, \"bridges\": []}");

    for (String command : new String[] {"queues", "streams", "locks"}) {
      Result result = run(command, config);
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains(config + " is no database", "(HNK-STORE-UNAVAILABLE)");
    }
    Result status = run("bridge", "rewind", config, "x", "--json");
    assertThat(status.line()).contains("is no database", "\"code\":\"HNK-STORE-UNAVAILABLE\"");
  }

  @Test
  void everyCommand_onAFileWithoutHonkersTables_failsAndMakesNone() throws Exception {
    Path plain = folder.resolve("plain.db");
    TestDatabase.execute(plain, "CREATE TABLE t(x)", "DROP TABLE IF EXISTS _honker_notifications");

    for (String command : new String[] {"queues", "streams", "locks"}) {
      Result result = run(command, plain, "--json");
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.line()).startsWith("{\"error\":").contains("\"code\":\"HNK-STORE-SCHEMA\"");
    }
    assertThat(run("enqueue", plain, "q", "{}").code()).isEqualTo(1);
    assertThat(TestDatabase.text(plain, "SELECT count(*) FROM sqlite_master WHERE name = 't'"))
        .isEqualTo("1");
    assertThat(
            TestDatabase.text(
                plain, "SELECT count(*) FROM sqlite_master WHERE name LIKE '_honker_live%'"))
        .isEqualTo("0");
  }

  @Test
  void jobs_pagedAndFiltered_listsThem() throws Exception {
    plantFour();

    assertThat(run("jobs", file, "mail", "--payload").ok().out())
        .hasSize(6)
        .anyMatch(line -> line.startsWith(" 1  ready") && line.endsWith("{\"n\":1}"))
        .anyMatch(line -> line.startsWith(" 2  in_flight") && line.contains("w-1"))
        .anyMatch(line -> line.startsWith(" 3  delayed") && line.endsWith("\"not json\""));
    assertThat(run("jobs", file, "mail", "--state", "in_flight", "--json").ok().line())
        .startsWith("[{\"id\":2,\"state\":\"in_flight\",\"priority\":7,\"attempts\":1,")
        .contains("\"worker_id\":\"w-1\"")
        .doesNotContain("payload")
        .doesNotContain("\"id\":3");
    assertThat(run("jobs", file, "mail", "--after", "1", "--limit", "1", "--json").ok().line())
        .contains("\"id\":2")
        .doesNotContain("\"id\":1")
        .doesNotContain("\"id\":3");
    String withPayloads = run("jobs", file, "mail", "--payload", "--json").ok().line();
    assertThat(withPayloads).contains("\"payload\":{\"n\":1}", "\"payload\":\"not json\"");
    assertThat(TestDatabase.isJson(withPayloads)).isTrue();
  }

  @Test
  void jobs_withWrongUsage_exitsWithTwo() throws Exception {
    assertThat(run("jobs", file).code()).isEqualTo(2);
    assertThat(run("jobs", file, "mail", "--limit", "0").code()).isEqualTo(2);
    Result dead = run("jobs", file, "mail", "--state", "dead");
    assertThat(dead.code()).isEqualTo(2);
    assertThat(dead.err()).contains("honker dead list");
  }

  @Test
  void enqueue_withOptions_storesThem() throws Exception {
    Result result =
        run(
            "enqueue",
            file,
            "mail",
            " {\"to\": \"ada\"} ",
            "--priority",
            "9",
            "--delay",
            "1h30m",
            "--expires-after",
            "7d",
            "--max-attempts",
            "5",
            "--json");

    assertThat(result.ok().line()).isEqualTo("{\"id\":1,\"duplicate\":false}");
    assertThat(
            TestDatabase.text(
                file,
                "SELECT payload || '|' || priority || '|' || (run_at - created_at) || '|'"
                    + " || (expires_at - created_at) || '|' || max_attempts FROM _honker_live"))
        .matches(" \\{\"to\": \"ada\"\\} \\|9\\|540[01]\\|60480[01]\\|5");
  }

  @Test
  void enqueue_fromStandardInputAndOfRawText_storesJson() throws Exception {
    assertThat(runWithInput("[1,\n2]", "enqueue", file, "mail", "-").ok().line())
        .isEqualTo("job 1 enqueued");
    run("enqueue", file, "mail", "say \"hi\"", "--raw-text").ok();

    assertThat(TestDatabase.text(file, "SELECT group_concat(payload) FROM _honker_live"))
        .isEqualTo("[1,\n2],\"say \\\"hi\\\"\"");
  }

  @Test
  void enqueue_withATakenKey_saysSo() throws Exception {
    run("enqueue", file, "mail", "1", "--unique-key", "k").ok();

    assertThat(run("enqueue", file, "mail", "2", "--unique-key", "k", "--json").ok().line())
        .isEqualTo("{\"id\":1,\"duplicate\":true}");
  }

  @Test
  void enqueue_withWrongUsage_exitsWithTwoAndWritesNothing() throws Exception {
    Result text = run("enqueue", file, "mail", "{x: 1}");
    assertThat(text.code()).isEqualTo(2);
    assertThat(text.err()).contains("the payload is not JSON").contains("--raw-text");
    assertThat(run("enqueue", file, "mail", "{}", "--max-attempts", "0").code()).isEqualTo(2);
    assertThat(run("enqueue", file, "mail", "{}", "--delay", "soon").err()).contains("'soon'");
    assertThat(run("enqueue", file, " ", "{}").code()).isEqualTo(2);
    assertThat(run("enqueue", file, "mail", "{}", "--unique-for", "1h").code()).isEqualTo(2);
    assertThat(TestDatabase.text(file, "SELECT count(*) FROM _honker_live")).isEqualTo("0");
    assertThat(Files.isRegularFile(file)).isTrue();
  }
}
