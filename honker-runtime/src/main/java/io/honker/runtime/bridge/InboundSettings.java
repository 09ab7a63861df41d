package io.honker.runtime.bridge;

import io.honker.transport.RemoteLog;
import java.util.Set;

/**
 * What an inbound bridge was started with.
 *
 * @param topics the origin's topics to take, empty for all
 */
record InboundSettings(
    String name, RemoteLog log, Set<String> topics, InboundSink sink, int batchSize) {

  boolean wants(String topic) {
    return topics.isEmpty() || topics.contains(topic);
  }
}
