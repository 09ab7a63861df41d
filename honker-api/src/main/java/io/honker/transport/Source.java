package io.honker.transport;

import java.util.Objects;

/**
 * Where a chain of events comes from: one topic of one incarnation of one database.
 *
 * <p>Immutable.
 *
 * @param origin the identity of the database, letters, digits and {@code - _ .}
 * @param topic the local topic
 * @since 0.1.0
 */
public record Source(String origin, String topic) {

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if the origin has other characters or is empty
   */
  public Source {
    Objects.requireNonNull(topic, "topic");
    if (!origin.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "an origin has letters, digits and . _ - only, not \"" + origin + "\"");
    }
  }
}
