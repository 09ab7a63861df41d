package io.honker.sqlite;

import io.honker.tck.SchedulerContract;
import io.honker.tck.StoreFixture;

class SqliteSchedulerContractTest extends SchedulerContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
