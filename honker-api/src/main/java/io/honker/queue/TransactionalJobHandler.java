package io.honker.queue;

import io.honker.tx.Transaction;

/**
 * Does the work of a job inside the transaction that acknowledges it.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
@FunctionalInterface
public interface TransactionalJobHandler<T> {

  /**
   * Handles one job. Returning commits its writes together with the acknowledgement; throwing rolls
   * both back and counts as a failed attempt.
   *
   * @param job the claimed job
   * @param tx the open transaction; the worker commits it
   * @throws Exception to roll back and fail this attempt
   */
  void handle(Job<T> job, Transaction tx) throws Exception;
}
