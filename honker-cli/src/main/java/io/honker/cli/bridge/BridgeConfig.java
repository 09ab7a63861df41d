package io.honker.cli.bridge;

import io.honker.bridge.Bridge;
import io.honker.bridge.Bridges;
import io.honker.bridge.ChannelBridgeBuilder;
import io.honker.bridge.InboundBridgeBuilder;
import io.honker.bridge.OutboundBridgeBuilder;
import io.honker.stream.StreamPosition;
import io.honker.transport.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bridge that is to run. What is null is left to the library. */
interface BridgeConfig {

  /** The name it has, given or the library's default. */
  String name();

  /** The configuration's name for the broker. */
  String broker();

  Bridge start(Bridges bridges, Transport transport);

  /** What every bridge has. */
  record Ends(@Nullable String given, String broker) {}

  /** From a local topic to a log. */
  record Outbound(
      Ends ends,
      String topic,
      @Nullable String log,
      @Nullable StreamPosition startAt,
      boolean forwarding,
      @Nullable Integer batchSize)
      implements BridgeConfig {

    @Override
    public String name() {
      String given = ends.given();
      return given != null ? given : topic + " to " + (log == null ? topic : log);
    }

    @Override
    public String broker() {
      return ends.broker();
    }

    @Override
    public Bridge start(Bridges bridges, Transport transport) {
      OutboundBridgeBuilder builder = bridges.outbound(topic, transport).named(name());
      if (log != null) {
        builder.toLog(log);
      }
      if (startAt != null) {
        builder.startAt(startAt);
      }
      if (forwarding) {
        builder.forwarding();
      }
      if (batchSize != null) {
        builder.batchSize(batchSize);
      }
      return builder.start();
    }
  }

  /** From a log to a local topic, a queue, or the topics of the events' own names. */
  record Inbound(
      Ends ends,
      String log,
      List<String> onlyTopics,
      @Nullable String intoTopic,
      @Nullable String intoQueue,
      @Nullable Integer batchSize)
      implements BridgeConfig {

    public Inbound {
      onlyTopics = List.copyOf(onlyTopics);
    }

    @Override
    public String name() {
      String given = ends.given();
      return given != null ? given : "from " + log + into();
    }

    private String into() {
      if (intoQueue != null) {
        return " into queue " + intoQueue;
      }
      return intoTopic == null ? "" : " into topic " + intoTopic;
    }

    @Override
    public String broker() {
      return ends.broker();
    }

    @Override
    public Bridge start(Bridges bridges, Transport transport) {
      InboundBridgeBuilder builder = bridges.inbound(transport, log).named(name());
      if (!onlyTopics.isEmpty()) {
        builder.onlyTopics(onlyTopics.toArray(new String[0]));
      }
      if (intoTopic != null) {
        builder.intoTopic(intoTopic);
      }
      if (intoQueue != null) {
        builder.intoQueue(intoQueue);
      }
      if (batchSize != null) {
        builder.batchSize(batchSize);
      }
      return builder.start();
    }
  }

  /** Which way a channel bridge goes. */
  enum Direction {
    BOTH,
    SEND,
    RECEIVE
  }

  /** Between a local channel and the broker's broadcast. */
  record Channel(Ends ends, String channel, @Nullable String toChannel, Direction direction)
      implements BridgeConfig {

    @Override
    public String name() {
      String given = ends.given();
      return given != null ? given : "channel " + channel;
    }

    @Override
    public String broker() {
      return ends.broker();
    }

    @Override
    public Bridge start(Bridges bridges, Transport transport) {
      ChannelBridgeBuilder builder = bridges.channel(channel, transport).named(name());
      if (toChannel != null) {
        builder.toChannel(toChannel);
      }
      if (direction == Direction.SEND) {
        builder.sendOnly();
      } else if (direction == Direction.RECEIVE) {
        builder.receiveOnly();
      }
      return builder.start();
    }
  }
}
