package io.honker.queue;

import java.time.Duration;

/**
 * A running worker. Claims jobs as they become due, runs handlers, renews leases, acknowledges.
 *
 * <p>Threads, all daemons: {@code honker-<queue>-<n>-handler-<i>}, one more than concurrent
 * handlers, which also claim and acknowledge; or, with a borrowed executor, one {@code
 * honker-<queue>-<n>-claim}; and one {@code honker-<queue>-<n>-lease} that renews leases and
 * enforces handler timeouts.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Worker extends AutoCloseable {

  /**
   * Returns the worker's id, unique per process and worker and never used again.
   *
   * @return the id that claimed jobs carry
   */
  String id();

  /**
   * Tells whether the worker still claims jobs.
   *
   * @return false after {@link #drain} or {@link #close} began
   */
  boolean isRunning();

  /**
   * Stops claiming, waits for running handlers, then interrupts those that are left, hands their
   * jobs back at once and ends (rule Q-7). Idempotent; a second caller waits for the same end.
   *
   * <p>Jobs that were handed back are due at once for others, and the attempt does not count.
   *
   * @param grace how long handlers may go on, not negative
   * @return what became of the jobs in hand
   */
  DrainReport drain(Duration grace);

  /** Drains with the configured grace. Idempotent. */
  @Override
  void close();
}
