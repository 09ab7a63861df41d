package io.honker.lab.h2;

import io.honker.tck.LockContract;
import io.honker.tck.StoreFixture;

class H2LockContractTest extends LockContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
