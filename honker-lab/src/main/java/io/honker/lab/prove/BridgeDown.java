package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The broker is down while a process with little heap publishes, in turns with one that has no
 * bridge: it is as quick, needs no more memory, and everything arrives when the broker is back.
 */
final class BridgeDown implements Case {

  private static final int DEFAULT_ROUNDS = 2;
  private static final int DEFAULT_EVENTS = 100_000;
  private static final int TURNS = 20;
  private static final int HEAP_MEGABYTES = 64;
  private static final long MOST_HEAP_GROWTH = 16_000_000;
  private static final int WARM_UP = 4_000;
  private static final String LOG = "down";

  /** Runs of fewer events say nothing about speed. */
  private static final int JUDGED_FROM = 50_000;

  private static final double LEAST_SPEED = 0.9;
  private static final Duration TO_DRAIN = Duration.ofMinutes(5);

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    int events = settings.number("each", DEFAULT_EVENTS);
    for (int round = 1; round <= rounds(settings); round++) {
      String kind = round % 2 == 1 ? Broker.REDIS : Broker.NATS;
      String name = "down-" + round;
      try (Broker broker = Broker.start(kind, workspace);
          ChildProcess plain =
              publisher(name + "-plain", workspace, workspace.file(name + "-plain.db"), "plain");
          ChildProcess bridged =
              publisher(
                  name + "-bridged",
                  workspace,
                  workspace.file(name + "-bridged.db"),
                  name,
                  broker.uri(),
                  LOG)) {
        awaitReady(plain, 1);
        awaitReady(bridged, 2);
        ask(plain, WARM_UP);
        ask(bridged, WARM_UP);
        double speed = publish(broker, plain, bridged, events, faults);
        drain(broker, bridged, workspace.file(name + "-target.db"), name, events, faults);
        require(
            events < JUDGED_FROM || speed >= LEAST_SPEED,
            () -> "with a bridge whose broker is down publishing is " + speed + " times as quick");
      } catch (ProofFailedException e) {
        throw new ProofFailedException("in round " + round + ", " + kind + ": " + e.getMessage());
      }
      faults.hit();
    }
  }

  private static ChildProcess publisher(String name, Workspace workspace, Object... arguments) {
    return ChildProcess.role(name, workspace, HEAP_MEGABYTES, "publish", arguments);
  }

  private static void awaitReady(ChildProcess child, int lines) throws InterruptedException {
    require(child.awaitLines(lines), () -> child.name() + " ended" + child.complaint());
  }

  private static long ask(ChildProcess child, Object request) throws InterruptedException {
    String answer = child.ask(request.toString());
    require(answer.matches("[0-9]+"), () -> child.name() + ": " + answer + child.complaint());
    return Long.parseLong(answer);
  }

  /** Returns how quick publishing is, compared with a process without a bridge. */
  private static double publish(
      Broker broker, ChildProcess plain, ChildProcess bridged, int events, Faults faults)
      throws InterruptedException {
    broker.kill();
    long heapBefore = ask(bridged, "heap");
    List<Double> ratios = new ArrayList<>();
    long plainNanos = 0;
    long bridgedNanos = 0;
    for (int turn = 0; turn < TURNS; turn++) {
      long without = ask(plain, events / TURNS);
      long with = ask(bridged, events / TURNS);
      ratios.add((double) without / with);
      plainNanos += without;
      bridgedNanos += with;
    }
    long heapAfter = ask(bridged, "heap");
    double middle = ratios.stream().sorted().toList().get(TURNS / 2);
    faults.tell(
        String.format(
            Locale.ROOT,
            "%s down: %d events at %.0f/s with a bridge, %.0f/s without: %.2f (median of %d turns);"
                + " heap %.1f MB before, %.1f MB after",
            broker.kind(),
            events,
            events * 1e9 / bridgedNanos,
            events * 1e9 / plainNanos,
            middle,
            TURNS,
            heapBefore / 1e6,
            heapAfter / 1e6));
    require(
        heapAfter - heapBefore < MOST_HEAP_GROWTH,
        () -> "the heap has grown by " + (heapAfter - heapBefore) + " bytes");
    String status = bridged.ask("status");
    require(status.contains(" RETRYING "), () -> "the bridge says " + status);
    return middle;
  }

  private static void drain(
      Broker broker, ChildProcess bridged, Path file, String name, int events, Faults faults)
      throws Exception {
    Map<String, Long> counts = Map.of(name + "/" + BridgePair.TOPIC, (long) WARM_UP + events);
    broker.restart();
    long begun = System.nanoTime();
    try (Honker honker = Honker.open(file);
        EventTarget target = new EventTarget(file);
        Transport transport = Broker.connect(broker.uri());
        Bridge in = BridgeRole.start(honker, transport, "in:" + LOG)) {
      target.await(counts, TO_DRAIN, () -> in.status() + "; " + BridgeProcess.statusOf(bridged));
      target.requireExactly(counts);
    }
    faults.tell(
        String.format(
            Locale.ROOT,
            "%s back: all %d are in the target once, %.1f s later; heap %.1f MB",
            broker.kind(),
            WARM_UP + events,
            (System.nanoTime() - begun) / 1e9,
            ask(bridged, "heap") / 1e6));
  }
}
