package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.honker.cli.CommandRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** streams, tail and listen. */
class FollowCommandsTest {

  private static final long SIGINT_BIT = 1L << (2 - 1);

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void makeDatabase() {
    file = TestDatabase.create(folder);
  }

  private void publish(String topic, int from, int to) throws SQLException {
    for (int i = from; i <= to; i++) {
      TestDatabase.execute(
          file, "SELECT honker_stream_publish('" + topic + "', 'k', '{\"n\":" + i + "}')");
    }
  }

  @Test
  void streams_withTopicsAndConsumers_listsThem() throws Exception {
    publish("orders", 1, 3);
    publish("other", 1, 1);
    TestDatabase.execute(
        file,
        "SELECT honker_stream_save_offset('billing', 'orders', 1)",
        "SELECT honker_stream_save_offset('mail', 'orders', 3)");

    assertThat(run("streams", file).ok().out())
        .hasSize(5)
        .anyMatch(line -> line.matches("orders +3 +1 +3  \\S+Z +2 +2"));
    assertThat(run("streams", file, "--json").ok().line())
        .startsWith("[{\"topic\":\"orders\",\"events\":3,\"first_offset\":1,\"last_offset\":3,")
        .contains("{\"topic\":\"other\",\"events\":1", "\"largest_lag\":null");
    assertThat(run("streams", file, "orders", "--json").ok().line())
        .isEqualTo(
            "[{\"name\":\"billing\",\"offset\":1,\"lag\":2,\"bridge\":null},"
                + "{\"name\":\"mail\",\"offset\":3,\"lag\":0,\"bridge\":null}]");
  }

  @Test
  void tail_ofWhatIsThere_printsItAndEnds() throws Exception {
    publish("orders", 1, 5);

    assertThat(run("tail", file, "orders", "--from-beginning", "--timeout", "0s").ok().out())
        .hasSize(5)
        .allMatch(line -> line.matches("\\d  \\S+Z  k  \\{\"n\":\\d\\}"));
    assertThat(run("tail", file, "orders", "-n", "2", "--timeout", "0s", "--json").ok().out())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("{\"offset\":4,\"topic\":\"orders\",\"key\":\"k\",\"published_at\":\"")
        .endsWith("\"payload\":{\"n\":4}}");
    assertThat(run("tail", file, "orders", "--after", "1", "--max", "2", "--json").ok().out())
        .hasSize(2)
        .allMatch(line -> line.contains("\"n\":2") || line.contains("\"n\":3"));
    assertThat(run("tail", file, "orders", "-n", "9", "--timeout", "0s").ok().out()).hasSize(5);
    assertThat(run("tail", file, "orders", "--timeout", "0s").ok().out()).isEmpty();
  }

  @Test
  void tail_ofATopicThatGrows_followsUntilTerminated() throws Exception {
    publish("orders", 1, 1);
    try (CommandRun tail = CommandRun.start("tail", file, "orders", "--from-beginning", "--json")) {
      assertThat(tail.next()).contains("\"n\":1");
      publish("other", 1, 1);
      publish("orders", 2, 3);
      assertThat(tail.next()).contains("\"n\":2");
      assertThat(tail.next()).contains("\"n\":3");
      tail.terminate();
      Result result = tail.result();
      assertThat(result.code()).isEqualTo(143);
      assertThat(result.err()).isEmpty();
    }
    assertThat(Path.of(file + "-wal")).as("left by a database that was not closed").doesNotExist();
  }

  @Test
  void tail_uponCtrlC_endsCleanly() throws Exception {
    assumeTrue(
        !isIgnored(), "this process was started with Ctrl-C ignored, and so are its children");
    publish("orders", 1, 1);
    try (CommandRun tail = CommandRun.start("tail", file, "orders", "-n", "1")) {
      assertThat(tail.next()).endsWith("{\"n\":1}");
      Process kill = new ProcessBuilder("kill", "-INT", Long.toString(tail.pid())).start();
      assertThat(kill.waitFor()).isZero();
      Result result = tail.result();
      assertThat(result.code()).isEqualTo(130);
      assertThat(result.err()).isEmpty();
    }
    assertThat(Path.of(file + "-wal")).as("left by a database that was not closed").doesNotExist();
  }

  private static boolean isIgnored() throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
    return status.stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(mask -> (mask & SIGINT_BIT) != 0);
  }

  @Test
  void listen_toAChannel_printsWhatComes() throws Exception {
    TestDatabase.execute(file, "SELECT notify('prices', '\"before\"')");
    try (CommandRun listen = CommandRun.start("listen", file, "prices", "--max", "2", "--json")) {
      String first = null;
      for (int i = 1; first == null; i++) {
        TestDatabase.execute(
            file, "SELECT notify('prices', '{\"n\":" + i + "}')", "SELECT notify('other', '{}')");
        first = listen.poll();
      }
      assertThat(first)
          .matches("\\{\"id\":\\d+,\"channel\":\"prices\",\"created_at\":\"\\S+Z\",\"payload\":.*")
          .doesNotContain("before");
      TestDatabase.execute(file, "SELECT notify('prices', 'no json')");
      Result result = listen.result().ok();
      assertThat(result.out()).hasSize(1);
      assertThat(TestDatabase.isJson(result.out().get(0))).isTrue();
    }
  }

  @Test
  void listen_withNothingToHear_endsAtItsTimeout() throws Exception {
    assertThat(run("listen", file, "prices", "--timeout", "1s").ok().out()).isEmpty();
  }

  @Test
  void listen_terminated_endsCleanly() throws Exception {
    try (CommandRun listen = CommandRun.start("listen", file, "prices")) {
      String line = null;
      while (line == null) {
        TestDatabase.execute(file, "SELECT notify('prices', '1')");
        line = listen.poll();
      }
      assertThat(line).matches("\\d+  \\S+Z  1");
      listen.terminate();
      assertThat(listen.result().code()).isEqualTo(143);
    }
  }

  @Test
  void bothCommands_withWrongUsage_exitWithTwo() throws Exception {
    assertThat(run("tail", file).code()).isEqualTo(2);
    assertThat(run("tail", file, "t", "-n", "1", "--after", "2").code()).isEqualTo(2);
    assertThat(run("tail", file, "t", "--after", "-2").code()).isEqualTo(2);
    assertThat(run("tail", file, "t", "--max", "0").code()).isEqualTo(2);
    assertThat(run("listen", file, "c", "--timeout", "never").code()).isEqualTo(2);
    assertThat(run("listen", folder.resolve("missing.db"), "c").code()).isEqualTo(1);
    assertThat(folder.resolve("missing.db")).doesNotExist();
  }
}
