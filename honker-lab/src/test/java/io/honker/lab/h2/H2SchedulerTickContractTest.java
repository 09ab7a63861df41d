package io.honker.lab.h2;

import io.honker.tck.SchedulerTickContract;
import io.honker.tck.StoreFixture;

class H2SchedulerTickContractTest extends SchedulerTickContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
