package io.honker.cli.bridge;

import io.honker.cli.bridge.BridgeConfig.Channel;
import io.honker.cli.bridge.BridgeConfig.Direction;
import io.honker.cli.bridge.BridgeConfig.Ends;
import io.honker.cli.bridge.BridgeConfig.Inbound;
import io.honker.cli.bridge.BridgeConfig.Outbound;
import io.honker.spi.PlainName;
import io.honker.stream.StreamPosition;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads bridges. */
final class BridgeReader {

  private static final int LARGEST_BATCH = 10_000;
  private static final String KINDS =
      "\"outbound\" (a topic to a log), \"inbound\" (a log to here) or \"channel\"";

  private final Set<String> brokers;
  private final List<Problem> problems;

  /** Knows the brokers' names, those of wrong ones included. */
  BridgeReader(Set<String> brokers, List<Problem> problems) {
    this.brokers = brokers;
    this.problems = problems;
  }

  Optional<BridgeConfig> read(JsonNode node) {
    int before = problems.size();
    Entries entries = new Entries(node, problems);
    Optional<JsonNode> kind = entries.require("kind", "write " + KINDS);
    Optional<String> word = kind.flatMap(entries::text);
    if (word.isEmpty()) {
      return Optional.empty();
    }
    Ends ends = new Ends(entries.text("name").orElse(null), broker(entries));
    BridgeConfig bridge = read(word.get(), entries, ends);
    if (bridge == null) {
      entries.problem(kind.get(), "must be " + KINDS);
      return Optional.empty();
    }
    entries.refuseOthers();
    return problems.size() > before ? Optional.empty() : Optional.of(bridge);
  }

  private @Nullable BridgeConfig read(String kind, Entries entries, Ends ends) {
    return switch (kind) {
      case "outbound" -> outbound(entries, ends);
      case "inbound" -> inbound(entries, ends);
      case "channel" -> channel(entries, ends);
      default -> null;
    };
  }

  /** May be left out where there is only one. */
  private String broker(Entries entries) {
    Optional<JsonNode> node = entries.find("broker");
    if (node.isEmpty()) {
      if (brokers.size() > 1) {
        entries.problem("broker is missing; write one of " + String.join(", ", brokers));
      }
      return brokers.stream().findFirst().orElse("");
    }
    String name = entries.text(node.get()).orElse("");
    if (!name.isEmpty() && !brokers.contains(name)) {
      entries.problem(
          node.get(),
          brokers.isEmpty()
              ? "is not among the brokers"
              : "is none of the brokers " + String.join(", ", brokers));
    }
    return name;
  }

  private Outbound outbound(Entries entries, Ends ends) {
    String topic = entries.requireText("topic", "name the local topic").orElse("");
    Optional<JsonNode> log = entries.find("log");
    String logName = log.flatMap(entries::text).orElse(topic);
    if (!logName.isEmpty() && !PlainName.is(logName)) {
      entries.problem(
          (log.isPresent() ? "the log's name" : "the topic's name, which the log would get too,")
              + " must be 1 to 100 letters, digits and - _; set \"log\"");
    }
    return new Outbound(
        ends,
        topic,
        log.isPresent() ? logName : null,
        entries.find("startAt").map(node -> position(entries, node)).orElse(null),
        entries.flag("forwarding"),
        batchSize(entries));
  }

  private StreamPosition position(Entries entries, JsonNode node) {
    if (node.value() instanceof String word) {
      if (word.equals("end")) {
        return StreamPosition.end();
      }
      if (word.equals("beginning")) {
        return StreamPosition.beginning();
      }
    }
    if (node.type().equals("integer")
        && node.value() instanceof Number offset
        && offset.longValue() >= 0) {
      return StreamPosition.after(offset.longValue());
    }
    entries.problem(
        node, "must be \"beginning\", \"end\", or the offset of the last event not to be sent");
    return StreamPosition.beginning();
  }

  private Inbound inbound(Entries entries, Ends ends) {
    String log = entries.requireText("log", "name the log at the broker").orElse("");
    if (!log.isEmpty() && !PlainName.is(log)) {
      entries.problem("the log's name must be 1 to 100 letters, digits and - _");
    }
    Optional<String> topic = entries.text("intoTopic");
    Optional<String> queue = entries.text("intoQueue");
    if (topic.isPresent() && queue.isPresent()) {
      entries.problem(
          "has intoTopic and intoQueue; keep one, and add a second bridge for the other");
    }
    return new Inbound(
        ends,
        log,
        entries.texts("onlyTopics"),
        topic.orElse(null),
        queue.orElse(null),
        batchSize(entries));
  }

  private static @Nullable Integer batchSize(Entries entries) {
    return entries.number("batchSize", 1, LARGEST_BATCH).orElse(null);
  }

  private static Channel channel(Entries entries, Ends ends) {
    return new Channel(
        ends,
        entries.requireText("channel", "name the local channel").orElse(""),
        entries.text("toChannel").orElse(null),
        entries.find("direction").map(node -> direction(entries, node)).orElse(Direction.BOTH));
  }

  private static Direction direction(Entries entries, JsonNode node) {
    for (Direction direction : Direction.values()) {
      if (direction.name().toLowerCase(Locale.ROOT).equals(node.value())) {
        return direction;
      }
    }
    entries.problem(node, "must be \"both\", \"send\" or \"receive\"");
    return Direction.BOTH;
  }
}
