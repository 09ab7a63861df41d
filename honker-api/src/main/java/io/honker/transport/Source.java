package io.honker.transport;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Where a chain of events comes from: one topic of one incarnation of one database.
 *
 * <p>Immutable.
 *
 * @param origin the identity of the database, 1 to 100 letters, digits and {@code - _ .}
 * @param topic the local topic, any text of at most 1,000 bytes in UTF-8
 * @since 0.1.0
 */
public record Source(String origin, String topic) {

  private static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final int MAX_TOPIC_BYTES = 1_000;

  /**
   * Checks the names.
   *
   * @param origin the identity of the database
   * @param topic the local topic
   * @throws IllegalArgumentException if the origin has other characters, is empty or too long, or
   *     if the topic is too long or no text that UTF-8 can hold
   */
  public Source {
    Objects.requireNonNull(topic, "topic");
    if (!ORIGIN.matcher(origin).matches()) {
      throw new IllegalArgumentException(
          "an origin is 1 to 100 letters, digits and . _ -, not \"" + origin + "\"");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(topic)) {
      throw new IllegalArgumentException("a topic with half a surrogate pair has no UTF-8");
    }
    int length = topic.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_TOPIC_BYTES) {
      throw new IllegalArgumentException(
          "a topic that leaves the machine has at most 1000 bytes, not " + length);
    }
  }
}
