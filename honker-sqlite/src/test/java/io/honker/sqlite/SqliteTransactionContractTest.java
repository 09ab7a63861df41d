package io.honker.sqlite;

import io.honker.tck.StoreFixture;
import io.honker.tck.TransactionContract;

class SqliteTransactionContractTest extends TransactionContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
