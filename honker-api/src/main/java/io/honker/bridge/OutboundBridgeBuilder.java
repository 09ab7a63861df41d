package io.honker.bridge;

import io.honker.stream.StreamPosition;

/**
 * Collects what an outbound bridge needs and starts it (rule B-2).
 *
 * <p>Not thread-safe. {@link #start} reports every problem at once.
 *
 * @since 0.1.0
 */
public interface OutboundBridgeBuilder {

  /**
   * Names the bridge. Its progress is kept under this name, whatever the broker's address is.
   *
   * @param name not blank; default {@code <topic> to <log>}
   * @return this builder
   */
  OutboundBridgeBuilder named(String name);

  /**
   * Sets the log at the broker.
   *
   * @param log letters, digits and {@code - _}; default the topic
   * @return this builder
   */
  OutboundBridgeBuilder toLog(String log);

  /**
   * Sets where a bridge begins that never ran.
   *
   * @param position default {@link StreamPosition#beginning}: with the oldest event still stored
   * @return this builder
   */
  OutboundBridgeBuilder startAt(StreamPosition position);

  /**
   * Sends events on that came from other machines, under their own origin, as a hub does. By
   * default only events of this database leave it, so that nothing goes round in circles (rule
   * B-4).
   *
   * @return this builder
   */
  OutboundBridgeBuilder forwarding();

  /**
   * Sets how many events leave together at most.
   *
   * @param events 1 to 10,000; default 500
   * @return this builder
   */
  OutboundBridgeBuilder batchSize(int events);

  /**
   * Starts the bridge.
   *
   * @return the running bridge; close it before the transport
   * @throws io.honker.error.HonkerConfigurationException listing every problem: a bad name, a
   *     bridge of that name with other ends
   * @throws io.honker.transport.TransportException if the broker has a log of this name that is set
   *     up in another way, or cannot be reached
   * @throws IllegalStateException if this Honker runs a bridge of that name already
   */
  Bridge start();
}
