package io.honker.sqlite.internal;

import io.honker.time.SystemClock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;

/**
 * What a connection does while another process holds the lock: short waits of random length until
 * the writer timeout, in place of SQLite's own handler, whose sleeps grow to 100 ms and starve
 * (rule T-9).
 */
final class WriterBusyHandler extends BusyHandler {

  private static final long FIRST_WAIT_NANOS = 20_000;
  private static final long LONGEST_WAIT_NANOS = 400_000;

  private final long timeoutNanos;
  private long waitingSince;

  WriterBusyHandler(long timeoutNanos) {
    this.timeoutNanos = timeoutNanos;
  }

  @Override
  protected int callback(int earlierCalls) {
    long now = SystemClock.instance().nanoTime();
    if (earlierCalls == 0) {
      waitingSince = now;
    } else if (now - waitingSince > timeoutNanos) {
      return 0;
    }
    long longest = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS * (earlierCalls + 2L));
    boolean interrupted = Thread.interrupted(); // a flag left set would turn the wait into a spin
    LockSupport.parkNanos(this, ThreadLocalRandom.current().nextLong(FIRST_WAIT_NANOS, longest));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return 1;
  }
}
