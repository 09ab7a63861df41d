package io.honker.sqlite;

import io.honker.tck.ChannelContract;
import io.honker.tck.StoreFixture;

class SqliteChannelContractTest extends ChannelContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
