package io.honker.sqlite;

import io.honker.tck.StoreFixture;
import io.honker.tck.SubscriptionContract;

class SqliteSubscriptionContractTest extends SubscriptionContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
