package io.honker.lab.h2;

import io.honker.tck.ConsumerGroupContract;
import io.honker.tck.StoreFixture;

class H2ConsumerGroupContractTest extends ConsumerGroupContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
