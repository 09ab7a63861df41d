package io.honker.cli.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.cli.bridge.BridgeConfig.Channel;
import io.honker.cli.bridge.BridgeConfig.Direction;
import io.honker.cli.bridge.BridgeConfig.Ends;
import io.honker.cli.bridge.BridgeConfig.Inbound;
import io.honker.cli.bridge.BridgeConfig.Outbound;
import io.honker.stream.StreamPosition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration says, and what is wrong with it, with the place. */
class BridgesFileTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("SHOP_PASSWORD", "secret of the environment", "EMPTY", "");

  @TempDir private Path folder;

  @BeforeEach
  void makeDatabase() throws Exception {
    Files.createFile(folder.resolve("app.db"));
  }

  private BridgesFile.Reading read(String text) throws Exception {
    Path file = folder.resolve("bridges.json");
    Files.writeString(file, text);
    return BridgesFile.read(file, ENVIRONMENT::get);
  }

  private BridgesConfig right(String text) throws Exception {
    BridgesFile.Reading reading = read(text);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.config()).isNotNull();
    return reading.config();
  }

  private List<String> problems(String text) throws Exception {
    BridgesFile.Reading reading = read(text);
    assertThat(reading.config()).isNull();
    return reading.problems().stream().map(Problem::toString).toList();
  }

  /** The problems of one broker beside a right rest. */
  private List<String> ofBroker(String broker) throws Exception {
    return problems(
        "{\"database\": \"app.db\", \"brokers\": {\"b\": "
            + broker
            + "}, \"bridges\": [{\"kind\": \"outbound\", \"topic\": \"orders\"}]}");
  }

  /** The problems of one bridge beside a right rest. */
  private List<String> ofBridge(String bridge) throws Exception {
    return problems(
        "{\"database\": \"app.db\", \"brokers\": {\"b\": {\"uri\": \"redis://host\"}},"
            + " \"bridges\": ["
            + bridge
            + "]}");
  }

  @Test
  void read_ofTheShortest_takesDefaults() throws Exception {
    BridgesConfig config =
        right(
            """
            {"database": "app.db", "brokers": {"main": {"uri": "redis://host"}},
             "bridges": [{"kind": "outbound", "topic": "orders"},
               {"kind": "inbound", "log": "prices"}, {"kind": "channel", "channel": "alarms"}]}""");

    Ends ends = new Ends(null, "main");
    assertThat(config.database()).isEqualTo(folder.resolve("app.db"));
    assertThat(config.brokers())
        .containsExactly(new BrokerConfig("main", "redis://host", null, Map.of()));
    assertThat(config.bridges())
        .containsExactly(
            new Outbound(ends, "orders", null, null, false, null),
            new Inbound(ends, "prices", List.of(), null, null, null),
            new Channel(ends, "alarms", null, Direction.BOTH));
    assertThat(config.bridgeNames())
        .containsExactly("orders to orders", "from prices", "channel alarms");
  }

  @Test
  void read_ofEverything_takesItAll() throws Exception {
    Files.writeString(folder.resolve("token.txt"), "secret of the file\n");
    Files.writeString(folder.resolve("uri.txt"), "redis://u:p@host:1\r\n");
    BridgesConfig config =
        right(
            """
            // comments, and commas at the end
            {"database": "app.db",
             "brokers": {
               "red": {"uri": {"file": "uri.txt"}, "timeout": "PT3S", "retention": "P30D"},
               "nat": {"uri": "nats://host", "token": {"file": "token.txt"}, "replicas": 3},
               "pass": {"uri": "redis://host", "user": "shop", "password": {"env": "SHOP_PASSWORD"}},
               "idle": {"uri": "nats://unused"}},
             "bridges": [
               {"kind": "outbound", "broker": "red", "name": "one", "topic": "orders, all", "log": "orders",
                "startAt": 7, "forwarding": true, "batchSize": 10},
               {"kind": "inbound", "broker": "nat", "log": "prices", "onlyTopics": ["a", "b"],
                "intoTopic": "p", "batchSize": 10000},
               {"kind": "inbound", "broker": "nat", "log": "prices", "intoQueue": "q"},
               {"kind": "channel", "broker": "pass", "channel": "c", "toChannel": "d",
                "direction": "send"},
             ]}""");

    assertThat(config.brokers())
        .containsExactly(
            new BrokerConfig(
                "red", "redis://u:p@host:1", Duration.ofSeconds(3), Map.of("retention", "P30D")),
            new BrokerConfig(
                "nat", "nats://host", null, Map.of("token", "secret of the file", "replicas", "3")),
            new BrokerConfig(
                "pass",
                "redis://host",
                null,
                Map.of("user", "shop", "password", "secret of the environment")));
    assertThat(config.bridges())
        .containsExactly(
            new Outbound(
                new Ends("one", "red"), "orders, all", "orders", StreamPosition.after(7), true, 10),
            new Inbound(new Ends(null, "nat"), "prices", List.of("a", "b"), "p", null, 10_000),
            new Inbound(new Ends(null, "nat"), "prices", List.of(), null, "q", null),
            new Channel(new Ends(null, "pass"), "c", "d", Direction.SEND));
    assertThat(config.bridgeNames())
        .containsExactly(
            "one", "from prices into topic p", "from prices into queue q", "channel c");
    assertThat(config.toString()).doesNotContain("secret", "u:p@");
  }

  @Test
  void read_ofNoJson_tellsWhere() throws Exception {
    assertThat(problems("{\n  \"database\": \"ä😀\",\n  x y\n}"))
        .containsExactly("no JSON from line 3, column 5 on");
    assertThat(problems("{\"database\": ")).singleElement().asString().contains("too early");
    assertThat(problems("[1]"))
        .first()
        .asString()
        .isEqualTo("must be an object { ... }, not a list");
  }

  @Test
  void read_ofAnEmptyObject_tellsAllThatIsMissing() throws Exception {
    assertThat(problems("{}"))
        .hasSize(3)
        .anyMatch(text -> text.startsWith("database: is missing; "))
        .anyMatch(text -> text.startsWith("brokers: is missing; write \"brokers\": {"))
        .anyMatch(text -> text.startsWith("bridges: is missing; write \"bridges\": [{"));
    assertThat(problems("{\"database\": \"no.db\", \"brokers\": {}, \"bridges\": [], \"x\": 1}"))
        .hasSize(4)
        .anyMatch(text -> text.matches("database: there is no file .*/no\\.db; .*"))
        .anyMatch(text -> text.startsWith("brokers: must have a broker"))
        .anyMatch(text -> text.startsWith("bridges: must be a list of at least one bridge"))
        .contains("x: is unknown here; known are database, brokers, bridges");
  }

  @Test
  void read_ofSecretsInTheFile_refusesThemWithoutShowingThem() throws Exception {
    List<String> found =
        ofBroker("{\"uri\": \"redis://joe:hunter2@host\", \"password\": \"hunter2\"}");

    assertThat(found)
        .hasSize(2)
        .anyMatch(text -> text.startsWith("brokers.b.uri: must hold no user and password here"))
        .anyMatch(text -> text.startsWith("brokers.b.password: must not stand in the file; write"))
        .allMatch(text -> text.contains("{\"env\": \"NAME\"}"))
        .noneMatch(text -> text.contains("hunter2") || text.contains("joe"));
    assertThat(ofBroker("{\"uri\": \"nats://host\", \"token\": \"hunter2\"}"))
        .singleElement()
        .asString()
        .startsWith("brokers.b.token: must not stand in the file");
  }

  @Test
  void read_ofSecretsThatCannotBeFound_tellsWhich() throws Exception {
    Files.writeString(folder.resolve("empty.txt"), "\n");
    assertThat(ofBroker("{\"uri\": {\"env\": \"NOPE\"}}"))
        .containsExactly(
            "brokers.b.uri.env: the environment variable NOPE is not set; set it before you start");
    assertThat(ofBroker("{\"uri\": \"redis://h\", \"password\": {\"env\": \"EMPTY\"}}")).hasSize(1);
    assertThat(ofBroker("{\"uri\": \"redis://h\", \"password\": {\"file\": \"no.txt\"}}"))
        .containsExactly(
            "brokers.b.password: the file no.txt cannot be read as text (NoSuchFileException)");
    assertThat(ofBroker("{\"uri\": \"redis://h\", \"password\": {\"file\": \"empty.txt\"}}"))
        .containsExactly("brokers.b.password: the file empty.txt is empty");
    assertThat(
            ofBroker("{\"uri\": \"redis://h\", \"password\": {\"file\": \"a\", \"env\": \"b\"}}"))
        .singleElement()
        .asString()
        .startsWith("brokers.b.password: must be {\"env\": \"NAME\"}");
    assertThat(ofBroker("{\"uri\": \"redis://h\", \"password\": {\"env\": \"EMPTY\", \"x\": 1}}"))
        .containsExactly("brokers.b.password.x: is unknown here; known are env, file");
  }

  @Test
  void read_ofWrongBrokers_tellsWhatTheTransportKnows() throws Exception {
    assertThat(ofBroker("7")).contains("brokers.b: must be an object { ... }, not a number");
    assertThat(ofBroker("{\"uri\": \"http://host\"}"))
        .singleElement()
        .asString()
        .startsWith("brokers.b.uri: must begin with redis://, rediss://, nats://, tls://");
    assertThat(
            ofBroker(
                "{\"uri\": \"redis://h\", \"timeout\": \"5s\", \"pasword\": {\"env\": \"NOPE\"},"
                    + " \"retentoin\": \"P1D\", \"caFile\": \"no.pem\", \"prefix\": true}"))
        .hasSize(6)
        .anyMatch(text -> text.startsWith("brokers.b.timeout: must be a duration"))
        .anyMatch(text -> text.startsWith("brokers.b.pasword.env: the environment variable NOPE"))
        .anyMatch(text -> text.startsWith("brokers.b.prefix: must be a text"))
        .contains("brokers.b: option caFile must name a file that can be read")
        .anyMatch(text -> text.contains("option caFile must name"))
        .anyMatch(text -> text.startsWith("brokers.b: unknown option retentoin; known are "));
  }

  @Test
  void read_ofWrongBridges_tellsWhatAndWhere() throws Exception {
    assertThat(ofBridge("{}"))
        .singleElement()
        .asString()
        .startsWith("bridges[0].kind: is missing;");
    assertThat(ofBridge("{\"kind\": \"out\"}"))
        .singleElement()
        .asString()
        .startsWith("bridges[0].kind: must be \"outbound\"");
    assertThat(ofBridge("{\"kind\": \"outbound\", \"topic\": \"a b\"}"))
        .singleElement()
        .asString()
        .endsWith("set \"log\"");
    assertThat(
            ofBridge(
                "{\"kind\": \"outbound\", \"topic\": \"t\", \"log\": \"a.b\", \"startAt\": \"now\","
                    + " \"forwarding\": \"yes\", \"batchSize\": 10001, \"broker\": \"c\","
                    + " \"into\": \"x\", \"name\": \" \"}"))
        .hasSize(7)
        .contains(
            "bridges[0].broker: is none of the brokers b",
            "bridges[0].forwarding: must be true or false, not a text",
            "bridges[0].batchSize: must be a whole number from 1 to 10000",
            "bridges[0].name: must be a text in \"quotes\", not a blank one")
        .anyMatch(text -> text.startsWith("bridges[0].startAt: must be \"beginning\""))
        .anyMatch(
            text -> text.startsWith("bridges[0].into: is unknown here; known are kind, name"));
    assertThat(
            ofBridge(
                "{\"kind\": \"inbound\", \"log\": \"l\", \"intoTopic\": \"t\", \"intoQueue\": \"q\","
                    + " \"onlyTopics\": [1]}"))
        .containsExactly(
            "bridges[0]: has intoTopic and intoQueue; keep one, and add a second bridge for the"
                + " other",
            "bridges[0].onlyTopics[0]: must be a text in \"quotes\", not a number");
    assertThat(ofBridge("{\"kind\": \"channel\", \"channel\": \"c\", \"direction\": \"up\"}"))
        .containsExactly("bridges[0].direction: must be \"both\", \"send\" or \"receive\"");
  }

  @Test
  void read_ofTwins_refusesThem() throws Exception {
    String twice = "{\"kind\": \"channel\", \"channel\": \"c\"}";
    assertThat(ofBridge(twice + "," + twice))
        .singleElement()
        .asString()
        .startsWith("bridges[1]: has the name \"channel c\" that another one has");
    assertThat(ofBridge("{\"kind\": \"channel\", \"channel\": \"c\", \"channel\": \"d\"}"))
        .containsExactly("bridges[0].channel: stands there twice; remove one");
  }

  @Test
  void read_withSeveralBrokers_wantsEachBridgeToNameOne() throws Exception {
    assertThat(
            problems(
                """
                {"database": "app.db",
                 "brokers": {"a": {"uri": "redis://h"}, "b c": {"uri": "nats://h", "x": "y"}},
                 "bridges": [{"kind": "channel", "channel": "c"}]}"""))
        .hasSize(2)
        .contains("bridges[0]: broker is missing; write one of a, b c")
        .anyMatch(text -> text.startsWith("brokers.\"b c\": unknown option x; known are "));
  }
}
