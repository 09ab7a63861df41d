package io.honker.runtime.engine;

import io.honker.error.HonkerException;
import io.honker.error.NestedWriteException;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreTransaction;
import java.sql.Connection;

/** A transaction that the engine began and ends. */
final class OwnedTransaction extends EngineTransaction {

  private final StoreTransaction transaction;

  private OwnedTransaction(TransactionScope scope, StoreTransaction transaction) {
    super(scope);
    this.transaction = transaction;
  }

  static OwnedTransaction begin(TransactionScope scope) {
    try {
      return new OwnedTransaction(scope, scope.store().begin());
    } catch (NestedWriteException e) {
      throw new NestedWriteException(
          "this thread is inside a transaction already; pass that transaction on instead of beginning"
              + " another",
          e);
    }
  }

  @Override
  StoreConnection rawConnection() {
    return transaction.connection();
  }

  @Override
  Connection applicationConnection() {
    return transaction.applicationConnection();
  }

  @Override
  boolean survived() {
    return transaction.survived();
  }

  void commit() {
    markEnded();
    try {
      refuseIfLost();
    } catch (HonkerException lost) {
      rollBack(lost);
      throw lost;
    }
    try {
      transaction.commit();
    } catch (HonkerException failure) {
      finishRolledBack();
      throw failure;
    }
    finishCommitted();
  }

  void rollBack(Throwable cause) {
    markEnded();
    try {
      transaction.rollback();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
    finishRolledBack();
  }
}
