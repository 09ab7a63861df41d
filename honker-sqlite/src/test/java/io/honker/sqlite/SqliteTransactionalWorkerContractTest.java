package io.honker.sqlite;

import io.honker.tck.StoreFixture;
import io.honker.tck.TransactionalWorkerContract;

class SqliteTransactionalWorkerContractTest extends TransactionalWorkerContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
