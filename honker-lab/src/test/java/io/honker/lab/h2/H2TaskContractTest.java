package io.honker.lab.h2;

import io.honker.tck.StoreFixture;
import io.honker.tck.TaskContract;

class H2TaskContractTest extends TaskContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
