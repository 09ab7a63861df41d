package io.honker.runtime.store;

import java.sql.Connection;

/** An open transaction that has the writer to itself. Confined to the thread that began it. */
public interface StoreTransaction {

  /** The connection honker's SQL runs on. */
  StoreConnection connection();

  /** The same connection for the application: refuses commit, rollback and close. */
  Connection applicationConnection();

  /**
   * Tells, after a failed statement, whether the transaction is still open: engines undo a whole
   * transaction on some errors, and what ran after that would commit by itself.
   */
  boolean survived();

  /**
   * Commits and gives the writer back.
   *
   * @throws io.honker.error.HonkerException if the commit failed; it is rolled back then
   */
  void commit();

  /** Rolls back and gives the writer back. Never throws for a transaction that is gone already. */
  void rollback();
}
