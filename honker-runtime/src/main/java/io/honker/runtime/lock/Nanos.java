package io.honker.runtime.lock;

import java.time.Duration;
import java.time.Instant;

/** Nanoseconds since 1970, the unit of our own rate tables. */
final class Nanos {

  /** About a century, so that sums stay in range. */
  static final Duration LONGEST = Duration.ofDays(36_500);

  private Nanos() {}

  static long of(Instant moment) {
    return Math.addExact(
        Math.multiplyExact(moment.getEpochSecond(), 1_000_000_000L), moment.getNano());
  }

  static long of(Duration duration) {
    return (duration.compareTo(LONGEST) < 0 ? duration : LONGEST).toNanos();
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
