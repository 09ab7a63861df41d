package io.honker.bridge;

import io.honker.transport.Transport;
import java.util.List;
import java.util.Optional;

/**
 * Bridges to other machines (rules B-2 to B-6).
 *
 * <pre>{@code
 * try (Transport broker = Transport.builder("redis://broker.example").open();
 *     Bridge out = honker.bridges().outbound("orders", broker).start();
 *     Bridge in = honker.bridges().inbound(broker, "orders").start()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>An event keeps its identity wherever it goes: the database it was published in (its origin),
 * the topic, the offset there. A target stream holds each source event once, in the source's order
 * per origin, whatever fails meanwhile. Each bridge's progress is on record in this database.
 *
 * <p>Reads and writes of this interface are on the database alone and do not ask the broker. Each
 * write is a transaction of its own, so it waits for the writer, and inside a transaction of the
 * same thread it fails with a {@link io.honker.error.NestedWriteException}. Builders' {@code start}
 * does the same after it has asked the broker. Names are never null. After the Honker was closed
 * everything fails with {@link IllegalStateException}. Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface Bridges {

  /**
   * Returns under which identity this database publishes to others: its id and its incarnation. A
   * copy or a restored backup, where that can be recognised, gets another incarnation when it is
   * opened first, and never speaks for its original.
   *
   * @return the origin of events published from now on
   */
  String origin();

  /**
   * Prepares a bridge from a local topic to a log at the broker.
   *
   * @param topic the local topic, not blank
   * @param transport the way to the broker; stays the caller's
   * @return a builder
   */
  OutboundBridgeBuilder outbound(String topic, Transport transport);

  /**
   * Prepares a bridge from a log at the broker to this database.
   *
   * @param transport the way to the broker; stays the caller's
   * @param log the log's name
   * @return a builder
   */
  InboundBridgeBuilder inbound(Transport transport, String log);

  /**
   * Prepares a bridge between a local channel and the broker's broadcast, best effort: what nobody
   * receives at the time is gone.
   *
   * @param channel the local channel, not blank
   * @param transport the way to the broker; stays the caller's
   * @return a builder
   */
  ChannelBridgeBuilder channel(String channel, Transport transport);

  /**
   * Lists the bridges on record, those of other processes too.
   *
   * @return a snapshot in order of name
   */
  List<BridgeStatus> list();

  /**
   * Finds a bridge on record.
   *
   * @param name its name
   * @return its status, empty if there is none of that name
   */
  Optional<BridgeStatus> find(String name);

  /**
   * Lets a bridge rest until {@link #resume}, also across restarts, wherever it runs. A batch that
   * is on its way is finished, and an inbound bridge that waits for events notices within three
   * seconds.
   *
   * @param name its name
   * @return false if there is none of that name
   */
  boolean pause(String name);

  /**
   * Lets a paused bridge go on.
   *
   * @param name its name
   * @return false if there is none of that name
   */
  boolean resume(String name);

  /**
   * Lets a bridge go back to where the broker is, now or when it runs next. An outbound bridge
   * sends again what the broker has lost, as far as it is stored here; if the broker is ahead of
   * this database, which was then put back to an older state, the events since go out under a new
   * origin. An inbound bridge reads the log again from its oldest event; what is here already is
   * passed over. A bridge that is not broken does the same, which costs time and changes nothing.
   *
   * @param name its name
   * @return false if there is none of that name
   */
  boolean rewind(String name);

  /**
   * Lets a broken bridge go on although events are lost that neither the broker nor this database
   * has any more; {@link BridgeStatus#detail} says which. Those are accepted and no others: a later
   * loss makes the bridge broken again. Try {@link #rewind} first.
   *
   * @param name its name
   * @return false if there is none of that name
   * @throws IllegalStateException if it is not broken: there is no loss to accept
   */
  boolean acceptLoss(String name);

  /**
   * Forgets a bridge and its progress. What it has received stays known, so that a later one
   * doubles nothing.
   *
   * @param name its name
   * @return false if there is none of that name
   * @throws IllegalStateException if a process runs it at the moment, or this one stands by for it;
   *     close it first
   */
  boolean forget(String name);
}
