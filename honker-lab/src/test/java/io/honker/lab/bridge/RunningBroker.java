package io.honker.lab.bridge;

import io.honker.brokers.BrokerServer;
import io.honker.brokers.NatsServer;
import io.honker.brokers.RedisServer;
import io.honker.tck.BrokerFixture;
import io.honker.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/** A server of its own, over which bridges lead. */
final class RunningBroker extends BrokerFixture {

  private final BrokerServer server;
  private final Supplier<String> uri;
  private final String redeliverOption;

  /** Starts a Redis server with its files in a folder. */
  static RunningBroker redis(Path folder) {
    RedisServer server = new RedisServer(folder);
    return new RunningBroker(server, () -> server.uri(""), "claimIdle");
  }

  /** Starts a NATS server with its files in a folder. */
  static RunningBroker nats(Path folder) {
    NatsServer server = new NatsServer(folder);
    return new RunningBroker(server, () -> server.uri(""), "ackWait");
  }

  /**
   * Starts a server.
   *
   * @param uri its address, known once it runs
   * @param redeliverOption how the transport calls the time after which events come again
   */
  private RunningBroker(BrokerServer server, Supplier<String> uri, String redeliverOption) {
    this.server = server;
    this.uri = uri;
    this.redeliverOption = redeliverOption;
    server.start();
  }

  @Override
  public Transport open(Duration timeout, Duration redeliverAfter) {
    return Transport.builder(uri.get())
        .timeout(timeout)
        .option(redeliverOption, redeliverAfter.toString())
        .open();
  }

  @Override
  public Transport openForgetful(Duration timeout, Duration retention) {
    return Transport.builder(uri.get())
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
