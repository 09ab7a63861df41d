package io.honker.lab.prove;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits in real time. */
final class Waiting {

  private static final long LOOK_EVERY_NANOS = 1_000_000;

  private Waiting() {}

  /** Looks again and again until it holds or the time is over; tells whether it holds. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > limit.toNanos()) {
        return condition.getAsBoolean();
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    return true;
  }

  /** Lets exactly so much time pass, however often the thread is woken. */
  static void pass(long nanos) {
    long begun = System.nanoTime();
    long left = nanos;
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = nanos - (System.nanoTime() - begun);
    }
  }
}
