package io.honker.sqlite;

import io.honker.tck.StoreFixture;
import io.honker.tck.WorkerContract;

class SqliteWorkerContractTest extends WorkerContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
