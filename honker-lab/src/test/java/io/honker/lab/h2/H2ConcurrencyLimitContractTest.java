package io.honker.lab.h2;

import io.honker.tck.ConcurrencyLimitContract;
import io.honker.tck.StoreFixture;

class H2ConcurrencyLimitContractTest extends ConcurrencyLimitContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
