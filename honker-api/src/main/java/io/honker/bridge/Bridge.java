package io.honker.bridge;

/**
 * A bridge that this process runs, or stands by for: of all processes that start a bridge of one
 * name on one database, one at a time carries events, and another takes over when its lease ends.
 *
 * <p>One daemon thread each, {@code honker-bridge-<name>}. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Bridge extends AutoCloseable {

  /**
   * Returns its name.
   *
   * @return the name
   */
  String name();

  /**
   * Tells whether this process carries the events at the moment.
   *
   * @return false while another process does, and after {@link #close}
   */
  boolean isActive();

  /**
   * Returns how it does. A moment after the start it is still {@link BridgeState#STOPPED}, until a
   * process has the lease.
   *
   * @return the status on record, which another process may have written
   * @throws IllegalStateException if the Honker is closed
   */
  BridgeStatus status();

  /**
   * Stops after the batch that is on its way, or gives up waiting for the broker's answer; the next
   * start goes on where it was, without losing or doubling anything. Joins the thread and lets
   * another process take over at once. After a second the thread is interrupted, and waited for at
   * most 15 s more. The transport stays open. Idempotent.
   *
   * @throws io.honker.error.NestedWriteException if this thread is inside a transaction; the bridge
   *     has ended then, and another process takes over when its lease ends
   */
  @Override
  void close();
}
