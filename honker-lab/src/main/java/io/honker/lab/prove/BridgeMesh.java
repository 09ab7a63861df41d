package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Three databases, each bridged by a process of its own, that publish to one topic: as a mesh over
 * one log, over a hub that forwards, and both at a time. One process is killed meanwhile. Every
 * event is on every node once, in its source's order, and nothing goes round in circles.
 */
final class BridgeMesh implements Case {

  private static final int DEFAULT_ROUNDS = 6;
  private static final int NODES = 3;
  private static final String TOPIC = "shared";
  private static final String UP = "up";
  private static final String DOWN = "down";
  private static final Duration TO_DRAIN = Duration.ofSeconds(180);
  private static final int MOST_NANOS = 1_000_000_000;

  /** Who sends where. */
  private enum Shape {
    MESH("out:shared:up", "in:up"),
    HUB("out:shared:up", "in:down"),
    BOTH("out:shared:up", "in:up", "in:down");

    private final String bridges;

    Shape(String... bridges) {
      this.bridges = String.join(" ", bridges);
    }

    List<String> bridges() {
      return List.of(bridges.split(" ", -1));
    }

    boolean hasHub() {
      return this != MESH;
    }
  }

  @Override
  public int rounds(Settings settings) {
    return settings.number("rounds", DEFAULT_ROUNDS);
  }

  @Override
  public void prove(Settings settings, Faults faults, Workspace workspace) throws Exception {
    for (int round = 1; round <= rounds(settings); round++) {
      Shape shape = Shape.values()[(round - 1) % Shape.values().length];
      String kind = round % 2 == 1 ? Broker.REDIS : Broker.NATS;
      try (Broker broker = Broker.start(kind, workspace);
          Net net = new Net(shape, broker, workspace, "net-" + round)) {
        faults.tell("round " + round + ": " + kind + ": " + net.play(faults.random(round)));
      } catch (ProofFailedException e) {
        throw new ProofFailedException(
            "in round " + round + ", " + shape + " over " + kind + ": " + e.getMessage());
      }
      faults.hit();
      workspace.deleteNativeLibraries();
    }
  }

  /** A database, who publishes in it, and the process that bridges it. */
  private record Node(EventSource source, EventTarget target, BridgeProcess process) {}

  private static final class Net implements AutoCloseable {

    private final Shape shape;
    private final Broker broker;
    private final List<Node> nodes = new ArrayList<>();

    Net(Shape shape, Broker broker, Workspace workspace, String name) throws Exception {
      this.shape = shape;
      this.broker = broker;
      for (int i = 1; i <= NODES; i++) {
        add(workspace, name, "n" + i, shape.bridges().toArray(String[]::new));
      }
      if (shape.hasHub()) {
        add(workspace, name, "hub", "in:" + UP, "forward:" + TOPIC + ":" + DOWN);
      }
      for (Node node : nodes) {
        node.process().awaitReady();
      }
    }

    private void add(Workspace workspace, String net, String name, String... bridges)
        throws SQLException {
      Path file = workspace.file(net + "-" + name + ".db");
      Honker.open(file).close();
      BridgeProcess process =
          new BridgeProcess(net + "-" + name, workspace, file, broker.uri(), bridges);
      process.start();
      nodes.add(new Node(new EventSource(file, name), new EventTarget(file), process));
    }

    String play(Random random) throws Exception {
      for (int i = 0; i < nodes.size(); i++) {
        nodes.get(i).source().begin(List.of(TOPIC), new Random(random.nextLong()));
      }
      Waiting.pass(random.nextInt(MOST_NANOS));
      int victim = random.nextInt(nodes.size());
      nodes.get(victim).process().kill(false);
      Waiting.pass(random.nextInt(MOST_NANOS));
      nodes.get(victim).process().start();
      nodes.get(victim).process().awaitReady();
      Waiting.pass(random.nextInt(MOST_NANOS));
      for (Node node : nodes) {
        node.source().end();
      }
      Map<String, Long> all = published();
      for (Node node : nodes) {
        node.target().await(all, TO_DRAIN, this::trouble);
      }
      for (Node node : nodes) {
        node.process().stop(); // so that nothing more can come
      }
      for (Node node : nodes) {
        node.target().requireExactly(all);
      }
      requireNoCircles();
      return String.format(
          Locale.ROOT,
          "%s of %d nodes, process %d killed: %d events, each once on every node",
          shape,
          nodes.size(),
          victim + 1,
          sum(all));
    }

    /** Each log has each event once, too. */
    private void requireNoCircles() throws Exception {
      Map<String, Long> all = published();
      long ofNodes = sum(all) - all.getOrDefault("hub/" + TOPIC, 0L);
      requireEntries(UP, ofNodes);
      if (shape.hasHub()) {
        requireEntries(DOWN, sum(all));
      }
    }

    private void requireEntries(String log, long expected) throws Exception {
      long entries = broker.entries(log);
      require(entries == expected, () -> log + " has " + entries + " entries, not " + expected);
    }

    private Map<String, Long> published() {
      Map<String, Long> all = new TreeMap<>();
      nodes.forEach(node -> all.putAll(node.source().published()));
      return all;
    }

    private static long sum(Map<String, Long> counts) {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private String trouble() {
      StringBuilder all = new StringBuilder();
      nodes.forEach(node -> all.append(node.process().status()).append(" | "));
      return all.toString();
    }

    @Override
    public void close() throws SQLException {
      for (Node node : nodes) {
        node.process().close();
        node.source().close();
        node.target().close();
      }
    }
  }
}
