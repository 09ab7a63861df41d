package io.honker.lab.h2;

import io.honker.tck.ResultContract;
import io.honker.tck.StoreFixture;

class H2ResultContractTest extends ResultContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
