package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.lab.prove.FaultProxy.Fault;
import io.honker.lab.prove.FaultProxy.Planned;
import io.honker.lab.prove.FaultProxy.Way;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Events of two databases go through a broker to a third one while connections are cut at random
 * bytes, stall and lose one way, the broker is killed, and the processes of the bridges are killed:
 * after every round the target has every event once, in order.
 */
final class BridgeFaults implements Case {

  private static final int DEFAULT_ROUNDS = 200;
  private static final int PATIENT_EVERY = 16; // rounds; the kinds of faults are 9
  private static final List<String> TOPICS = List.of("orders", "audit");
  private static final String LOG = "events";
  private static final Duration TO_STRIKE = Duration.ofSeconds(90);
  private static final Duration TO_DRAIN = Duration.ofSeconds(180);
  private static final long MOST_NANOS = 1_000_000_000;

  /** What is done in a round. */
  private enum Kind {
    CUT,
    CUT_ONE_WAY,
    STALL,
    HALF_OPEN,
    REFUSED,
    BROKER_KILLED,
    OUTBOUND_KILLED,
    INBOUND_KILLED,
    BOTH_KILLED
  }

  private final String broker;

  BridgeFaults(String broker) {
    this.broker = broker;
  }

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    try (Scene scene = new Scene(broker, faults, workspace)) {
      for (int round = 1; round <= rounds(settings); round++) {
        try {
          scene.round(round);
        } catch (ProofFailedException e) {
          throw new ProofFailedException("in round " + round + ": " + e.getMessage());
        }
        workspace.deleteNativeLibraries();
      }
      scene.finish();
    }
  }

  private static final class Scene implements AutoCloseable {

    private final Faults faults;
    private final Broker broker;
    private final FaultProxy outProxy;
    private final FaultProxy inProxy;
    private final EventSource source;
    private final EventSource other;
    private final Path targetFile;
    private final EventTarget target;
    private final BridgeProcess out;
    private final BridgeProcess in;
    private final Transport transport;
    private final List<Bridge> others = new ArrayList<>();
    private final List<Kind> order = new ArrayList<>();
    private final Map<Kind, Integer> hits = new EnumMap<>(Kind.class);

    Scene(String kind, Faults faults, Workspace workspace) throws Exception {
      this.faults = faults;
      this.broker = Broker.start(kind, workspace);
      this.outProxy = new FaultProxy(broker.port());
      this.inProxy = new FaultProxy(broker.port());
      Path sourceFile = workspace.file("source.db");
      this.source = new EventSource(sourceFile, "a");
      this.other = new EventSource(workspace.file("other.db"), "b");
      this.targetFile = workspace.file("target.db");
      Honker.open(targetFile).close();
      this.target = new EventTarget(targetFile);
      List<String> outbound = TOPICS.stream().map(topic -> "out:" + topic + ":" + LOG).toList();
      this.out =
          new BridgeProcess(
              "outbound",
              workspace,
              sourceFile,
              broker.uri(outProxy.port()),
              outbound.toArray(String[]::new));
      this.in =
          new BridgeProcess(
              "inbound", workspace, targetFile, broker.uri(inProxy.port()), "in:" + LOG);
      out.start();
      in.start();
      this.transport = Broker.connect(broker.uri());
      outbound.forEach(bridge -> others.add(BridgeRole.start(other.honker(), transport, bridge)));
      out.awaitReady();
      in.awaitReady();
      source.begin(TOPICS, faults.random(-1));
      other.begin(TOPICS, faults.random(-2));
    }

    void round(int round) throws Exception {
      Random random = faults.random(round);
      if (order.isEmpty()) {
        order.addAll(List.of(Kind.values()));
        Collections.shuffle(order, random);
      }
      Kind kind = order.remove(0);
      boolean patient = round % PATIENT_EVERY == 0;
      String what =
          switch (kind) {
            case CUT -> onNetwork(Fault.CUT, 0, random);
            case CUT_ONE_WAY -> onNetwork(Fault.CUT_ONE_WAY, 0, random);
            case STALL -> onNetwork(Fault.STALL, 4, random);
            case HALF_OPEN -> onNetwork(Fault.HALF_OPEN, 4, random);
            case REFUSED -> refused(random);
            case BROKER_KILLED -> brokerKilled(random);
            case OUTBOUND_KILLED -> killed(patient, random, out);
            case INBOUND_KILLED -> killed(patient, random, in);
            case BOTH_KILLED -> killed(patient, random, out, in);
          };
      faults.hit();
      hits.merge(kind, 1, Integer::sum);
      long healed = System.nanoTime();
      Map<String, Long> counts = published();
      target.await(counts, TO_DRAIN, this::trouble);
      faults.tell(
          String.format(
              Locale.ROOT,
              "round %d: %s; %d events are there %.2f s later",
              round,
              what,
              counts.values().stream().mapToLong(Long::longValue).sum(),
              (System.nanoTime() - healed) / 1e9));
    }

    private Map<String, Long> published() {
      Map<String, Long> counts = new TreeMap<>(source.published());
      counts.putAll(other.published());
      return counts;
    }

    private String trouble() {
      return "outbound: "
          + out.status()
          + " | inbound: "
          + in.status()
          + " | other: "
          + BridgeRole.statuses(other.honker());
    }

    // ---- faults

    private String onNetwork(Fault fault, int mostSeconds, Random random) throws Exception {
      boolean outbound = random.nextBoolean();
      FaultProxy proxy = outbound ? outProxy : inProxy;
      Way way = random.nextBoolean() ? Way.TO_BROKER : Way.FROM_BROKER;
      boolean answers = outbound == (way == Way.FROM_BROKER);
      int bytes = random.nextInt(random.nextBoolean() ? 200 : answers ? 1_000 : 8_000);
      long hold = (long) (random.nextDouble() * mostSeconds * 1e9);
      Planned planned = proxy.plan(fault, way, bytes);
      require(
          planned.awaitStruck(TO_STRIKE),
          () -> planned.left() + " of " + bytes + " bytes never came; " + trouble());
      Waiting.pass(hold);
      proxy.heal();
      return String.format(
          Locale.ROOT,
          "%s of the %s after %d bytes %s, healed after %.2f s",
          fault,
          outbound ? "outbound" : "inbound",
          bytes,
          way,
          hold / 1e9);
    }

    private String refused(Random random) {
      boolean outbound = random.nextBoolean();
      FaultProxy proxy = outbound ? outProxy : inProxy;
      long hold = random.nextInt((int) MOST_NANOS);
      proxy.refuse();
      Waiting.pass(hold);
      proxy.heal();
      return String.format(
          Locale.ROOT,
          "%s connections refused for %.2f s",
          outbound ? "outbound" : "inbound",
          hold / 1e9);
    }

    private String brokerKilled(Random random) {
      long before = random.nextInt((int) MOST_NANOS / 4);
      long hold = random.nextInt((int) MOST_NANOS);
      Waiting.pass(before);
      broker.kill();
      Waiting.pass(hold);
      broker.restart();
      return String.format(Locale.ROOT, "broker killed, restarted after %.2f s", hold / 1e9);
    }

    private static String killed(boolean patient, Random random, BridgeProcess... processes)
        throws Exception {
      Waiting.pass(random.nextInt((int) MOST_NANOS / 4));
      for (BridgeProcess process : processes) {
        process.kill(patient);
      }
      for (BridgeProcess process : processes) {
        process.start();
      }
      for (BridgeProcess process : processes) {
        process.awaitReady();
      }
      return (processes.length == 2 ? "both processes" : "a process of a bridge")
          + " killed"
          + (patient ? ", its lease waited for" : "");
    }

    // ---- the end

    void finish() throws Exception {
      source.end();
      other.end();
      target.await(published(), TO_DRAIN, this::trouble);
      others.forEach(Bridge::close);
      out.stop();
      in.stop();
      target.requireExactly(published());
      long entries = broker.entries(LOG);
      long total = source.total() + other.total();
      require(entries == total, () -> "the log has " + entries + " entries of " + total);
      faults.tell("hits: " + hits);
      faults.tell(
          total + " events of " + published().size() + " chains, each once in log and target");
    }

    @Override
    public void close() throws SQLException {
      out.close();
      in.close();
      others.forEach(Bridge::close);
      transport.close();
      source.close();
      other.close();
      target.close();
      outProxy.close();
      inProxy.close();
      broker.close();
    }
  }
}
