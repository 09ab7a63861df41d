package io.honker.lab.h2;

import io.honker.tck.StoreFixture;
import io.honker.tck.WorkerContract;

class H2WorkerContractTest extends WorkerContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
