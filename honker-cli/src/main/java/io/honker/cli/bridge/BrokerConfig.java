package io.honker.cli.bridge;

import io.honker.transport.Transport;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a broker.
 *
 * @param name what the configuration calls it
 * @param uri its URI, possibly with credentials
 * @param timeout how long a call waits, null for the default
 * @param options the transport's options, secrets included
 */
record BrokerConfig(
    String name, String uri, @Nullable Duration timeout, Map<String, String> options) {

  BrokerConfig {
    options = Map.copyOf(options);
  }

  Transport.Builder transport() {
    Transport.Builder builder = Transport.builder(uri);
    options.forEach(builder::option);
    if (timeout != null) {
      builder.timeout(timeout);
    }
    return builder;
  }

  /** Hides everything that may be a secret. */
  @Override
  public String toString() {
    return "BrokerConfig[" + name + "]";
  }
}
