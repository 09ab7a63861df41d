package io.honker.sqlite;

import io.honker.tck.StoreFixture;
import io.honker.tck.StreamContract;

class SqliteStreamContractTest extends StreamContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
