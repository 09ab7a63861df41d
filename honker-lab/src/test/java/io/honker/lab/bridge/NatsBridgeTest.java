package io.honker.lab.bridge;

import io.honker.brokers.NatsServer;
import io.honker.tck.BridgeContract;
import io.honker.tck.BrokerFixture;
import io.honker.tck.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of bridges, between SQLite files over NATS. */
class NatsBridgeTest extends BridgeContract {

  @TempDir private static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    NatsServer server = new NatsServer(folder);
    return new RunningBroker(server, () -> server.uri(""), "ackWait");
  }

  @Override
  protected StoreFixture newStore() {
    return new SqliteNode();
  }
}
