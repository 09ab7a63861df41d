package io.honker.lab.h2;

import io.honker.tck.StoreFixture;
import io.honker.tck.WriterContract;

class H2WriterContractTest extends WriterContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
