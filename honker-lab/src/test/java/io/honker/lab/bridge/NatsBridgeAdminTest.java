package io.honker.lab.bridge;

import io.honker.tck.BridgeAdminContract;
import io.honker.tck.BrokerFixture;
import io.honker.tck.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of bridges on record, between SQLite files over NATS. */
class NatsBridgeAdminTest extends BridgeAdminContract {

  @TempDir private static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    return RunningBroker.nats(folder);
  }

  @Override
  protected StoreFixture newStore() {
    return new SqliteNode();
  }
}
