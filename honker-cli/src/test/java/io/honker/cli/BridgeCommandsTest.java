package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.cli.CommandRun.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bridges on record: how they do, and what they can be asked to do. */
class BridgeCommandsTest {

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeDatabase() {
    file = TestDatabase.create(folder);
  }

  private void plant(String name, String kind, String state, String detail) throws Exception {
    TestDatabase.execute(
        file,
        "INSERT INTO _honkerj_bridges(name, kind, local, log, state, detail, since, paused,"
            + " generation) VALUES ('"
            + name
            + "', '"
            + kind
            + "', 'orders', 'log', '"
            + state
            + "', "
            + detail
            + ", 1000000000, 0, 0)");
  }

  private void lock(String bridge) throws Exception {
    TestDatabase.execute(
        file,
        "INSERT INTO _honker_locks VALUES ('honkerj-bridge:"
            + bridge
            + "', 'w1', unixepoch() + 3600)");
  }

  private String column(String bridge, String column) throws Exception {
    return TestDatabase.text(
        file, "SELECT " + column + " FROM _honkerj_bridges WHERE name = '" + bridge + "'");
  }

  @Test
  void status_ofBridgesInAllStates_showsThem() throws Exception {
    plant("a", "OUTBOUND", "RUNNING", "NULL");
    lock("a");
    plant("b", "INBOUND", "RETRYING", "'no answer'");
    lock("b");
    plant("c", "CHANNEL", "RUNNING", "NULL");
    plant("d", "OUTBOUND", "BROKEN", "'lost'");
    plant("e", "OUTBOUND", "RUNNING", "NULL");
    TestDatabase.execute(
        file,
        "UPDATE _honkerj_bridges SET paused = 1 WHERE name IN ('d', 'e')",
        "SELECT honker_stream_publish('orders', NULL, '1')",
        "SELECT honker_stream_publish('orders', NULL, '2')",
        "SELECT honker_stream_publish('orders', NULL, '3')",
        "SELECT honker_stream_save_offset('honkerj-bridge:a', 'orders', 1)");

    assertThat(run("bridge", "status", file, "--json").ok().line())
        .startsWith(
            "[{\"name\":\"a\",\"kind\":\"outbound\",\"local\":\"orders\",\"log\":\"log\","
                + "\"state\":\"RUNNING\",\"since\":\"2001-09-09T01:46:40Z\",\"position\":1,\"lag\":2,"
                + "\"runner\":\"w1\",\"request\":null,\"detail\":null},{\"name\":\"b\",")
        .contains(
            "\"state\":\"RETRYING\",\"since\":\"2001-09-09T01:46:40Z\",\"position\":null,"
                + "\"lag\":null,\"runner\":\"w1\",\"request\":null,\"detail\":\"no answer\"},{\"name\":\"c\"",
            "\"state\":\"STOPPED\"",
            "\"state\":\"BROKEN\"",
            "\"state\":\"PAUSED\"");
    assertThat(run("bridge", "status", file).ok().out())
        .anyMatch(line -> line.matches("a +outbound +orders +log +RUNNING +\\S+Z +1 +2  w1.*"))
        .contains("(5 rows)");
    assertThat(run("bridge", "status", file, "d").ok().out())
        .contains("state: BROKEN", "lag: 3", "detail: lost");
    assertThat(run("bridge", "status", file, "d", "--json").ok().line())
        .startsWith("{\"name\":\"d\"")
        .endsWith("\"detail\":\"lost\"}");
  }

  @Test
  void status_withoutBridges_isEmptyAndChangesNothing() throws Exception {
    assertThat(run("bridge", "status", file, "--json").ok().line()).isEqualTo("[]");
    Result missing = run("bridge", "status", file, "x");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("no bridge \"x\"", "(HNK-CLI-NOT-FOUND)");

    Path shared = folder.resolve("shared.db");
    TestDatabase.execute(shared, "SELECT honker_bootstrap()");
    assertThat(run("bridge", "status", shared, "--json").ok().line()).isEqualTo("[]");
    assertThat(
            TestDatabase.text(
                shared, "SELECT count(*) FROM sqlite_master WHERE name LIKE '_honkerj_%'"))
        .isEqualTo("0");
    assertThat(run("bridge", "status", folder.resolve("none.db")).code()).isEqualTo(1);
    assertThat(Files.exists(folder.resolve("none.db"))).isFalse();
  }

  @Test
  void pauseAndResume_changeTheRecord() throws Exception {
    plant("a", "OUTBOUND", "RUNNING", "NULL");

    assertThat(run("bridge", "pause", file, "a").ok().line()).isEqualTo("a: paused");
    assertThat(column("a", "paused")).isEqualTo("1");
    assertThat(run("bridge", "resume", file, "a", "--json").ok().line())
        .isEqualTo(
            "{\"name\":\"a\",\"done\":\"resumed\",\"state_before\":\"PAUSED\",\"detail\":null}");
    assertThat(column("a", "paused")).isEqualTo("0");
  }

  @Test
  void rewindAndAcceptLoss_leaveARequest() throws Exception {
    plant("a", "OUTBOUND", "BROKEN", "'the broker lost data'");
    plant("b", "OUTBOUND", "RUNNING", "NULL");

    assertThat(run("bridge", "rewind", file, "a").ok().out())
        .hasSize(2)
        .anyMatch(line -> line.contains("the broker lost data"));
    assertThat(column("a", "request")).isEqualTo("REWIND");
    assertThat(run("bridge", "accept-loss", file, "a").ok().out())
        .anyMatch(line -> line.contains("the broker lost data"));
    assertThat(column("a", "request")).isEqualTo("ACCEPT_LOSS");

    Result refused = run("bridge", "accept-loss", file, "b");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("not broken", "(HNK-CLI-REFUSED)");
    assertThat(column("b", "request")).isEqualTo("null");
  }

  @Test
  void forget_ofABridgeThatIsRun_isRefused() throws Exception {
    plant("a", "OUTBOUND", "RUNNING", "NULL");
    TestDatabase.execute(file, "SELECT honker_stream_save_offset('honkerj-bridge:a', 'orders', 1)");
    lock("a");

    Result refused = run("bridge", "forget", file, "a");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("\"a\"", "(HNK-CLI-REFUSED)");
    assertThat(column("a", "name")).isEqualTo("a");

    TestDatabase.execute(file, "DELETE FROM _honker_locks");
    assertThat(run("bridge", "forget", file, "a").ok().line()).isEqualTo("a: forgotten");
    assertThat(column("a", "name")).isEqualTo("no row");
    assertThat(TestDatabase.text(file, "SELECT count(*) FROM _honker_stream_consumers"))
        .isEqualTo("0");
  }

  @Test
  void commandsOnOneBridge_withAnUnknownName_fail() throws Exception {
    for (String command : new String[] {"pause", "resume", "rewind", "accept-loss", "forget"}) {
      Result result = run("bridge", command, file, "x", "--json");
      assertThat(result.code()).as(command).isEqualTo(1);
      assertThat(result.line()).endsWith("\"code\":\"HNK-CLI-NOT-FOUND\"}");
    }
    assertThat(run("bridge", "pause", file).code()).isEqualTo(2);
    assertThat(run("bridge").code()).isEqualTo(2);
  }
}
