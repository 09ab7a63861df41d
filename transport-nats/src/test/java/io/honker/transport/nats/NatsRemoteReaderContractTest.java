package io.honker.transport.nats;

import io.honker.tck.BrokerFixture;
import io.honker.tck.RemoteReaderContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NatsRemoteReaderContractTest extends RemoteReaderContract {

  @TempDir static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    return new NatsFixture(folder);
  }
}
