package io.honker.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/**
 * The operating system's clock, the default.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class SystemClock implements HonkerClock {

  private static final SystemClock INSTANCE = new SystemClock();

  /**
   * The longest single sleep. {@link LockSupport} measures elapsed time while deadlines are wall
   * clock instants, so a clock that jumps forward is noticed after this long at the latest.
   */
  private static final Duration LONGEST_SLEEP = Duration.ofSeconds(15);

  private SystemClock() {}

  /**
   * Returns the shared system clock.
   *
   * @return the clock
   */
  public static HonkerClock instance() {
    return INSTANCE;
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void parkUntil(Instant deadline) {
    Instant now = now();
    if (!now.isBefore(deadline)) {
      return;
    }
    boolean far = deadline.isAfter(now.plus(LONGEST_SLEEP));
    Duration sleep = far ? LONGEST_SLEEP : Duration.between(now, deadline);
    LockSupport.parkNanos(this, sleep.toNanos());
  }

  @Override
  public String toString() {
    return "SystemClock";
  }
}
