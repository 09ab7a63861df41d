package io.honker.runtime.store;

import java.sql.Connection;

/** A store connection over a JDBC connection that the application owns. */
public interface JoinedConnection {

  /** The connection honker's SQL runs on. */
  StoreConnection connection();

  /** The application's own connection, as it handed it in. */
  Connection applicationConnection();

  /**
   * Asks to be told how the application ends the transaction, where the connection is one of the
   * store's own data source.
   *
   * @return false if the connection cannot tell
   */
  boolean onEnd(Runnable committed, Runnable rolledBack);

  /** Lets go of kept statements and of the mark that this thread holds the writer. Idempotent. */
  void release();
}
