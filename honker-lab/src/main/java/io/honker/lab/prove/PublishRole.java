package io.honker.lab.prove;

import io.honker.bridge.Bridge;
import io.honker.transport.Transport;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/**
 * Publishes when asked. Arguments: file, name of the source, and with a bridge: URI, log. Requests:
 * a number of events, answered by the nanoseconds that it took; {@code heap}, answered by the bytes
 * in use after a collection; {@code status}; {@code stop}.
 */
final class PublishRole implements Role {

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    try (EventSource source = new EventSource(Path.of(arguments.get(0)), arguments.get(1))) {
      if (arguments.size() == 2) {
        answer(source, parent);
        return;
      }
      try (Transport transport = Broker.connect(arguments.get(2));
          Bridge bridge = start(source, transport, arguments.get(3))) {
        parent.note("bridge", bridge.name());
        answer(source, parent);
      }
    }
  }

  private static Bridge start(EventSource source, Transport transport, String log) {
    String bridge = "out:" + BridgePair.TOPIC + ":" + log;
    return Broker.patiently(() -> BridgeRole.start(source.honker(), transport, bridge));
  }

  private static void answer(EventSource source, Parent parent) throws InterruptedException {
    parent.note("ready", "");
    for (String request = parent.nextRequest();
        !request.equals("stop");
        request = parent.nextRequest()) {
      switch (request) {
        case "heap" -> parent.tell(Long.toString(heap()));
        case "status" -> parent.tell(BridgeRole.statuses(source.honker()));
        default -> parent.tell(Long.toString(publish(source, Integer.parseInt(request))));
      }
    }
  }

  private static long publish(EventSource source, int events) {
    long begun = System.nanoTime();
    for (int i = 0; i < events; i++) {
      source.publish(BridgePair.TOPIC, 1);
    }
    return System.nanoTime() - begun;
  }

  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
