package io.honker.transport.nats;

import io.honker.brokers.NatsServer;
import io.honker.tck.BrokerFixture;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;

/** A server that wants a password. */
class NatsFixture extends BrokerFixture {

  /** Looked for in all messages and in the log of all tests. */
  static final String PASSWORD = "s3cret-Nats-pass";

  private final NatsServer server;

  NatsFixture(Path folder) {
    server =
        new NatsServer(folder)
            .with("authorization { user: \"app\", password: \"" + PASSWORD + "\" }");
    server.start();
  }

  @Override
  public Transport open(Duration timeout, Duration redeliverAfter) {
    return builder(timeout).option("ackWait", redeliverAfter.toString()).open();
  }

  @Override
  public Transport openForgetful(Duration timeout, Duration retention) {
    return builder(timeout).option("retention", retention.toString()).open();
  }

  private Transport.Builder builder(Duration timeout) {
    return Transport.builder(server.uri("app:" + PASSWORD + "@")).timeout(timeout);
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
