package io.honker.transport.redis;

import io.honker.tck.BrokerFixture;
import io.honker.tck.RemoteReaderContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RedisRemoteReaderContractTest extends RemoteReaderContract {

  @TempDir static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    return new RedisFixture(folder);
  }
}
