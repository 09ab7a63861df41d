package io.honker.queue;

/**
 * Does the work of a job.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
@FunctionalInterface
public interface JobHandler<T> {

  /**
   * Handles one job. Returning acknowledges it; throwing fails the attempt, and the worker's {@link
   * io.honker.retry.RetryPolicy} decides what follows. The thread is interrupted when the handler
   * timeout passes, the lease is lost, or the worker's shutdown grace ends.
   *
   * @param job the claimed job
   * @throws Exception to fail this attempt; {@link io.honker.retry.RetryLaterException} and {@link
   *     io.honker.retry.GiveUpException} say what should follow
   */
  void handle(Job<T> job) throws Exception;
}
