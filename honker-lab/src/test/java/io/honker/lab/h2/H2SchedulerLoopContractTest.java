package io.honker.lab.h2;

import io.honker.tck.SchedulerLoopContract;
import io.honker.tck.StoreFixture;

class H2SchedulerLoopContractTest extends SchedulerLoopContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
