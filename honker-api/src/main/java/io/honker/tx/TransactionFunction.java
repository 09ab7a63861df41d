package io.honker.tx;

import org.jspecify.annotations.Nullable;

/**
 * What runs inside a transaction and returns a value.
 *
 * @param <R> the value's type
 * @param <X> what it may throw; any exception rolls back and reaches the caller unchanged
 * @since 0.1.0
 */
@FunctionalInterface
public interface TransactionFunction<R extends @Nullable Object, X extends Exception> {

  /**
   * Does the work.
   *
   * @param tx the transaction, valid only during this call
   * @return the value handed to the caller after the commit
   * @throws X to roll back
   */
  R apply(Transaction tx) throws X;
}
