package io.honker.lab.bridge;

import io.honker.brokers.RedisServer;
import io.honker.tck.BridgeContract;
import io.honker.tck.BrokerFixture;
import io.honker.tck.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of bridges, between SQLite files over Redis. */
class RedisBridgeTest extends BridgeContract {

  @TempDir private static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    RedisServer server = new RedisServer(folder);
    return new RunningBroker(server, () -> server.uri(""), "claimIdle");
  }

  @Override
  protected StoreFixture newStore() {
    return new SqliteNode();
  }
}
