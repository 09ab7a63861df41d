package io.honker.sqlite;

import io.honker.tck.DataSourceContract;
import io.honker.tck.StoreFixture;

class SqliteDataSourceContractTest extends DataSourceContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
