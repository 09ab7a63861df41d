package io.honker.tck;

import io.honker.time.HonkerClock;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A clock whose users can be frozen in the middle of a wait, as a process is by SIGSTOP or for good
 * by its death: what they hold they keep, and they do nothing until thawed. For one waiting thread.
 */
final class FreezableClock implements HonkerClock {

  private final ManualClock clock;
  private volatile boolean frozen;
  private volatile @Nullable Thread held;

  FreezableClock(ManualClock clock) {
    this.clock = clock;
  }

  /** Freezes; call it while its user waits. */
  void freeze() {
    frozen = true;
  }

  /** Lets its user go on. */
  void thaw() {
    frozen = false;
    Thread thread = held;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public Instant now() {
    return clock.now();
  }

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public void parkUntil(Instant deadline) {
    clock.parkUntil(deadline);
    held = Thread.currentThread();
    while (frozen) {
      clock.parkUntil(Instant.MAX);
    }
    held = null;
  }
}
