package io.honker.lab.h2;

import io.honker.tck.StoreFixture;
import io.honker.tck.TransactionContract;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoForeignCommits.class)
class H2TransactionContractTest extends TransactionContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
