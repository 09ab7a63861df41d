package io.honker.lab.h2;

import io.honker.tck.ChannelContract;
import io.honker.tck.StoreFixture;

class H2ChannelContractTest extends ChannelContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
