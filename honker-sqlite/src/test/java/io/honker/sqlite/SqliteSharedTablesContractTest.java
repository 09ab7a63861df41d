package io.honker.sqlite;

import io.honker.tck.SharedTablesContract;
import io.honker.tck.StoreFixture;

class SqliteSharedTablesContractTest extends SharedTablesContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
