package io.honker.runtime.loop;

import io.honker.time.HonkerClock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads that wait for work, or for a time by the clock. */
public final class IdleThreads {

  private final HonkerClock clock;
  private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

  /** Makes an empty room. */
  public IdleThreads(HonkerClock clock) {
    this.clock = clock;
  }

  /**
   * Waits until the condition holds, which whoever makes it hold tells by {@link #wake}. A
   * condition that takes a lock looks at its flags after that: waiting for the lock may use the
   * wake-up up.
   */
  public void await(Instant deadline, BooleanSupplier condition) {
    Thread current = Thread.currentThread();
    waiting.add(current);
    while (!condition.getAsBoolean()
        && !current.isInterrupted()
        && clock.now().isBefore(deadline)) {
      clock.parkUntil(deadline);
    }
    waiting.remove(current);
  }

  /** Makes all of them look at their condition again. */
  public void wake() {
    waiting.forEach(LockSupport::unpark);
  }
}
