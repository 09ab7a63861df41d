package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeStatus;
import io.honker.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs bridges until told to stop, or killed. Arguments: file, URI, seconds that its clock is
 * ahead, and for each bridge {@code out:TOPIC:LOG}, {@code forward:TOPIC:LOG} or {@code in:LOG}.
 * Requests: {@code status}, {@code stop}.
 */
final class BridgeRole implements Role {

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    Duration ahead = Duration.ofSeconds(Long.parseLong(arguments.get(2)));
    List<Bridge> bridges = new ArrayList<>();
    try (Honker honker = Honker.builder(arguments.get(0)).clock(new AheadClock(ahead)).open();
        Transport transport = Broker.connect(arguments.get(1))) {
      for (String bridge : arguments.subList(3, arguments.size())) {
        bridges.add(Broker.patiently(() -> start(honker, transport, bridge)));
      }
      parent.tell("ready");
      for (String request = parent.nextRequest();
          !request.equals("stop");
          request = parent.nextRequest()) {
        parent.tell(statuses(honker));
      }
      bridges.forEach(Bridge::close);
    }
  }

  /** Starts the bridge that the words tell of. */
  static Bridge start(Honker honker, Transport transport, String bridge) {
    String[] words = bridge.split(":", -1);
    return switch (words[0]) {
      case "out" -> honker.bridges().outbound(words[1], transport).toLog(words[2]).start();
      case "forward" ->
          honker.bridges().outbound(words[1], transport).toLog(words[2]).forwarding().start();
      case "in" -> honker.bridges().inbound(transport, words[1]).start();
      default -> throw new IllegalArgumentException(bridge);
    };
  }

  /** All bridges on record, in one line. */
  static String statuses(Honker honker) {
    return honker.bridges().list().stream()
        .map(BridgeRole::line)
        .collect(Collectors.joining("; "))
        .replace('\n', ' ');
  }

  private static String line(BridgeStatus status) {
    return status.name()
        + " "
        + status.state()
        + " at "
        + status.position()
        + ", lag "
        + status.lag()
        + status.findDetail().map(detail -> " (" + detail + ")").orElse("");
  }
}
