package io.honker.transport.nats;

import io.honker.tck.BrokerFixture;
import io.honker.tck.RetentionContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class NatsRetentionContractTest extends RetentionContract {

  @TempDir static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    return new NatsFixture(folder);
  }
}
