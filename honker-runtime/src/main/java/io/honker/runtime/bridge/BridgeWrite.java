package io.honker.runtime.bridge;

import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;

/** What else is written in the transaction that changes a bridge's record. */
@FunctionalInterface
interface BridgeWrite {
  void in(StoreConnection c) throws SQLException;
}
