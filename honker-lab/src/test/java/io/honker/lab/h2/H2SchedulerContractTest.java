package io.honker.lab.h2;

import io.honker.tck.SchedulerContract;
import io.honker.tck.StoreFixture;

class H2SchedulerContractTest extends SchedulerContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
