package io.honker.transport.redis;

import io.honker.brokers.RedisServer;
import io.honker.tck.BrokerFixture;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;

/** A server that wants a password. */
class RedisFixture extends BrokerFixture {

  /** Looked for in all messages and in the log of all tests. */
  static final String PASSWORD = "s3cret-Redis-pass";

  private final RedisServer server;

  RedisFixture(Path folder) {
    server = new RedisServer(folder).with("requirepass", PASSWORD);
    server.start();
  }

  @Override
  public Transport open(Duration timeout, Duration redeliverAfter) {
    return builder(timeout).option("claimIdle", redeliverAfter.toString()).open();
  }

  @Override
  public Transport openForgetful(Duration timeout, Duration retention) {
    return builder(timeout).option("retention", retention.toString()).open();
  }

  private Transport.Builder builder(Duration timeout) {
    return Transport.builder(server.uri(":" + PASSWORD + "@")).timeout(timeout);
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
