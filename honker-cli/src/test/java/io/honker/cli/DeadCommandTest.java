package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.cli.CommandRun.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadCommandTest {

  private static final String COUNT = "SELECT count(*) FROM _honker_dead WHERE queue = 'mail'";

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeDatabase() throws Exception {
    file = TestDatabase.create(folder);
    TestDatabase.execute(
        file,
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
        INSERT INTO _honker_dead(id, queue, payload, attempts, max_attempts, last_error, died_at)
        SELECT i, 'mail', '{"i":' || i || '}', 3, 3, 'error ' || i, unixepoch() - 86400 + i FROM n""",
        """
        INSERT INTO _honker_dead(id, queue, payload, last_error)
        VALUES (9001, 'other', 'no json', 'line one' || char(10) || 'line two')""");
  }

  @Test
  void list_paged_listsQueuesOrAll() throws Exception {
    assertThat(run("dead", "list", file, "mail", "--limit", "2", "--json").ok().line())
        .startsWith("[{\"id\":1,\"queue\":\"mail\",")
        .contains("\"last_error\":\"error 1\"", "\"id\":2")
        .doesNotContain("\"id\":3", "payload");
    assertThat(run("dead", "list", file, "--after", "2500").ok().out())
        .hasSize(4)
        .anyMatch(line -> line.startsWith("9001") && line.endsWith("line one\\nline two"));
    assertThat(run("dead", "list", file, "--error", "line two", "--payload", "--json").ok().line())
        .contains("\"id\":9001", "\"payload\":\"no json\"")
        .doesNotContain("\"id\":2,");
  }

  @Test
  void requeue_byId_isAllOrNothing() throws Exception {
    Result wrong = run("dead", "requeue", file, "mail", "1", "9001");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("no dead job 9001 in the queue mail").contains("NOT-FOUND");
    assertThat(TestDatabase.text(file, COUNT)).isEqualTo("2500");

    assertThat(run("dead", "requeue", file, "mail", "1", "2").ok().line())
        .isEqualTo("2 jobs requeued");
    assertThat(
            TestDatabase.text(file, "SELECT group_concat(id || '/' || attempts) FROM _honker_live"))
        .isEqualTo("1/0,2/0");
  }

  @Test
  void requeue_all_doesSoInPortionsAndTellsProgress() throws Exception {
    Result all = run("dead", "requeue", file, "mail", "--all", "--json", "--progress").ok();

    assertThat(all.line()).isEqualTo("{\"requeued\":2500}");
    assertThat(all.err()).contains("requeued 2500 of 2500");
    assertThat(TestDatabase.text(file, COUNT)).isEqualTo("0");
  }

  @Test
  void purge_byAge_deletesTheOldOnly() throws Exception {
    TestDatabase.execute(file, "UPDATE _honker_dead SET died_at = unixepoch() WHERE id > 2400");

    Result purged = run("dead", "purge", file, "mail", "--older-than", "1h", "--json").ok();

    assertThat(purged.line()).isEqualTo("{\"purged\":2400}");
    assertThat(purged.err()).isEmpty();
    assertThat(TestDatabase.text(file, COUNT)).isEqualTo("100");
  }

  @Test
  void purge_keeping_keepsTheNewest() throws Exception {
    assertThat(run("dead", "purge", file, "mail", "--keep", "3", "--progress").ok().line())
        .isEqualTo("2497 jobs purged");
    assertThat(TestDatabase.text(file, "SELECT min(id) FROM _honker_dead")).isEqualTo("2498");

    assertThat(run("dead", "purge", file, "mail", "--all").ok().line()).isEqualTo("3 jobs purged");
    assertThat(TestDatabase.text(file, "SELECT group_concat(id) FROM _honker_dead"))
        .isEqualTo("9001");
  }

  @Test
  void everySubcommand_withWrongUsage_exitsWithTwoAndDeletesNothing() throws Exception {
    assertThat(run("dead").code()).isEqualTo(2);
    assertThat(run("dead", "requeue", file, "mail").code()).isEqualTo(2);
    assertThat(run("dead", "requeue", file, "mail", "1", "--all").code()).isEqualTo(2);
    assertThat(run("dead", "purge", file, "mail").code()).isEqualTo(2);
    assertThat(run("dead", "purge", file, "mail", "--all", "--keep", "1").code()).isEqualTo(2);
    assertThat(run("dead", "purge", file, "mail", "--keep", "-1").code()).isEqualTo(2);
    assertThat(TestDatabase.text(file, COUNT)).isEqualTo("2500");
  }
}
