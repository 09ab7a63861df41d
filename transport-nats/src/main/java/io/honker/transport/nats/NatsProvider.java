package io.honker.transport.nats;

import io.honker.spi.LocatedProvider;
import io.honker.transport.Transport;

/**
 * Connects to NATS 2.9 and later: {@code nats://[user:password@|token@]host[:port]}, with TLS
 * {@code tls://...}; several servers of a cluster separated by commas. Logs need JetStream.
 *
 * <p>Options: {@code user} and {@code password}, or {@code token}, if the URI has none; {@code
 * credentialsFile}, a file of a user's JWT and key; {@code nkeyFile}, a file with the seed of a
 * user's key; {@code caFile}, a PEM file with the certificates to trust instead of the platform's;
 * {@code prefix} of all streams and subjects, default {@code honker}; {@code ackWait}, how long a
 * member's unacknowledged events are left to it, default {@code PT30S}; {@code retention}, after
 * which events are removed from logs, read or not; {@code replicas} of a log that is created,
 * default 1.
 *
 * <p>The retention is a setting of the log at the server. Who opens a log with the option changes
 * it, for a log that is there too; who opens it without the option takes what there is, and a new
 * log keeps everything. Each source's last offset outlives its events.
 *
 * <p>The server takes messages of at most its {@code max_payload}, 1 MiB unless it is told
 * otherwise, headers included: raise it if payloads may be as large as Honker's own default of 1
 * MiB, or lower that ({@code maxPayloadBytes}).
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class NatsProvider implements Transport.Provider {

  /** Makes the provider; {@link java.util.ServiceLoader} calls this. */
  public NatsProvider() {}

  @Override
  public String name() {
    return "nats";
  }

  @Override
  public int spiVersion() {
    return LocatedProvider.SPI_VERSION;
  }

  @Override
  public boolean accepts(String location) {
    return location.startsWith("nats://") || location.startsWith("tls://");
  }

  @Override
  public Transport open(Transport.Settings settings) {
    return NatsTransport.open(NatsSettings.parse(settings));
  }

  @Override
  public void check(Transport.Settings settings) {
    var checked = NatsSettings.parse(settings);
    assert checked != null;
  }
}
