package io.honker.runtime.bridge;

import io.honker.runtime.store.SentRow;
import org.jspecify.annotations.Nullable;

/** What the broker has contradicts what is on record; somebody has to decide. */
final class BrokenBridgeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient @Nullable SentRow gap;

  BrokenBridgeException(String message) {
    this(message, null);
  }

  /**
   * Tells of events that are missing.
   *
   * @param gap what to put on record with the state, so that it is this gap that is consented to
   */
  BrokenBridgeException(String message, @Nullable SentRow gap) {
    super(message);
    this.gap = gap;
  }

  @Nullable SentRow gap() {
    return gap;
  }
}
