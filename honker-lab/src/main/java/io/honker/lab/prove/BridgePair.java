package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/** A source and a target in this process, bridged over a log. */
final class BridgePair implements AutoCloseable {

  static final String TOPIC = "orders";
  static final Duration TO_DRAIN = Duration.ofSeconds(180);

  private static final Duration TO_NOTICE = Duration.ofSeconds(120);

  private final Broker broker;
  private final String log;
  private final String sourceName;
  private final Path sourceFile;
  private final Honker targetHonker;
  private final EventTarget target;
  private final Transport transport;
  private final Bridge in;
  private EventSource source;
  private Bridge out;

  BridgePair(Broker broker, Workspace workspace, String name) throws SQLException {
    this.broker = broker;
    this.log = name;
    this.sourceName = name;
    this.sourceFile = workspace.file(name + "-source.db");
    Path targetFile = workspace.file(name + "-target.db");
    this.targetHonker = Honker.open(targetFile);
    this.target = new EventTarget(targetFile);
    this.transport = Broker.connect(broker.uri());
    this.in = BridgeRole.start(targetHonker, transport, "in:" + log);
    this.source = new EventSource(sourceFile, sourceName);
    this.out = outbound(source);
  }

  /** Starts an outbound bridge of a database to this pair's log. */
  Bridge outbound(EventSource from) {
    return Broker.patiently(
        () -> BridgeRole.start(from.honker(), transport, "out:" + TOPIC + ":" + log));
  }

  EventSource source() {
    return source;
  }

  EventTarget target() {
    return target;
  }

  Path sourceFile() {
    return sourceFile;
  }

  String log() {
    return log;
  }

  /** Closes the source, so that its file may be copied or replaced. */
  void closeSource() {
    out.close();
    source.close();
  }

  /** Opens what is in the source's file now; what it publishes is of another chain. */
  void openSource(String name) {
    source = new EventSource(sourceFile, name);
    out = outbound(source);
  }

  /** Waits until everything that the source has published is in the target. */
  void awaitAll() {
    target.await(source.published(), TO_DRAIN, this::trouble);
  }

  String trouble() {
    return BridgeRole.statuses(source.honker()) + " | " + BridgeRole.statuses(targetHonker);
  }

  BridgeStatus outStatus() {
    return out.status();
  }

  BridgeStatus inStatus() {
    return in.status();
  }

  /** Waits for a state of the outbound bridge and returns why it has it. */
  String awaitOutbound(BridgeState state) {
    return await(out, state);
  }

  String awaitInbound(BridgeState state) {
    return await(in, state);
  }

  private String await(Bridge bridge, BridgeState state) {
    require(
        Waiting.until(
            TO_NOTICE,
            () -> {
              Waiting.pass(5_000_000);
              return bridge.status().state() == state;
            }),
        () -> bridge.name() + " is not " + state + ": " + trouble());
    return bridge.status().findDetail().orElse("");
  }

  void rewindOutbound() {
    require(source.honker().bridges().rewind(out.name()), () -> "no bridge " + out.name());
  }

  void rewindInbound() {
    require(targetHonker.bridges().rewind(in.name()), () -> "no bridge " + in.name());
  }

  /** Each event of the chains once in the target. */
  void requireInLog(long expected) throws Exception {
    long entries = broker.entries(log);
    require(entries == expected, () -> log + " has " + entries + " entries, not " + expected);
  }

  @Override
  public void close() throws SQLException {
    out.close();
    in.close();
    transport.close();
    source.close();
    target.close();
    targetHonker.close();
  }
}
