package io.honker.bridge;

import io.honker.transport.ReceivedEvent;
import io.honker.tx.Transaction;

/**
 * Handles events of other machines in the transaction that records them as received.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface InboundHandler {

  /**
   * Handles one event. What it writes with {@code tx} commits with the record that the event was
   * received: its effect in this database happens exactly once. Holds the writer; keep it short.
   *
   * @param event the event and where it comes from; its payload is the JSON text
   * @param tx the open transaction, valid only during the call
   * @throws Exception to undo both and have the event again after a while, before any later one, as
   *     often as it takes: no event is given up, so one that can never be handled must be put aside
   *     by the handler
   */
  void handle(ReceivedEvent event, Transaction tx) throws Exception;
}
