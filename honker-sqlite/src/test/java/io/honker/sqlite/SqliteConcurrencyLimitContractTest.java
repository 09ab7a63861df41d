package io.honker.sqlite;

import io.honker.tck.ConcurrencyLimitContract;
import io.honker.tck.StoreFixture;

class SqliteConcurrencyLimitContractTest extends ConcurrencyLimitContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
