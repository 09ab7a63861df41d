package io.honker.runtime.bridge;

import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeStatus;
import io.honker.bridge.OutboundBridgeBuilder;
import io.honker.error.HonkerConfigurationException;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StreamStore;
import io.honker.stream.StreamPosition;
import io.honker.transport.Source;
import io.honker.transport.Transport;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects what an outbound bridge needs. */
final class OutboundBuilder implements OutboundBridgeBuilder {

  private final Engine engine;
  private final BridgeRegistry registry;
  private final Transport transport;
  private final String topic;
  private String log;
  private @Nullable String name;
  private StreamPosition startAt = StreamPosition.beginning();
  private boolean forwarding;
  private int batchSize = BridgeChecks.DEFAULT_BATCH;

  OutboundBuilder(Engine engine, BridgeRegistry registry, Transport transport, String topic) {
    this.engine = engine;
    this.registry = registry;
    this.transport = Objects.requireNonNull(transport, "transport");
    this.topic = Objects.requireNonNull(topic, "topic");
    this.log = topic;
  }

  @Override
  public OutboundBridgeBuilder named(String bridgeName) {
    this.name = Objects.requireNonNull(bridgeName, "name");
    return this;
  }

  @Override
  public OutboundBridgeBuilder toLog(String remoteLog) {
    this.log = Objects.requireNonNull(remoteLog, "log");
    return this;
  }

  @Override
  public OutboundBridgeBuilder startAt(StreamPosition position) {
    this.startAt = Objects.requireNonNull(position, "position");
    return this;
  }

  @Override
  public OutboundBridgeBuilder forwarding() {
    this.forwarding = true;
    return this;
  }

  @Override
  public OutboundBridgeBuilder batchSize(int events) {
    this.batchSize = events;
    return this;
  }

  @Override
  public Bridge start() {
    engine.checkOpen();
    String bridge = name == null ? topic + " to " + log : name;
    check(bridge);
    OutboundSettings settings =
        new OutboundSettings(bridge, topic, transport.log(log), forwarding, batchSize);
    return registry.start(
        bridge,
        BridgeStatus.Kind.OUTBOUND,
        topic,
        log,
        c -> saveStart(c, settings.consumer()),
        WakeKey.topic(topic),
        leadership -> new OutboundWork(engine, leadership, settings));
  }

  private void check(String bridge) {
    List<String> problems = new ArrayList<>();
    BridgeChecks.name(problems, "the bridge's name", bridge);
    BridgeChecks.name(problems, "the topic", topic);
    BridgeChecks.log(problems, log, "; choose one with toLog");
    BridgeChecks.batchSize(problems, batchSize);
    try {
      Source ignored = new Source("any", topic);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw new HonkerConfigurationException(problems, null);
    }
  }

  /** Saved at once, so that trimming does not pass a bridge that has not run yet. */
  private void saveStart(StoreConnection c, String consumer) throws SQLException {
    StreamStore streams = engine.store().streams();
    long start = startAt.isEnd() ? streams.lastOffset(c, topic) : startAt.offset();
    streams.saveOffset(c, topic, consumer, start);
  }
}
