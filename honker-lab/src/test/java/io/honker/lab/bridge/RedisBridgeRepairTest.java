package io.honker.lab.bridge;

import io.honker.tck.BridgeRepairContract;
import io.honker.tck.BrokerFixture;
import io.honker.tck.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of bridges that others went on without, between SQLite files over Redis. */
class RedisBridgeRepairTest extends BridgeRepairContract {

  @TempDir private static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    return RunningBroker.redis(folder);
  }

  @Override
  protected StoreFixture newStore() {
    return new SqliteNode();
  }
}
