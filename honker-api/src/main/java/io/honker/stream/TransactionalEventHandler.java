package io.honker.stream;

import io.honker.tx.Transaction;

/**
 * Handles events inside the transaction that moves the consumer's offset.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
@FunctionalInterface
public interface TransactionalEventHandler<T> {

  /**
   * Handles one event. What it writes with {@code tx} commits with the offset; throwing rolls both
   * back and delivers the same event again after a while.
   *
   * @param event the event
   * @param tx the open transaction, valid only during the call
   * @throws Exception to have the event delivered again
   */
  void handle(StreamEvent<T> event, Transaction tx) throws Exception;
}
