package io.honker.cli;

import io.honker.Honker;
import io.honker.cli.bridge.BridgesConfig;
import io.honker.cli.bridge.BridgesFile;
import io.honker.cli.bridge.BridgesRun;
import io.honker.cli.bridge.Problem;
import io.honker.time.SystemClock;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker bridge run}: runs the bridges of a configuration file. */
@Command(
    name = "run",
    description = "Runs the bridges of a configuration file until Ctrl-C or SIGTERM.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:with --check: the configuration is right",
      "1:a broker or the database cannot be used; nothing was lost",
      "2:wrong usage, or a wrong configuration; nothing was done",
      "130:ended by Ctrl-C",
      "143:ended by SIGTERM"
    },
    footerHeading = "%nA configuration (JSON; comments are allowed, paths are relative to it):%n",
    footer = {
      "  {",
      "    \"database\": \"app.db\",",
      "    \"brokers\": {",
      "      \"main\": {",
      "        \"uri\": \"rediss://broker.example:6379\",  // or nats://, tls://",
      "        \"user\": \"shop\",",
      "        \"password\": {\"env\": \"BROKER_PASSWORD\"},  // or {\"file\": \"secret.txt\"}",
      "        \"caFile\": \"ca.pem\",",
      "        \"retention\": \"P30D\"",
      "      }",
      "    },",
      "    \"bridges\": [",
      "      {\"kind\": \"outbound\", \"topic\": \"orders\"},",
      "      {\"kind\": \"inbound\", \"log\": \"prices\"},",
      "      {\"kind\": \"channel\", \"channel\": \"alarms\"}",
      "    ]",
      "  }",
      "",
      "A broker takes \"timeout\" (such as \"PT10S\") and every option of its transport.",
      "outbound: topic, log, startAt (\"beginning\", \"end\" or an offset), forwarding, batchSize",
      "inbound:  log, onlyTopics, intoTopic or intoQueue, batchSize",
      "channel:  channel, toChannel, direction (\"both\", \"send\", \"receive\")",
      "all:      name, and broker where there are several"
    })
final class BridgeRunCommand extends DatabaseCommand {

  private static final int WRONG_USAGE = 2;

  /** A call that waits for a broker is left to its timeout; that is 10 s if nobody changes it. */
  private static final Duration GRACE = Duration.ofSeconds(25);

  @Parameters(index = "0", paramLabel = "CONFIG", description = "The configuration file.")
  private @Nullable Path file;

  @Option(names = "--check", description = "Only check the configuration; connects to nothing.")
  private boolean check;

  @Option(
      names = "--keep-trying",
      description =
          "Wait for brokers that cannot be reached at the start, for as long as it takes.")
  private boolean keepTrying;

  @Override
  int work() throws SQLException {
    if (file == null) {
      return FAILED; // picocli has refused that
    }
    BridgesFile.Reading reading = read(file);
    BridgesConfig config = reading.config();
    if (config == null) {
      refuse(file, reading.problems());
      return WRONG_USAGE;
    }
    if (check) {
      tell(file, config);
      return OK;
    }
    return run(config);
  }

  private static BridgesFile.Reading read(Path file) throws SQLException {
    try {
      return BridgesFile.read(file, System::getenv);
    } catch (NoSuchFileException e) {
      throw CommandFailedException.files("there is no configuration " + file);
    } catch (CharacterCodingException e) {
      throw CommandFailedException.files(
          file + " is no text in UTF-8; give the configuration, not the database");
    } catch (IOException e) {
      throw CommandFailedException.files("cannot read the configuration " + file + ": " + e);
    }
  }

  private void refuse(Path file, List<Problem> problems) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Problem problem : problems) {
      rows.add(Arrays.asList(problem.place().isEmpty() ? null : problem.place(), problem.text()));
    }
    String text = Counted.of(problems.size(), "problem") + " in " + file;
    output().failure(new Failure(text, "HNK-CONFIG"), new Rows(List.of("place", "problem"), rows));
  }

  private void tell(Path file, BridgesConfig config) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("config", file);
    object.put("database", config.database());
    object.put("brokers", names(config.brokerNames()));
    object.put("bridges", names(config.bridgeNames()));
    output()
        .thing(
            object,
            file
                + " is right: "
                + Counted.of(config.brokerNames().size(), "broker")
                + ", "
                + Counted.of(config.bridgeNames().size(), "bridge")
                + ": "
                + String.join(", ", config.bridgeNames()));
  }

  private static Rows names(List<String> names) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    names.forEach(name -> rows.add(Arrays.asList(name)));
    return new Rows(List.of("name"), rows);
  }

  @SuppressWarnings("try") // the stop signal is there to be closed last
  private int run(BridgesConfig config) throws SQLException {
    try (StopSignal stop = new StopSignal(GRACE);
        Honker honker = FileCommand.open(config.database());
        BridgesRun bridges = new BridgesRun(config, honker, keepTrying, this::changed)) {
      bridges.run();
      return OK;
    } catch (InterruptedException e) {
      return OK; // by the stop signal, which decides about the exit code
    }
  }

  private void changed(String what, String name, String state, @Nullable String detail) {
    String at = SystemClock.instance().now().truncatedTo(ChronoUnit.MILLIS).toString();
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("at", at);
    object.put(what, name);
    object.put("state", state);
    object.put("detail", detail);
    String text = at + " " + what + " " + name + ": " + state;
    output().event(object, detail == null ? text : text + ": " + TableText.oneLine(detail));
  }
}
