package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.*;

/** Placeholder while the data source is being written. */
abstract class RoutedConnection implements Connection {
  static RoutedConnection insideTransaction(WriteLane lane) {
    throw new IllegalStateException("coming");
  }

  abstract void transactionEnded();

  abstract boolean isOf(WriteLane lane);

  abstract StoreConnection takeWriter() throws SQLException;

  abstract void onTransactionEnd(Runnable committed, Runnable rolledBack);
}
