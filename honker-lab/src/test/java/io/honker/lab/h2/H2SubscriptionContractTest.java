package io.honker.lab.h2;

import io.honker.tck.StoreFixture;
import io.honker.tck.SubscriptionContract;

class H2SubscriptionContractTest extends SubscriptionContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
