package io.honker.sqlite;

import io.honker.tck.RateLimitContract;
import io.honker.tck.StoreFixture;

class SqliteRateLimitContractTest extends RateLimitContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
