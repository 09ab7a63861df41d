package io.honker.lab.h2;

import io.honker.tck.StoreFixture;
import io.honker.tck.StreamContract;

class H2StreamContractTest extends StreamContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
