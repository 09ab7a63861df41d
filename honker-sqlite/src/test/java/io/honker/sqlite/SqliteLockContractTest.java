package io.honker.sqlite;

import io.honker.tck.LockContract;
import io.honker.tck.StoreFixture;

class SqliteLockContractTest extends LockContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
