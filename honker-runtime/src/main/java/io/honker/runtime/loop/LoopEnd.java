package io.honker.runtime.loop;

import io.honker.time.HonkerClock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The end of some threads, to be awaited by the clock. */
public final class LoopEnd {

  private final HonkerClock clock;
  private final AtomicInteger running;
  private final Set<Thread> waiters = ConcurrentHashMap.newKeySet();

  /**
   * Makes an end that has not come.
   *
   * @param threads how many threads will call {@link #threadEnded}
   */
  public LoopEnd(HonkerClock clock, int threads) {
    this.clock = clock;
    this.running = new AtomicInteger(threads);
  }

  /** One of the threads has ended. */
  public void threadEnded() {
    if (running.decrementAndGet() == 0) {
      waiters.forEach(LockSupport::unpark);
    }
  }

  /** Whether all threads have ended. */
  public boolean hasCome() {
    return running.get() <= 0;
  }

  /** Waits uninterruptibly until all have ended or the deadline is reached; tells which. */
  public boolean await(Instant deadline) {
    Thread current = Thread.currentThread();
    boolean interrupted = false;
    waiters.add(current);
    while (!hasCome() && clock.now().isBefore(deadline)) {
      clock.parkUntil(deadline);
      interrupted |= Thread.interrupted();
    }
    waiters.remove(current);
    if (interrupted) {
      current.interrupt();
    }
    return hasCome();
  }
}
