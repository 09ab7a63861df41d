package io.honker.runtime.loop;

import io.honker.time.HonkerClock;
import java.time.Duration;
import java.time.Instant;

/** When waits end, however long they are: what lies beyond all instants is {@link Instant#MAX}. */
public final class Deadlines {

  private Deadlines() {}

  /**
   * When a wait that begins now and that the application asked for ends.
   *
   * @param name what the application calls the wait
   * @throws IllegalArgumentException if the wait is negative
   */
  public static Instant of(HonkerClock clock, String name, Duration wait) {
    if (wait.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative, but is " + wait);
    }
    return after(clock.now(), wait);
  }

  /** When a wait that begins at a moment ends; a negative wait ends as it begins. */
  public static Instant after(Instant moment, Duration wait) {
    if (wait.isNegative()) {
      return moment;
    }
    long left = Instant.MAX.getEpochSecond() - moment.getEpochSecond();
    return wait.toSeconds() < left ? moment.plus(wait) : Instant.MAX;
  }
}
