package io.honker.cli;

import static io.honker.cli.CommandRun.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.brokers.BrokerServer;
import io.honker.brokers.Certificates;
import io.honker.brokers.NatsServer;
import io.honker.brokers.RedisServer;
import io.honker.cli.CommandRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bridges that the tool runs, over real servers. */
class BridgeRunCommandTest {

  private static final String SECRET = "not-to-be-shown";

  @TempDir private Path folder;
  private Path here = Path.of("");
  private Path there = Path.of("");

  @BeforeEach
  void makeDatabases() throws IOException {
    here = TestDatabase.create(Files.createDirectory(folder.resolve("here")));
    there = TestDatabase.create(Files.createDirectory(folder.resolve("there")));
    Files.writeString(folder.resolve("secret.txt"), SECRET + "\n");
  }

  private Path serverFolder() throws IOException {
    return Files.createDirectory(folder.resolve("server"));
  }

  private Path config(Path database, String broker, String... bridges) throws IOException {
    Path file = Files.createTempFile(folder, "bridges", ".json");
    Files.writeString(
        file,
        "{\"database\": \""
            + folder.relativize(database)
            + "\", \"brokers\": {\"main\": {"
            + broker
            + "}},\n\"bridges\": ["
            + String.join(",\n", bridges)
            + "]}");
    return file;
  }

  private static String uri(BrokerServer server, String scheme) {
    return "\"uri\": \"" + scheme + "://localhost:" + server.port() + "\", \"timeout\": \"PT20S\"";
  }

  /** Reads lines until one has all of these. */
  private static String await(CommandRun run, String... texts) throws Exception {
    String line = run.next();
    while (!List.of(texts).stream().allMatch(line::contains)) {
      line = run.next();
    }
    return line;
  }

  private static void publish(Path file, int n) throws Exception {
    TestDatabase.execute(file, "SELECT honker_stream_publish('orders', 'k', '{\"n\":" + n + "}')");
  }

  /** Two processes and a channel listener in a third, over one broker. */
  private void carriesEverything(String broker) throws Exception {
    Path sending =
        config(
            here,
            broker,
            "{\"kind\": \"outbound\", \"topic\": \"orders\"}",
            "{\"kind\": \"channel\", \"channel\": \"prices\", \"direction\": \"send\"}");
    Path receiving =
        config(
            there,
            broker,
            "{\"kind\": \"inbound\", \"log\": \"orders\"}",
            "{\"kind\": \"inbound\", \"log\": \"orders\", \"intoQueue\": \"jobs\"}",
            "{\"kind\": \"channel\", \"channel\": \"prices\", \"direction\": \"receive\"}");
    publish(here, 1);
    try (CommandRun out = CommandRun.start("bridge", "run", sending, "--json");
        CommandRun in = CommandRun.start("bridge", "run", receiving, "--json");
        CommandRun tail = CommandRun.start("tail", there, "orders", "--from-beginning", "--json");
        CommandRun listen = CommandRun.start("listen", there, "prices", "--json")) {
      assertThat(tail.next()).contains("\"payload\":{\"n\":1}");
      publish(here, 2);
      assertThat(tail.next()).contains("\"payload\":{\"n\":2}");
      await(out, "\"broker\":\"main\"", "\"state\":\"CONNECTED\"");
      await(out, "\"bridge\":\"channel prices\"", "\"state\":\"RUNNING\"");
      await(in, "\"bridge\":\"channel prices\"", "\"state\":\"RUNNING\"");
      String heard = null;
      for (int i = 1; heard == null; i++) {
        TestDatabase.execute(here, "SELECT notify('prices', '" + i + "')");
        heard = listen.poll();
      }
      assertThat(heard).contains("\"channel\":\"prices\"");
      out.terminate();
      in.terminate();
      endedBySignal(out.result());
      endedBySignal(in.result());
    }
    assertThat(run("jobs", there, "jobs", "--payload").ok().out())
        .anyMatch(line -> line.endsWith("{\"n\":1}"))
        .anyMatch(line -> line.endsWith("{\"n\":2}"))
        .contains("(2 rows)");
    assertThat(run("streams", here, "orders", "--json").ok().line())
        .isEqualTo(
            "[{\"name\":\"honkerj-bridge:orders to orders\",\"offset\":2,\"lag\":0,"
                + "\"bridge\":\"orders to orders\"}]");
    assertThat(Path.of(here + "-wal")).as("left by a database that was not closed").doesNotExist();
    assertThat(Path.of(there + "-wal")).doesNotExist();
  }

  private static void endedBySignal(Result result) {
    assertThat(result.code()).isEqualTo(143);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).noneMatch(line -> line.contains(SECRET));
  }

  @Test
  void run_overRedisWithAPassword_carriesEvents() throws Exception {
    try (RedisServer server = new RedisServer(serverFolder()).with("requirepass", SECRET)) {
      server.start();
      carriesEverything(uri(server, "redis") + ", \"password\": {\"file\": \"secret.txt\"}");
    }
  }

  @Test
  void run_overNatsWithTlsAndAToken_carriesEvents() throws Exception {
    Certificates certificates =
        new Certificates(folder.resolve("certificates"), "DNS:localhost,IP:127.0.0.1");
    try (NatsServer server =
        new NatsServer(serverFolder())
            .with("authorization { token: \"" + SECRET + "\" }")
            .tls(certificates)) {
      server.start();
      carriesEverything(
          uri(server, "tls")
              + ", \"token\": {\"file\": \"secret.txt\"}, \"caFile\": \"certificates/ca.pem\"");
    }
  }

  @Test
  void run_withAWrongPassword_failsNamingIt() throws Exception {
    try (RedisServer server = new RedisServer(serverFolder()).with("requirepass", "another")) {
      server.start();
      String broker = uri(server, "redis") + ", \"password\": {\"file\": \"secret.txt\"}";
      for (String option : new String[] {"--json", "--keep-trying"}) {
        Result result =
            run(
                "bridge",
                "run",
                config(here, broker, "{\"kind\": \"inbound\", \"log\": \"x\"}"),
                option);
        assertThat(result.code()).as(option).isEqualTo(1);
        assertThat(result.out() + result.err())
            .contains("the user or the password is wrong", "HNK-TRANSPORT")
            .doesNotContain(SECRET);
      }
    }
  }

  @Test
  void run_withUntrustedTls_failsNamingTheOption() throws Exception {
    Certificates certificates =
        new Certificates(folder.resolve("certificates"), "DNS:localhost,IP:127.0.0.1");
    try (RedisServer server = new RedisServer(serverFolder()).tls(certificates)) {
      server.start();
      Result result =
          run(
              "bridge",
              "run",
              config(here, uri(server, "rediss"), "{\"kind\": \"inbound\", \"log\": \"x\"}"));
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("error: ", "option caFile", "(HNK-TRANSPORT)");
    }
  }

  @Test
  void run_withAnUnknownHost_failsNamingIt() throws Exception {
    Result result =
        run(
            "bridge",
            "run",
            config(
                here,
                "\"uri\": \"nats://broker.invalid:4222\"",
                "{\"kind\": \"inbound\", \"log\": \"x\"}"),
            "--json");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.line())
        .contains("broker.invalid:4222: unknown host; check the name")
        .endsWith("\"code\":\"HNK-TRANSPORT\"}");
  }

  @Test
  void run_beforeItsBroker_failsOrKeepsTrying() throws Exception {
    try (NatsServer server = new NatsServer(serverFolder())) {
      server.start(); // for its port
      server.kill();
      Path config =
          config(here, uri(server, "nats"), "{\"kind\": \"outbound\", \"topic\": \"orders\"}");
      Result result = run("bridge", "run", config);
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("connection refused; check host and port");

      try (CommandRun run = CommandRun.start("bridge", "run", config, "--keep-trying", "--json")) {
        assertThat(run.next())
            .contains(
                "\"broker\":\"main\",\"state\":\"WAITING\"", "connection refused", "next try in");
        server.start();
        await(run, "\"broker\":\"main\"", "\"state\":\"CONNECTED\"");
        await(run, "\"bridge\":\"orders to orders\"", "\"state\":\"RUNNING\"");
        run.terminate();
        assertThat(run.result().code()).isEqualTo(143);
      }
    }
  }

  @Test
  void run_whoseBrokerLosesEverything_isBrokenUntilItIsRewound() throws Exception {
    try (RedisServer server = new RedisServer(serverFolder())) {
      server.start();
      String broker = uri(server, "redis");
      Path config = config(here, broker, "{\"kind\": \"outbound\", \"topic\": \"orders\"}");
      Path reading = config(there, broker, "{\"kind\": \"inbound\", \"log\": \"orders\"}");
      publish(here, 1);
      try (CommandRun first = CommandRun.start("bridge", "run", config, "--json")) {
        awaitLag(0);
        first.terminate();
        endedBySignal(first.result());
      }
      server.kill();
      deleteAll(server.folder());
      server.start();

      try (CommandRun second = CommandRun.start("bridge", "run", config, "--json")) {
        assertThat(await(second, "\"state\":\"BROKEN\""))
            .contains("the broker has lost events of orders");
        assertThat(run("bridge", "status", here, "--json").ok().line())
            .contains("\"state\":\"BROKEN\"");
        assertThat(run("doctor", here, "--json").line())
            .contains("{\"id\":\"bridge-broken\",\"severity\":\"error\"");
        assertThat(run("bridge", "rewind", here, "orders to orders").code()).isZero();
        await(second, "\"state\":\"RUNNING\"");
        try (CommandRun in = CommandRun.start("bridge", "run", reading, "--json");
            CommandRun tail = CommandRun.start("tail", there, "orders", "--from-beginning")) {
          assertThat(tail.next()).endsWith("{\"n\":1}");
          in.terminate();
          endedBySignal(in.result());
        }
      }
    }
  }

  private void awaitLag(int lag) throws Exception {
    String line = "";
    while (!line.contains("\"lag\":" + lag)) {
      line = run("bridge", "status", here, "--json").ok().line();
    }
  }

  private static void deleteAll(Path data) throws IOException {
    try (var files = Files.walk(data)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(data)) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void run_whileAnotherProcessRunsTheSame_standsBy() throws Exception {
    try (RedisServer server = new RedisServer(serverFolder())) {
      server.start();
      Path config =
          config(here, uri(server, "redis"), "{\"kind\": \"outbound\", \"topic\": \"orders\"}");
      try (CommandRun first = CommandRun.start("bridge", "run", config)) {
        awaitError(first, "bridge orders to orders: RUNNING");
        try (CommandRun second = CommandRun.start("bridge", "run", config, "--json")) {
          assertThat(await(second, "\"state\":\"STANDBY\"")).contains("another process");
          first.terminate();
          assertThat(first.result().code()).isEqualTo(143);
          await(second, "\"state\":\"RUNNING\"");
          second.terminate();
          endedBySignal(second.result());
        }
      }
    }
  }

  @Test
  void run_ofANameThatIsTakenByAnother_fails() throws Exception {
    TestDatabase.execute(
        here,
        "INSERT INTO _honkerj_bridges VALUES"
            + " ('taken', 'INBOUND', 'x', 'y', 'RUNNING', NULL, 1, 0, NULL, 0)");
    try (RedisServer server = new RedisServer(serverFolder())) {
      server.start();
      Result result =
          run(
              "bridge",
              "run",
              config(
                  here,
                  uri(server, "redis"),
                  "{\"kind\": \"outbound\", \"topic\": \"orders\", \"name\": \"taken\"}"));
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err())
          .contains("\"taken\" is on record as inbound from log y into x", "(HNK-CONFIG)");
    }
  }

  private static void awaitError(CommandRun run, String text) throws Exception {
    while (!run.errors().contains(text)) {
      assertThat(run.isAlive()).isTrue();
      assertThat(run.poll()).isNull();
    }
  }

  @Test
  void run_ofAWrongConfiguration_listsItsProblemsAndDoesNothing() throws Exception {
    Path wrong =
        config(
            here,
            "\"uri\": \"redis://u:" + SECRET + "@host\"",
            "{\"kind\": \"outbound\"}",
            "{\"kind\": \"inbound\", \"log\": \"x\", \"topic\": \"y\"}");
    Result result = run("bridge", "run", wrong);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("error: 3 problems in " + wrong + " (HNK-CONFIG)\n  brokers.main.uri: ")
        .contains("\n  bridges[0].topic: is missing", "\n  bridges[1].topic: is unknown here")
        .doesNotContain(SECRET);

    Result json = run("bridge", "run", wrong, "--check", "--json");
    assertThat(json.code()).isEqualTo(2);
    assertThat(json.line())
        .contains(
            "\"code\":\"HNK-CONFIG\",\"problems\":[{\"place\":\"brokers.main.uri\",\"problem\":")
        .doesNotContain(SECRET);
    assertThat(TestDatabase.isJson(json.line())).isTrue();
  }

  @Test
  void check_ofARightConfiguration_connectsToNothing() throws Exception {
    Path right =
        config(
            here,
            "\"uri\": \"redis://broker.invalid\"",
            "{\"kind\": \"inbound\", \"log\": \"x\"}",
            "{\"kind\": \"channel\", \"channel\": \"c\"}");
    assertThat(run("bridge", "run", right, "--check").ok().line())
        .endsWith("is right: 1 broker, 2 bridges: from x, channel c");
    assertThat(run("bridge", "run", right, "--check", "--json").ok().line())
        .endsWith("\"bridges\":[{\"name\":\"from x\"},{\"name\":\"channel c\"}]}");
    assertThat(run("bridge", "status", here, "--json").ok().line()).isEqualTo("[]");
  }

  @Test
  void run_withoutAConfiguration_saysSo() throws Exception {
    Result missing = run("bridge", "run", folder.resolve("none.json"));
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("there is no configuration", "(HNK-CLI-FILES)");
    assertThat(run("bridge", "run").code()).isEqualTo(2);
  }

  @Test
  void run_ofTheDatabaseInsteadOfTheConfiguration_saysSo() throws Exception {
    Path binary = folder.resolve("shop.db");
    Files.write(binary, new byte[] {'S', 'Q', 'L', (byte) 0xff, 0});

    Result result = run("bridge", "run", binary, "--check");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains(binary + " is no text in UTF-8", "not the database", "(HNK-CLI-FILES)");
  }
}
