package io.honker.sqlite;

import io.honker.tck.JoinContract;
import io.honker.tck.StoreFixture;

class SqliteJoinContractTest extends JoinContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
