package io.honker.transport.nats;

import io.honker.tck.BroadcastContract;
import io.honker.tck.BrokerFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NatsBroadcastContractTest extends BroadcastContract {

  @TempDir static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    return new NatsFixture(folder);
  }
}
