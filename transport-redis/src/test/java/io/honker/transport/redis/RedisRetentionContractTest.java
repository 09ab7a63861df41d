package io.honker.transport.redis;

import io.honker.tck.BrokerFixture;
import io.honker.tck.RetentionContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class RedisRetentionContractTest extends RetentionContract {

  @TempDir static Path folder;

  @Override
  protected BrokerFixture newBroker() {
    return new RedisFixture(folder);
  }
}
