package io.honker.sqlite;

import io.honker.tck.QueueContract;
import io.honker.tck.StoreFixture;

class SqliteQueueContractTest extends QueueContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
