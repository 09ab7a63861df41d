package io.honker.lab.h2;

import io.honker.tck.QueueContract;
import io.honker.tck.StoreFixture;

class H2QueueContractTest extends QueueContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
