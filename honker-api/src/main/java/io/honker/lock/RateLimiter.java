package io.honker.lock;

import io.honker.tx.Transaction;
import java.time.Duration;

/**
 * Says how often something may still happen, counted over all processes (rule L-2).
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface RateLimiter {

  /**
   * Returns the name under which uses are counted.
   *
   * @return the name
   */
  String name();

  /**
   * Takes one use if the limit allows it, in its own transaction. Refused uses are not counted.
   *
   * @return whether it is allowed, and if not, how long to wait
   */
  RateDecision tryAcquire();

  /**
   * Takes one use if the limit allows it, in the given transaction: given back if it rolls back.
   *
   * @param tx the open transaction
   * @return whether it is allowed, and if not, how long to wait
   */
  RateDecision tryAcquire(Transaction tx);

  /**
   * Takes one use and waits until the limit allows it. Returns at once if that cannot be in time.
   *
   * @param wait how long to wait at most; zero does not wait
   * @return whether a use was taken
   * @throws InterruptedException if interrupted while waiting; nothing is taken then
   */
  boolean acquire(Duration wait) throws InterruptedException;

  /**
   * Deletes what is stored of this limiter's past, never what still counts. Uses do this now and
   * then by themselves.
   *
   * @return how many rows were deleted
   */
  int sweep();
}
