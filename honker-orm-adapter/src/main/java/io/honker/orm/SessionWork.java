package io.honker.orm;

import io.honker.tx.Transaction;
import org.hibernate.Session;

/**
 * What runs in a session's transaction and returns nothing.
 *
 * @param <X> what it may throw; any exception rolls back and reaches the caller unchanged
 * @since 0.1.0
 */
@FunctionalInterface
public interface SessionWork<X extends Exception> {

  /**
   * Does the work.
   *
   * @param session a session with an open transaction, valid only during this call
   * @param tx the same transaction for honker's writes, valid only during this call
   * @throws X to roll back
   */
  void run(Session session, Transaction tx) throws X;
}
