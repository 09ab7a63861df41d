package io.honker.stream;

import java.util.Optional;

/**
 * A running subscription.
 *
 * <p>Threads, all daemons: {@code honker-stream-<topic>-<n>}, one that reads and handles; a member
 * of a group has one per concurrent handler in addition, and {@code honker-group-<topic>-<n>},
 * which keeps its lease. All are joined by {@link #close}.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Subscription extends AutoCloseable {

  /**
   * Returns the consumer's or group's name.
   *
   * @return the name
   */
  String consumer();

  /**
   * Returns up to which offset all events are handled; of a group's member, all of its own share.
   *
   * @return the offset, not necessarily saved yet
   */
  long position();

  /**
   * Tells whether events are being delivered.
   *
   * @return false after {@link #close}, or when a failure stopped it
   */
  boolean isRunning();

  /**
   * Returns why the subscription stopped by itself.
   *
   * @return the last failure of the event that stopped it, empty otherwise
   */
  Optional<Throwable> failure();

  /**
   * Stops delivering, waits for the running handler, saves the offset, and gives a group's share to
   * the other members at once. Idempotent; a second caller waits for the same end. Not called from
   * a handler.
   */
  @Override
  void close();
}
