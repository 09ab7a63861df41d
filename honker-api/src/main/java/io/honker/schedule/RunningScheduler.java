package io.honker.schedule;

/**
 * A scheduler that fires while it leads and stands by otherwise.
 *
 * <p>Thread, a daemon: {@code honker-scheduler-<n>}, joined by {@link #close}. Failures back off
 * and are told to the observer; it never ends by itself.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface RunningScheduler extends AutoCloseable {

  /**
   * Tells whether this process fires the schedules of the shared table.
   *
   * @return whether it holds the lock {@code honker-scheduler} as far as it knows
   */
  boolean isLeader();

  /** Stops firing and releases the leader's locks at once. Idempotent. */
  @Override
  void close();
}
