package io.honker.runtime.loop;

import java.time.Duration;

/**
 * How long a loop that failed waits before it goes on: longer each time. Of one thread at a time.
 */
public final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Duration next = FIRST;

  /** Makes a backoff that has seen no failure. */
  public Backoff() {}

  /** The wait after another failure. */
  public Duration next() {
    Duration wait = next;
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return wait;
  }

  /** Forgets past failures. */
  public void reset() {
    next = FIRST;
  }
}
