package io.honker.lab.h2;

import io.honker.tck.JoinContract;
import io.honker.tck.StoreFixture;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoForeignCommits.class)
class H2JoinContractTest extends JoinContract {

  @Override
  protected StoreFixture newStore() {
    return new H2Fixture();
  }
}
