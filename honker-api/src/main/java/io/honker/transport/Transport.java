package io.honker.transport;

import io.honker.error.HonkerConfigurationException;
import io.honker.internal.Checks;
import io.honker.internal.HiddenCredentials;
import io.honker.internal.ProviderDiscovery;
import io.honker.spi.LocatedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a broker, found by the scheme of its URI: {@code redis://}, {@code rediss://},
 * {@code nats://}, {@code tls://} (rule B-1).
 *
 * <pre>{@code
 * try (Transport transport = Transport.builder("redis://broker.example").open()) {
 *   RemoteLog orders = transport.log("orders");
 *   orders.append(source, events);
 * }
 * }</pre>
 *
 * <p>Reconnects by itself; what is called meanwhile fails with a retryable {@link
 * TransportException} after the timeout, at the latest. Safe for use by multiple threads. Its
 * threads are named {@code honker-<provider>-...} and are daemons.
 *
 * @since 0.1.0
 */
public interface Transport extends AutoCloseable {

  /**
   * Begins to open a transport.
   *
   * @param uri the broker's URI, with or without credentials, never null
   * @return a builder
   */
  static Builder builder(String uri) {
    return new Builder(uri);
  }

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
   * Opens a log and creates it if it is missing. Blocks until the broker answered, for not much
   * more than the timeout.
   *
   * @param name the log's name, letters, digits and {@code - _}
   * @return the log
   * @throws IllegalArgumentException if the name has other characters
   * @throws UnsupportedOperationException if this server keeps no logs, see {@link #capabilities}
   * @throws TransportException if the broker did not answer, or has a log of this name that is set
   *     up in another way, naming the differences
   */
  RemoteLog log(String name);

  /**
   * Returns the broadcast of this broker.
   *
   * @return the broadcast
   * @throws UnsupportedOperationException if it has none, see {@link #capabilities}
   */
  Broadcast broadcast();

  /**
   * Closes the connections and joins their threads. Logs, readers and broadcasts of this transport
   * fail with {@link IllegalStateException} afterwards. Idempotent.
   */
  @Override
  void close();

  /**
   * What to connect to. Not thread-safe.
   *
   * @since 0.1.0
   */
  final class Builder {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

    private final String uri;
    private final Map<String, String> options = new LinkedHashMap<>();
    private Duration timeout = DEFAULT_TIMEOUT;
    private @Nullable Provider provider;
    private @Nullable String providerName;

    private Builder(String uri) {
      this.uri = Objects.requireNonNull(uri, "uri");
    }

    /**
     * Sets how long a call waits for the broker.
     *
     * @param timeout from a millisecond to a day; default 10 s
     * @return this builder
     */
    public Builder timeout(Duration timeout) {
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Sets an option of the transport by its name, such as {@code password}. The Javadoc of {@code
     * io.honker.transport.redis.RedisProvider} and {@code io.honker.transport.nats.NatsProvider}
     * lists them.
     *
     * @param name the option's name, never null
     * @param value its value as text, never null
     * @return this builder
     */
    public Builder option(String name, String value) {
      options.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Uses exactly this provider; nothing is searched for.
     *
     * @param provider the provider, never null
     * @return this builder
     */
    public Builder provider(Provider provider) {
      this.provider = Objects.requireNonNull(provider, "provider");
      return this;
    }

    /**
     * Uses the installed provider of this name, whatever the URI looks like.
     *
     * @param name a provider's name such as {@code redis}, never null
     * @return this builder
     */
    public Builder provider(String name) {
      this.providerName = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Connects.
     *
     * @return the transport; close it
     * @throws HonkerConfigurationException if the URI or options are wrong, or no provider or more
     *     than one fits
     * @throws TransportException if the broker cannot be reached or refuses, naming what to change
     */
    public Transport open() {
      return find().open(new Settings(uri, timeout, options));
    }

    /**
     * Checks everything that can be checked without connecting.
     *
     * @throws HonkerConfigurationException if the URI or options are wrong, or no provider or more
     *     than one fits
     */
    public void check() {
      find().check(new Settings(uri, timeout, options));
    }

    private Provider find() {
      List<String> problems = new ArrayList<>();
      Checks.notBlank(problems, "uri", uri);
      if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
        problems.add("timeout must be at least a millisecond, not " + timeout);
      }
      if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
        problems.add("timeout must be at most a day, not " + timeout);
      }
      if (!problems.isEmpty()) {
        throw new HonkerConfigurationException(problems, null);
      }
      return provider != null
          ? provider
          : new ProviderDiscovery<>(Provider.class, uri, providerName, artifact()).find();
    }

    private String artifact() {
      if (uri.startsWith("redis")) {
        return "honker-transport-redis";
      }
      return uri.startsWith("nats:") || uri.startsWith("tls:")
          ? "honker-transport-nats"
          : "honker-transport-redis (redis://, rediss://) or honker-transport-nats (nats://, tls://)";
    }
  }

  /**
   * What a provider is to connect to.
   *
   * <p>Immutable; made by the builder. {@code toString} hides credentials.
   *
   * @since 0.1.0
   */
  final class Settings {

    private final String uri;
    private final Duration timeout;
    private final Map<String, String> options;

    private Settings(String uri, Duration timeout, Map<String, String> options) {
      this.uri = uri;
      this.timeout = timeout;
      this.options = Map.copyOf(options);
    }

    /**
     * Returns the URI as the application wrote it.
     *
     * @return the URI, credentials included; never show it
     */
    public String uri() {
      return uri;
    }

    /**
     * Returns the URI for messages.
     *
     * @return the URI without credentials and parameters
     */
    public String shownUri() {
      return HiddenCredentials.in(uri);
    }

    /**
     * Returns how long a call waits for the broker.
     *
     * @return at least a millisecond
     */
    public Duration timeout() {
      return timeout;
    }

    /**
     * Returns the options of the transport by name.
     *
     * @return an unmodifiable map; a provider refuses names it does not know
     */
    public Map<String, String> options() {
      return options;
    }

    /** Shows the URI without credentials, and of the options the names only. */
    @Override
    public String toString() {
      return "Settings[uri="
          + shownUri()
          + ", timeout="
          + timeout
          + ", options="
          + new TreeSet<>(options.keySet())
          + "]";
    }
  }

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
     * @throws HonkerConfigurationException if the URI or an option cannot be right, listing all
     *     problems
     * @throws TransportException if the broker cannot be reached or refuses, naming what to change
     */
    Transport open(Settings settings);

    /**
     * Checks what {@link #open} refuses without having connected. By default nothing.
     *
     * @param settings what would be connected to
     * @throws HonkerConfigurationException if the URI or an option cannot be right, listing all
     *     problems
     */
    default void check(Settings settings) {}
  }
}
