package io.honker.transport;

import java.util.Objects;

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

  private static final int MAX_ORIGIN_LENGTH = 100;
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
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(topic, "topic");
    if (!isOrigin(origin)) {
      throw new IllegalArgumentException(
          "an origin is 1 to 100 letters, digits and . _ -, not \"" + origin + "\"");
    }
    int length = lengthInUtf8(topic);
    if (length > MAX_TOPIC_BYTES) {
      throw new IllegalArgumentException(
          "a topic that leaves the machine has at most 1000 bytes, not " + length);
    }
  }

  // One is made for every event that leaves or comes: no patterns, no encoders.

  private static boolean isOrigin(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean digit = c >= '0' && c <= '9';
      if (!letter && !digit && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_ORIGIN_LENGTH;
  }

  private static int lengthInUtf8(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      int point = text.codePointAt(i);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException("a topic with half a surrogate pair has no UTF-8");
      }
      if (Character.isSupplementaryCodePoint(point)) {
        length += 4;
        i++; // it is two chars
      } else {
        length += point < 0x80 ? 1 : point < 0x800 ? 2 : 3;
      }
    }
    return length;
  }
}
