package io.honker.sqlite;

import io.honker.tck.SchedulerTickContract;
import io.honker.tck.StoreFixture;

class SqliteSchedulerTickContractTest extends SchedulerTickContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
