package io.honker.cli.bridge;

import java.nio.file.Path;
import java.util.List;

/**
 * What a configuration file says.
 *
 * @param database the database's file
 * @param brokers those that bridges use
 * @param bridges the bridges, at least one
 */
public record BridgesConfig(Path database, List<BrokerConfig> brokers, List<BridgeConfig> bridges) {

  /** Copies the lists. */
  public BridgesConfig {
    brokers = List.copyOf(brokers);
    bridges = List.copyOf(bridges);
  }

  /** The names of the bridges in the file's order. */
  public List<String> bridgeNames() {
    return bridges.stream().map(BridgeConfig::name).toList();
  }

  /** The names of the brokers in the file's order. */
  public List<String> brokerNames() {
    return brokers.stream().map(BrokerConfig::name).toList();
  }

  List<BridgeConfig> bridgesOf(BrokerConfig broker) {
    return bridges.stream().filter(bridge -> bridge.broker().equals(broker.name())).toList();
  }
}
