package io.honker.transport;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way between machines. Its id is its source and its offset.
 *
 * <p>Immutable.
 *
 * @param offset its offset in the stream it comes from, at least 1
 * @param previousOffset the offset of the event of its source that was sent before it, 0 for the
 *     first; less than {@code offset}
 * @param key its key, or null
 * @param payload its payload, a JSON document
 * @param publishedAt when it was published at its source
 * @since 0.1.0
 */
public record RemoteEvent(
    long offset, long previousOffset, @Nullable String key, String payload, Instant publishedAt) {

  /**
   * Checks the values.
   *
   * @param offset its offset
   * @param previousOffset the offset before it
   * @param key its key, or null
   * @param payload its payload
   * @param publishedAt when it was published
   * @throws IllegalArgumentException if the offsets do not ascend
   */
  public RemoteEvent {
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(publishedAt, "publishedAt");
    if (previousOffset < 0 || offset <= previousOffset) {
      throw new IllegalArgumentException(
          "an event's offset must be above the one before it, not "
              + offset
              + " after "
              + previousOffset);
    }
  }

  /**
   * Requires that events follow each other. Transports call it before they append.
   *
   * @param events events of one source
   * @throws IllegalArgumentException if there are none, or if one is not preceded by the one before
   *     it
   */
  public static void requireChain(List<RemoteEvent> events) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("there must be an event to append");
    }
    for (int i = 1; i < events.size(); i++) {
      if (events.get(i).previousOffset() != events.get(i - 1).offset()) {
        throw new IllegalArgumentException(
            "event "
                + events.get(i).offset()
                + " follows "
                + events.get(i).previousOffset()
                + ", but "
                + events.get(i - 1).offset()
                + " stands before it");
      }
    }
  }

  /** Leaves the payload and the key out: they may be secret. */
  @Override
  public String toString() {
    return "RemoteEvent[offset=" + offset + ", previousOffset=" + previousOffset + "]";
  }
}
