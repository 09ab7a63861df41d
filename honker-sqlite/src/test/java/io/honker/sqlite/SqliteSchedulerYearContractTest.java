package io.honker.sqlite;

import io.honker.tck.SchedulerYearContract;
import io.honker.tck.StoreFixture;

class SqliteSchedulerYearContractTest extends SchedulerYearContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
