package io.honker.sqlite;

import io.honker.tck.StoreFixture;
import io.honker.tck.TaskContract;

class SqliteTaskContractTest extends TaskContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
