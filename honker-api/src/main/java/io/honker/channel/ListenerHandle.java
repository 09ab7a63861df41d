package io.honker.channel;

/**
 * A running listener with a handler. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface ListenerHandle extends AutoCloseable {

  /**
   * Tells whether notifications are being delivered.
   *
   * @return false after {@link #close}
   */
  boolean isRunning();

  /**
   * Stops delivering, interrupts a handler that runs for longer than ten seconds more, and joins
   * the thread. Idempotent. Not called from the handler.
   */
  @Override
  void close();
}
