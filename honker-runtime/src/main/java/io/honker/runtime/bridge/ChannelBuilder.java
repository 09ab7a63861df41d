package io.honker.runtime.bridge;

import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeStatus;
import io.honker.bridge.ChannelBridgeBuilder;
import io.honker.codec.Json;
import io.honker.codec.TypeRef;
import io.honker.error.HonkerConfigurationException;
import io.honker.runtime.channel.Channels;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.WakeKey;
import io.honker.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects what a channel bridge needs. */
final class ChannelBuilder implements ChannelBridgeBuilder {

  private final Engine engine;
  private final Channels channels;
  private final BridgeRegistry registry;
  private final Transport transport;
  private final String channel;
  private String remoteChannel;
  private @Nullable String name;
  private boolean sends = true;
  private boolean receives = true;

  ChannelBuilder(
      Engine engine,
      Channels channels,
      BridgeRegistry registry,
      Transport transport,
      String channel) {
    this.engine = engine;
    this.channels = channels;
    this.registry = registry;
    this.transport = Objects.requireNonNull(transport, "transport");
    this.channel = Objects.requireNonNull(channel, "channel");
    this.remoteChannel = channel;
  }

  @Override
  public ChannelBridgeBuilder named(String bridgeName) {
    this.name = Objects.requireNonNull(bridgeName, "name");
    return this;
  }

  @Override
  public ChannelBridgeBuilder toChannel(String brokerChannel) {
    this.remoteChannel = Objects.requireNonNull(brokerChannel, "channel");
    return this;
  }

  @Override
  public ChannelBridgeBuilder sendOnly() {
    this.receives = false;
    return this;
  }

  @Override
  public ChannelBridgeBuilder receiveOnly() {
    this.sends = false;
    return this;
  }

  @Override
  public Bridge start() {
    engine.checkOpen();
    String bridge = name == null ? "channel " + channel : name;
    check(bridge);
    ChannelSettings settings =
        new ChannelSettings(bridge, channel, remoteChannel, transport.broadcast(), sends, receives);
    return registry.start(
        bridge,
        BridgeStatus.Kind.CHANNEL,
        channel,
        remoteChannel,
        c -> {},
        WakeKey.channel(channel),
        leadership ->
            new ChannelWork(
                engine, leadership, channels.channel(channel, TypeRef.of(Json.class)), settings));
  }

  private void check(String bridge) {
    List<String> problems = new ArrayList<>();
    BridgeChecks.name(problems, "the bridge's name", bridge);
    BridgeChecks.name(problems, "the channel", channel);
    BridgeChecks.remoteChannel(problems, remoteChannel);
    if (!sends && !receives) {
      problems.add(
          "a bridge cannot be both sendOnly and receiveOnly; leave both out for both ways");
    }
    if (!problems.isEmpty()) {
      throw new HonkerConfigurationException(problems, null);
    }
  }
}
