package io.honker.bridge;

/**
 * Collects what an inbound bridge needs and starts it (rule B-3). Without {@code into...} or {@code
 * handling}, each event goes to the local topic of its own topic's name.
 *
 * <p>Not thread-safe. {@link #start} reports every problem at once.
 *
 * @since 0.1.0
 */
public interface InboundBridgeBuilder {

  /**
   * Names the bridge. Its progress is kept under this name, whatever the broker's address is.
   *
   * @param name not blank; default {@code from <log>}, or with the target {@code from <log> into
   *     <target>}
   * @return this builder
   */
  InboundBridgeBuilder named(String name);

  /**
   * Takes events of some topics only and passes over all others.
   *
   * @param topics the names that topics have at their origin, at least one
   * @return this builder
   */
  InboundBridgeBuilder onlyTopics(String... topics);

  /**
   * Publishes all events to one local topic, with their keys. They get offsets of this database.
   *
   * @param topic not blank
   * @return this builder
   */
  InboundBridgeBuilder intoTopic(String topic);

  /**
   * Enqueues each event's payload as a job, due at once, with priority 0 and 3 attempts. The key is
   * not kept.
   *
   * @param queue the queue's name, not blank
   * @return this builder
   */
  InboundBridgeBuilder intoQueue(String queue);

  /**
   * Hands each event to a handler, in the transaction that records it as received.
   *
   * @param handler the handler, called by one thread
   * @return this builder
   */
  InboundBridgeBuilder handling(InboundHandler handler);

  /**
   * Sets how many events are written together at most. Handlers get a transaction for each event.
   *
   * @param events 1 to 10,000; default 500
   * @return this builder
   */
  InboundBridgeBuilder batchSize(int events);

  /**
   * Starts the bridge.
   *
   * @return the running bridge; close it before the transport
   * @throws io.honker.error.HonkerConfigurationException listing every problem: a bad name, more
   *     than one target, a bridge of that name with other ends
   * @throws io.honker.transport.TransportException if the broker has a log or a group of this name
   *     that is set up in another way, or cannot be reached
   * @throws IllegalStateException if this Honker runs a bridge of that name already
   */
  Bridge start();
}
