package io.honker.lab.h2;

import io.honker.tck.QueueAdminContract;
import io.honker.tck.StoreFixture;

class H2QueueAdminContractTest extends QueueAdminContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
