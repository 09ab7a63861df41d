package io.honker.orm;

import io.honker.tx.Transaction;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a session's transaction and returns a value.
 *
 * @param <R> the value's type
 * @param <X> what it may throw; any exception rolls back and reaches the caller unchanged
 * @since 0.1.0
 */
@FunctionalInterface
public interface SessionFunction<R extends @Nullable Object, X extends Exception> {

  /**
   * Does the work.
   *
   * @param session a session with an open transaction, valid only during this call
   * @param tx the same transaction for honker's writes, valid only during this call
   * @return the value handed to the caller after the commit
   * @throws X to roll back
   */
  R apply(Session session, Transaction tx) throws X;
}
