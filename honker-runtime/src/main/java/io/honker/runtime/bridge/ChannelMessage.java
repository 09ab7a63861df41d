package io.honker.runtime.bridge;

import java.util.Optional;

/**
 * A notification on its way: a JSON object of its origin and its payload, in this order and
 * spelling, so that the payload arrives as it was written.
 *
 * @param origin the database it was sent by
 * @param payload a JSON document
 */
record ChannelMessage(String origin, String payload) {

  private static final String ORIGIN = "{\"origin\":\"";
  private static final String PAYLOAD = "\",\"payload\":";

  String json() {
    return ORIGIN + origin + PAYLOAD + payload + "}";
  }

  /** Reads a message; empty for one that no bridge has sent. */
  static Optional<ChannelMessage> parse(String message) {
    int end = message.indexOf(PAYLOAD);
    if (!message.startsWith(ORIGIN) || end < 0 || !message.endsWith("}")) {
      return Optional.empty();
    }
    return Optional.of(
        new ChannelMessage(
            message.substring(ORIGIN.length(), end),
            message.substring(end + PAYLOAD.length(), message.length() - 1)));
  }
}
