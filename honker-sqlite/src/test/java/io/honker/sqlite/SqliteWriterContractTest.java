package io.honker.sqlite;

import io.honker.tck.StoreFixture;
import io.honker.tck.WriterContract;

class SqliteWriterContractTest extends WriterContract {

  @Override
  protected StoreFixture newStore() {
    return new SqliteFixture();
  }
}
