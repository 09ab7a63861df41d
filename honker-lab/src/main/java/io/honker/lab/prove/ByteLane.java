package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.lab.prove.FaultProxy.Fault;
import io.honker.lab.prove.FaultProxy.Planned;
import io.honker.lab.prove.FaultProxy.Way;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/** Two databases, a log of their own, and a proxy before each of the two bridges. */
final class ByteLane implements AutoCloseable {

  /** Where connections are cut. */
  enum Side {
    OUTBOUND,
    INBOUND
  }

  private static final int BATCH = 3;
  private static final int WARM_UPS = 3;

  private static final String TOPIC = "orders";
  private static final Duration TO_DRAIN = Duration.ofSeconds(180);
  private static final Duration LATE = Duration.ofMillis(300);
  private static final long QUIET_NANOS = 60_000_000;

  private final Broker broker;
  private final String log;
  private final FaultProxy outProxy;
  private final FaultProxy inProxy;
  private final EventSource source;
  private final Honker targetHonker;
  private final EventTarget target;
  private final Transport outTransport;
  private final Transport inTransport;
  private final Bridge out;
  private final Bridge in;

  ByteLane(int number, Broker broker, Workspace workspace) throws SQLException {
    this.broker = broker;
    this.log = "lane-" + number;
    this.outProxy = new FaultProxy(broker.port());
    this.inProxy = new FaultProxy(broker.port());
    this.source = new EventSource(workspace.file("source-" + number + ".db"), log);
    Path targetFile = workspace.file("target-" + number + ".db");
    this.targetHonker = Honker.open(targetFile);
    this.target = new EventTarget(targetFile);
    this.outTransport = Broker.connect(broker.uri(outProxy.port()));
    this.inTransport = Broker.connect(broker.uri(inProxy.port()));
    this.out = BridgeRole.start(source.honker(), outTransport, "out:" + TOPIC + ":" + log);
    this.in = BridgeRole.start(targetHonker, inTransport, "in:" + log);
    for (int i = 0; i < WARM_UPS; i++) {
      publishAndAwait(); // what both ends say once only is said then
    }
  }

  private FaultProxy proxy(Side side) {
    return side == Side.OUTBOUND ? outProxy : inProxy;
  }

  /** How many bytes of one way a batch takes, with its acknowledgement and the next question. */
  long measure(Side side, Way way) {
    settle();
    long before = proxy(side).forwarded(way);
    publishAndAwait();
    settle();
    return proxy(side).forwarded(way) - before;
  }

  /** Waits for nothing to be said. */
  private void settle() {
    long before;
    do {
      before = said();
      Waiting.pass(QUIET_NANOS);
    } while (said() != before);
  }

  private long said() {
    long sum = 0;
    for (Way way : Way.values()) {
      sum += outProxy.forwarded(way) + inProxy.forwarded(way);
    }
    return sum;
  }

  private void publishAndAwait() {
    source.publish(TOPIC, BATCH);
    target.await(source.published(), TO_DRAIN, this::trouble);
  }

  /** Cuts the connection after so many bytes; false if so many did not come. */
  boolean cut(Side side, Way way, long bytes) throws InterruptedException {
    Planned planned = proxy(side).plan(Fault.CUT, way, bytes);
    publishAndAwait();
    boolean struck = planned.awaitStruck(LATE); // what is acknowledged comes after the target
    proxy(side).heal();
    return struck;
  }

  private String trouble() {
    return BridgeRole.statuses(source.honker()) + " | " + BridgeRole.statuses(targetHonker);
  }

  /** Each event once in the log and in the target; returns how many. */
  long finish() throws Exception {
    target.requireExactly(source.published());
    long entries = broker.entries(log);
    ProofFailedException.require(
        entries == source.total(), () -> log + " has " + entries + " entries of " + source.total());
    return source.total();
  }

  @Override
  public void close() throws SQLException {
    out.close();
    in.close();
    outTransport.close();
    inTransport.close();
    source.close();
    target.close();
    targetHonker.close();
    outProxy.close();
    inProxy.close();
  }
}
