package io.honker.runtime.bridge;

import io.honker.transport.RemoteLog;

/** What an outbound bridge was started with. */
record OutboundSettings(
    String name, String topic, RemoteLog log, boolean forwarding, int batchSize) {

  /** The consumer whose offset is how far the bridge is, so that trimming does not pass it. */
  String consumer() {
    return consumer(name);
  }

  /** The consumer of a bridge. */
  static String consumer(String bridge) {
    return "honkerj-bridge:" + bridge;
  }
}
