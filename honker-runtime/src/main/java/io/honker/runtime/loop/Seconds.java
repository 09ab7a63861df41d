package io.honker.runtime.loop;

import java.time.Duration;
import java.time.Instant;

/**
 * Whole unix seconds, the unit of the shared tables. Fractions round up, so that nothing runs early
 * and no lease ends early; values out of range are cut to the range of {@link Instant}.
 */
public final class Seconds {

  private static final long LAST = Instant.MAX.getEpochSecond();

  private Seconds() {}

  /** The second a moment lies in. */
  public static long of(Instant moment) {
    return moment.getEpochSecond();
  }

  /** The first whole second that is not before a moment. */
  public static long ceil(Instant moment) {
    return moment.getNano() == 0 ? moment.getEpochSecond() : moment.getEpochSecond() + 1;
  }

  /**
   * The first whole second that is not before a moment plus a duration; without a duration, the
   * second the moment lies in.
   */
  public static long after(Instant moment, Duration later) {
    if (later.isZero()) {
      return of(moment);
    }
    long nanos = (long) moment.getNano() + later.getNano();
    long carried = (nanos + 999_999_999) / 1_000_000_000;
    long seconds = later.getSeconds();
    return seconds >= LAST - moment.getEpochSecond() - 2
        ? LAST
        : moment.getEpochSecond() + seconds + carried;
  }

  /**
   * The whole second that lies a duration before a moment. What was stored as an earlier second is
   * older than the duration, fractions and all.
   */
  public static long before(Instant moment, Duration earlier) {
    long seconds = earlier.getNano() == 0 ? earlier.getSeconds() : earlier.getSeconds() + 1;
    return moment.getEpochSecond() - Math.min(seconds, LAST);
  }

  /** The instant of a stored second, whatever another process stored there. */
  public static Instant instant(long second) {
    return Instant.ofEpochSecond(Math.max(Instant.MIN.getEpochSecond(), Math.min(LAST, second)));
  }
}
