package io.honker.sqlite;

import io.honker.tck.SchedulerLoopContract;
import io.honker.tck.StoreFixture;

class SqliteSchedulerLoopContractTest extends SchedulerLoopContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
