package io.honker.runtime.stream;

import io.honker.runtime.store.EventRow;
import io.honker.stream.StreamEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One event on its way to a handler, through all its attempts. Of one thread at a time. */
final class Delivery<T> {

  private final EventRow row;
  private @Nullable StreamEvent<T> event;
  private int attempts;
  private Instant notBefore = Instant.MIN;
  private @Nullable Throwable exhausted;

  Delivery(EventRow row) {
    this.row = row;
  }

  EventRow row() {
    return row;
  }

  /** The event; null if it was not decoded. */
  @Nullable StreamEvent<T> event() {
    return event;
  }

  void event(StreamEvent<T> decoded) {
    event = decoded;
  }

  /** How many deliveries have failed. */
  int attempts() {
    return attempts;
  }

  void failedOnce() {
    attempts++;
  }

  /** When the next attempt is due. */
  Instant notBefore() {
    return notBefore;
  }

  void notBefore(Instant instant) {
    notBefore = instant;
  }

  /** Why there will be no further attempt; null if there will. */
  @Nullable Throwable exhausted() {
    return exhausted;
  }

  void exhaust(Throwable why) {
    exhausted = why;
  }
}
