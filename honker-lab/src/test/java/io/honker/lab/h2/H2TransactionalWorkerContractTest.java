package io.honker.lab.h2;

import io.honker.tck.StoreFixture;
import io.honker.tck.TransactionalWorkerContract;

class H2TransactionalWorkerContractTest extends TransactionalWorkerContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
