package io.honker.queue;

import io.honker.tx.Transaction;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Results of jobs, by job id (rule Q-11).
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface JobResults {

  /**
   * Saves a result in its own transaction, replacing an earlier one.
   *
   * @param jobId the job; it need not exist any more
   * @param value the result, encoded by the codec; null is saved as JSON {@code null}
   * @param ttl how long it is kept, fractions of a second round up; {@link Duration#ZERO} keeps it
   *     until swept by hand
   * @throws io.honker.error.PayloadException if it cannot be written or is too large
   */
  void save(long jobId, @Nullable Object value, Duration ttl);

  /**
   * Saves a result in the given transaction.
   *
   * @param tx the open transaction
   * @param jobId the job
   * @param value the result
   * @param ttl how long it is kept; zero for ever
   */
  void save(Transaction tx, long jobId, @Nullable Object value, Duration ttl);

  /**
   * Looks a result up.
   *
   * @param jobId the job
   * @param type the result's type
   * @param <R> the result's type
   * @return the result; empty if none was saved, if it expired, or if it is JSON {@code null}
   * @throws io.honker.error.PayloadException if it cannot be read as the type
   */
  <R> Optional<R> find(long jobId, Class<R> type);

  /**
   * Waits for a result: woken by the commit that saves it or that ends the job, in this or another
   * process.
   *
   * @param jobId the job
   * @param type the result's type
   * @param timeout how long to wait at most; zero only looks
   * @param <R> the result's type
   * @return how the wait ended
   * @throws InterruptedException if interrupted while waiting
   * @throws io.honker.error.PayloadException if the result cannot be read as the type
   */
  <R> AwaitedResult<R> await(long jobId, Class<R> type, Duration timeout)
      throws InterruptedException;

  /**
   * Deletes expired results.
   *
   * @return how many were deleted
   */
  int sweep();
}
