package io.honker.lab.bridge;

import io.honker.brokers.RedisServer;
import io.honker.tck.BrokerFixture;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;

/** A Redis server of its own. */
final class RedisBroker extends BrokerFixture {

  private final RedisServer server;

  RedisBroker(Path folder) {
    server = new RedisServer(folder);
    server.start();
  }

  @Override
  public Transport open(Duration timeout, Duration redeliverAfter) {
    return Transport.builder(server.uri(""))
        .timeout(timeout)
        .option("claimIdle", redeliverAfter.toString())
        .open();
  }

  @Override
  public Transport openForgetful(Duration timeout, Duration retention) {
    return Transport.builder(server.uri(""))
        .timeout(timeout)
        .option("retention", retention.toString())
        .open();
  }

  @Override
  public void kill() {
    server.kill();
  }

  @Override
  public void restart() {
    server.start();
  }

  @Override
  public void hang() {
    server.hang();
  }

  @Override
  public void resume() {
    server.resume();
  }

  @Override
  public void close() {
    server.close();
  }
}
