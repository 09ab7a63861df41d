package io.honker.transport.redis;

import io.honker.spi.LocatedProvider;
import io.honker.transport.Transport;

/**
 * Connects to Redis 7.0 and later: {@code redis://[user:password@]host[:port][/database]}, with TLS
 * {@code rediss://...}. One server with or without replicas; Redis Cluster is not supported.
 *
 * <p>Options: {@code user} and {@code password} if the URI has none; {@code caFile}, a PEM file
 * with the certificates to trust instead of the platform's; {@code prefix} of all keys and
 * channels, default {@code honker}; {@code claimIdle}, how long a member's unacknowledged events
 * are left to it, default {@code PT1M}; {@code retention}, after which events are removed from
 * logs, read or not, default never.
 *
 * <p>The server does not remove events by itself: who has the option set removes them when
 * appending, when asking for the last offset, and now and then when reading. If several have, the
 * shortest retention counts. Each source's last offset outlives its events.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class RedisProvider implements Transport.Provider {

  /** Makes the provider; {@link java.util.ServiceLoader} calls this. */
  public RedisProvider() {}

  @Override
  public String name() {
    return "redis";
  }

  @Override
  public int spiVersion() {
    return LocatedProvider.SPI_VERSION;
  }

  @Override
  public boolean accepts(String location) {
    return location.startsWith("redis://") || location.startsWith("rediss://");
  }

  @Override
  public Transport open(Transport.Settings settings) {
    return RedisTransport.open(RedisSettings.parse(settings));
  }

  @Override
  public void check(Transport.Settings settings) {
    var checked = RedisSettings.parse(settings);
    assert checked != null;
  }
}
