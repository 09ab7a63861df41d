package io.honker.runtime.bridge;

import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeStatus;
import io.honker.bridge.InboundBridgeBuilder;
import io.honker.bridge.InboundHandler;
import io.honker.error.HonkerConfigurationException;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.WakeKey;
import io.honker.transport.Transport;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what an inbound bridge needs. */
final class InboundBuilder implements InboundBridgeBuilder {

  private static final String OWN_TOPICS = "their own topics";
  private static final String HANDLER = "a handler";

  private final Engine engine;
  private final BridgeRegistry registry;
  private final Transport transport;
  private final String log;
  private final List<String> targets = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private Set<String> topics = Set.of();
  private @Nullable String name;
  private @Nullable String topic;
  private @Nullable String queue;
  private @Nullable InboundHandler handler;
  private int batchSize = BridgeChecks.DEFAULT_BATCH;

  InboundBuilder(Engine engine, BridgeRegistry registry, Transport transport, String log) {
    this.engine = engine;
    this.registry = registry;
    this.transport = Objects.requireNonNull(transport, "transport");
    this.log = Objects.requireNonNull(log, "log");
  }

  @Override
  public InboundBridgeBuilder named(String bridgeName) {
    this.name = Objects.requireNonNull(bridgeName, "name");
    return this;
  }

  @Override
  public InboundBridgeBuilder onlyTopics(String... originTopics) {
    this.topics = new LinkedHashSet<>(List.of(originTopics));
    if (topics.isEmpty()) {
      problems.add("onlyTopics needs at least one topic");
    }
    return this;
  }

  @Override
  public InboundBridgeBuilder intoTopic(String localTopic) {
    this.topic = Objects.requireNonNull(localTopic, "topic");
    targets.add("topic " + localTopic);
    return this;
  }

  @Override
  public InboundBridgeBuilder intoQueue(String queueName) {
    this.queue = Objects.requireNonNull(queueName, "queue");
    targets.add("queue " + queueName);
    return this;
  }

  @Override
  public InboundBridgeBuilder handling(InboundHandler eventHandler) {
    this.handler = Objects.requireNonNull(eventHandler, "handler");
    targets.add(HANDLER);
    return this;
  }

  @Override
  public InboundBridgeBuilder batchSize(int events) {
    this.batchSize = events;
    return this;
  }

  @Override
  public Bridge start() {
    engine.checkOpen();
    String local = targets.isEmpty() ? OWN_TOPICS : targets.get(0);
    String into = targets.isEmpty() ? "" : " into " + local;
    String bridge = name == null ? "from " + log + into : name;
    check(bridge);
    InboundSettings settings =
        new InboundSettings(bridge, transport.log(log), topics, sink(bridge), batchSize);
    return registry.start(
        bridge,
        BridgeStatus.Kind.INBOUND,
        local,
        log,
        c -> {},
        WakeKey.lock(BridgeRunner.lockOf(bridge)),
        leadership -> new InboundWork(engine, leadership, settings));
  }

  private InboundSink sink(String bridge) {
    if (queue != null) {
      return new InboundSink.ToQueue(queue);
    }
    return handler != null
        ? new InboundSink.ToHandler(bridge, handler)
        : new InboundSink.ToTopic(topic);
  }

  private void check(String bridge) {
    List<String> all = new ArrayList<>(problems);
    BridgeChecks.name(all, "the bridge's name", bridge);
    BridgeChecks.log(all, log, "");
    BridgeChecks.batchSize(all, batchSize);
    if (targets.size() > 1) {
      all.add("events go to one target, not to " + String.join(" and to ", targets));
    }
    if (topic != null) {
      BridgeChecks.name(all, "the topic", topic);
    }
    if (queue != null) {
      BridgeChecks.name(all, "the queue", queue);
    }
    if (!all.isEmpty()) {
      throw new HonkerConfigurationException(all, null);
    }
  }
}
