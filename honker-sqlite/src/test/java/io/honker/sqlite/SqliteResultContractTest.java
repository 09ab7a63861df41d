package io.honker.sqlite;

import io.honker.tck.ResultContract;
import io.honker.tck.StoreFixture;

class SqliteResultContractTest extends ResultContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
