package io.honker.lab.h2;

import io.honker.tck.RateLimitContract;
import io.honker.tck.StoreFixture;

class H2RateLimitContractTest extends RateLimitContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
