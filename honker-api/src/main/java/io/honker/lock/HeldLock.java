package io.honker.lock;

import io.honker.tx.Transaction;
import java.time.Duration;
import java.time.Instant;

/**
 * A lock that was acquired. Safe for use by multiple threads.
 *
 * <p>With automatic renewal one daemon thread per open database, {@code honker-locks-<n>}, extends
 * the leases; it exists only while there is such a lock.
 *
 * @since 0.1.0
 */
public interface HeldLock extends AutoCloseable {

  /**
   * Returns the lock's name.
   *
   * @return the name
   */
  String name();

  /**
   * Returns who holds it.
   *
   * @return the owner
   */
  String owner();

  /**
   * Returns the number of this acquisition, greater than that of every earlier acquisition of this
   * name through this library. Hand it to what the lock protects, which can then refuse late
   * comers.
   *
   * @return the fencing token
   */
  long fencingToken();

  /**
   * Returns when the lease ends as far as this handle knows.
   *
   * @return the end of the lease, in whole seconds
   */
  Instant expiresAt();

  /**
   * Tells, by a look at the database, whether the lock is still ours.
   *
   * @return false after the release, or when the lease has ended
   */
  boolean isHeld();

  /**
   * Tells inside a transaction whether the lock is still ours. What that transaction writes is safe
   * then: nobody can acquire the lock before it has ended.
   *
   * @param tx the open transaction
   * @return false after the release, or when the lease has ended
   */
  boolean isHeld(Transaction tx);

  /**
   * Extends the lease to at least a duration from now, in its own transaction; never shortens it. A
   * lease that has ended is not revived.
   *
   * @param ttl positive; fractions of a second round up
   * @return whether the lock is still ours
   */
  boolean heartbeat(Duration ttl);

  /**
   * Sets what to do, once, when automatic renewal or a {@link #heartbeat} finds the lock lost. Runs
   * on the thread that finds out; on this one, at once, if it is known to be lost already.
   *
   * @param action what to do; must be quick
   */
  void onLost(Runnable action);

  /**
   * Releases the lock in its own transaction and wakes who waits for it.
   *
   * @return whether it was still ours
   */
  boolean release();

  /**
   * Releases the lock in the given transaction: free after its commit.
   *
   * @param tx the open transaction
   * @return whether it was still ours
   */
  boolean release(Transaction tx);

  /** Releases the lock if it is still ours. Idempotent. */
  @Override
  void close();
}
