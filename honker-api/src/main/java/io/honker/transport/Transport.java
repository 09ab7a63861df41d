package io.honker.transport;

import io.honker.spi.LocatedProvider;
import java.time.Duration;
import java.util.Map;

/**
 * A connection to a broker, found by the scheme of its URI: {@code redis://}, {@code rediss://},
 * {@code nats://}, {@code tls://} (rule B-1).
 *
 * <p>Reconnects by itself; what is called meanwhile fails with a retryable {@link
 * TransportException} after the timeout, at the latest. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Transport extends AutoCloseable {

  /**
   * Tells what it is connected to, for people.
   *
   * @return the broker's kind, version and address, without credentials
   */
  String description();

  /**
   * Tells what it can do on this server.
   *
   * @return the capabilities
   */
  TransportCapabilities capabilities();

  /**
   * Opens a log and creates it if it is missing.
   *
   * @param name the log's name, letters, digits and {@code - _}
   * @return the log
   * @throws TransportException if the broker did not answer, or has a log of this name that is set
   *     up in another way, naming the differences
   * @throws IllegalArgumentException if the name has other characters
   */
  RemoteLog log(String name);

  /**
   * Returns the broadcast of this broker.
   *
   * @return the broadcast
   * @throws UnsupportedOperationException if it has none, see {@link #capabilities}
   */
  Broadcast broadcast();

  /** Closes the connections and joins their threads. Idempotent. */
  @Override
  void close();

  /**
   * What a provider is to connect to.
   *
   * <p>Immutable. {@code toString} hides credentials.
   *
   * @param uri the URI, credentials included
   * @param timeout how long a call waits for the broker
   * @param options options of the transport by name
   * @since 0.1.0
   */
  record Settings(String uri, Duration timeout, Map<String, String> options) {}

  /**
   * Makes a {@link Transport} to one kind of broker. Found by {@link java.util.ServiceLoader} as
   * {@code io.honker.transport.Transport$Provider}.
   *
   * <p>Implementations have a public no-argument constructor and are safe for use by multiple
   * threads.
   *
   * @since 0.1.0
   */
  interface Provider extends LocatedProvider {

    /**
     * Connects.
     *
     * @param settings what to connect to
     * @return the transport
     * @throws io.honker.error.HonkerConfigurationException if the URI or an option cannot be right,
     *     listing all problems
     * @throws TransportException if the broker cannot be reached or refuses, naming what to change
     */
    Transport open(Settings settings);
  }
}
