package io.honker.sqlite;

import io.honker.tck.QueueAdminContract;
import io.honker.tck.StoreFixture;

class SqliteQueueAdminContractTest extends QueueAdminContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
