package io.honker.runtime.loop;

import io.honker.time.SystemClock;
import java.time.Duration;
import java.util.List;

/** Makes the named daemon threads that loops run on, and waits for their end. */
public final class LoopThreads {

  private static final Duration A_WHILE = Duration.ofHours(1);

  private LoopThreads() {}

  /** Makes a daemon thread, not yet started. */
  public static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    return thread;
  }

  /** Waits for threads to end however long that takes, uninterruptibly. */
  public static void join(List<Thread> threads) {
    boolean ended;
    do {
      ended = join(threads, A_WHILE);
    } while (!ended);
  }

  /**
   * Waits for threads to end, uninterruptibly; the interrupt flag is set again at the end.
   *
   * @return whether all ended within the limit
   */
  public static boolean join(List<Thread> threads, Duration limit) {
    long deadline = SystemClock.instance().nanoTime() + limit.toNanos();
    boolean interrupted = false;
    boolean allEnded = true;
    for (Thread thread : threads) {
      while (thread.isAlive() && thread != Thread.currentThread()) {
        long millis = (deadline - SystemClock.instance().nanoTime()) / 1_000_000;
        if (millis <= 0) {
          allEnded = false;
          break;
        }
        try {
          thread.join(millis);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return allEnded;
  }
}
