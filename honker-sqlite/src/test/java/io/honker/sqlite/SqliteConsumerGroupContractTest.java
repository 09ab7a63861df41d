package io.honker.sqlite;

import io.honker.tck.ConsumerGroupContract;
import io.honker.tck.StoreFixture;

class SqliteConsumerGroupContractTest extends ConsumerGroupContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
