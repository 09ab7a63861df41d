package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.bridge.BridgeState;
import io.honker.brokers.BrokerServer;
import io.honker.brokers.NatsServer;
import io.honker.brokers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Brokers that keep what they confirm. */
final class Brokers {

  /** Which broker. */
  enum Kind {
    REDIS,
    NATS
  }

  private Brokers() {}

  static BrokerServer start(Kind kind, Path folder) throws IOException {
    Path own = Files.createDirectory(folder.resolve("broker"));
    BrokerServer server = kind == Kind.REDIS ? new RedisServer(own) : new NatsServer(own);
    server.start();
    return server;
  }

  static String uri(Kind kind, BrokerServer server) {
    return (kind == Kind.REDIS ? "redis" : "nats") + "://127.0.0.1:" + server.port();
  }

  /** Whether no bridge of a database runs. */
  static boolean isPaused(Honker honker) {
    return honker.bridges().list().stream()
        .allMatch(bridge -> bridge.state() == BridgeState.PAUSED);
  }
}
