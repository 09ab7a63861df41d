package io.honker.tx;

/**
 * What runs inside a transaction and returns nothing.
 *
 * @param <X> what it may throw; any exception rolls back and reaches the caller unchanged
 * @since 0.1.0
 */
@FunctionalInterface
public interface TransactionWork<X extends Exception> {

  /**
   * Does the work.
   *
   * @param tx the transaction, valid only during this call
   * @throws X to roll back
   */
  void run(Transaction tx) throws X;
}
