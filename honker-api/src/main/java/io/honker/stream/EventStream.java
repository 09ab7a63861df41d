package io.honker.stream;

import io.honker.tx.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One topic of durable, ordered events with typed payloads.
 *
 * <pre>{@code
 * EventStream<OrderPlaced> orders = honker.stream("orders", OrderPlaced.class);
 * honker.inTransaction(tx -> {
 *   tx.execute("INSERT INTO orders(id, total) VALUES (?, ?)", 42, 9900);
 *   orders.publish(tx, "customer-7", new OrderPlaced(42));
 * });
 * try (Subscription billing = orders.subscribe("billing", event -> bill(event.payload())).start()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Events stay until {@link #trim} removes them; reading does not. Offsets are global over all
 * topics of the database and ascend in commit order (rule S-1). A consumer is a name with a saved
 * offset, shared with honker's other bindings.
 *
 * <p>Every write has two forms: alone, committed when the call returns; and with a {@link
 * Transaction}, committed or rolled back with it. The stand-alone form inside a transaction of the
 * same thread is refused with {@link io.honker.error.NestedWriteException}. All writes may throw
 * {@link io.honker.error.StoreBusyException} (retryable, nothing written), {@link
 * io.honker.error.StoreException}, {@link io.honker.error.HonkerInterruptedException}, and {@link
 * IllegalStateException} after {@code Honker.close()}.
 *
 * <p>Handles are cheap and safe for use by multiple threads.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
public interface EventStream<T> {

  /** Counts of {@link #lag} and {@link StreamConsumer#lag} are exact up to this many events. */
  int COUNT_LIMIT = 10_000;

  /**
   * Returns the topic's name.
   *
   * @return the topic
   */
  String topic();

  /**
   * Publishes an event without a key in its own transaction.
   *
   * @param payload the payload, never null
   * @return the event's offset
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long publish(T payload);

  /**
   * Publishes an event in its own transaction.
   *
   * @param key the key, which consumer groups keep in order; null for none
   * @param payload the payload, never null
   * @return the event's offset
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long publish(@Nullable String key, T payload);

  /**
   * Publishes an event without a key in the given transaction.
   *
   * @param tx the open transaction
   * @param payload the payload, never null
   * @return the event's offset, gone again if the transaction rolls back
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long publish(Transaction tx, T payload);

  /**
   * Publishes an event in the given transaction.
   *
   * @param tx the open transaction
   * @param key the key, or null
   * @param payload the payload, never null
   * @return the event's offset, gone again if the transaction rolls back
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long publish(Transaction tx, @Nullable String key, T payload);

  /**
   * Publishes many events in one transaction of their own.
   *
   * @param payloads the payloads, none null
   * @param key gives each payload its key, or null for none
   * @return the offsets in the order of the payloads
   * @throws io.honker.error.PayloadException if a payload cannot be written or is too large;
   *     nothing is published then
   */
  List<Long> publishAll(
      Collection<? extends T> payloads, Function<? super T, @Nullable String> key);

  /**
   * Publishes many events without keys in one transaction of their own.
   *
   * @param payloads the payloads, none null
   * @return the offsets in the order of the payloads
   */
  default List<Long> publishAll(Collection<? extends T> payloads) {
    return publishAll(payloads, payload -> null);
  }

  /**
   * Publishes many events in the given transaction.
   *
   * @param tx the open transaction
   * @param payloads the payloads, none null
   * @param key gives each payload its key, or null for none
   * @return the offsets in the order of the payloads
   */
  List<Long> publishAll(
      Transaction tx, Collection<? extends T> payloads, Function<? super T, @Nullable String> key);

  /**
   * Reads stored events, without waiting.
   *
   * @param afterOffset the offset of the last event not wanted, 0 for all
   * @param limit how many at most, at least 1
   * @return events in order, empty past the end
   * @throws io.honker.error.PayloadException if a payload cannot be decoded, naming the offset
   */
  List<StreamEvent<T>> read(long afterOffset, int limit);

  /**
   * Starts reading one by one, with waiting. Events committed from this call on are not missed
   * (rule S-7). Saves no offset.
   *
   * @param from where to begin
   * @return a reader; close it
   */
  StreamReader<T> reader(StreamPosition from);

  /**
   * Prepares a subscription that delivers each event to a handler, in order and at least once, and
   * saves the consumer's offset after the handler returned (rule S-3).
   *
   * @param consumer the consumer's name, not blank
   * @param handler the handler, called by one thread
   * @return a builder; {@link SubscriptionBuilder#start} starts it
   */
  SubscriptionBuilder subscribe(String consumer, EventHandler<T> handler);

  /**
   * Prepares a subscription whose handler runs in the transaction that moves the consumer's offset:
   * the effect of each event in this database happens exactly once, also with several subscribers
   * of one consumer (rule S-4). The handler holds the writer while it runs; keep it short.
   *
   * @param consumer the consumer's name, not blank
   * @param handler the handler, called by one thread
   * @return a builder; {@link SubscriptionBuilder#start} starts it
   */
  SubscriptionBuilder subscribeInTransaction(String consumer, TransactionalEventHandler<T> handler);

  /**
   * Prepares a member of a consumer group: the members of all processes share the topic's events.
   * Events of one key are handled in order and never by two members at a time; the share of a
   * member that dies goes to the others when its lease ends (rule S-5).
   *
   * <p>At least once: events since the last saved offset of a dead member are delivered again.
   *
   * @param group the group's name, not blank
   * @param handler the handler; calls for different keys may overlap up to the concurrency
   * @return a builder; {@link SubscriptionBuilder#start} starts it
   */
  SubscriptionBuilder joinGroup(String group, EventHandler<T> handler);

  /**
   * Saves a consumer's offset in its own transaction; never moves it backwards.
   *
   * @param consumer the consumer's name, not blank
   * @param offset the offset of the last event done, not negative
   * @return whether it moved
   */
  boolean saveOffset(String consumer, long offset);

  /**
   * Saves a consumer's offset in the given transaction; never moves it backwards.
   *
   * @param tx the open transaction
   * @param consumer the consumer's name, not blank
   * @param offset the offset of the last event done, not negative
   * @return whether it moved
   */
  boolean saveOffset(Transaction tx, String consumer, long offset);

  /**
   * Returns a consumer's saved offset.
   *
   * @param consumer the consumer's name
   * @return the offset, empty if none was ever saved
   */
  OptionalLong savedOffset(String consumer);

  /**
   * Counts the events a consumer has not done yet; of a group, those behind its slowest share.
   *
   * @param consumer the consumer's name
   * @return the count, exact up to {@link #COUNT_LIMIT}, which stands for at least that many
   */
  long lag(String consumer);

  /**
   * Lists the consumers with a saved offset on this topic, groups among them.
   *
   * @return a snapshot in order of name
   */
  List<StreamConsumer> consumers();

  /**
   * Forgets a consumer or a group, so that it no longer holds back {@link #trim}. One that still
   * runs comes back with its next save; close it first.
   *
   * @param consumer the consumer's or group's name
   * @return whether there was one
   */
  boolean forgetConsumer(String consumer);

  /**
   * Returns the offset of the last event of this topic.
   *
   * @return the offset, 0 if there is none
   */
  long lastOffset();

  /**
   * Deletes stored events, oldest first. Events that a known consumer has not done yet stay, unless
   * {@link TrimOptions.Builder#evenUnread} says otherwise (rule S-2).
   *
   * @param options what to delete
   * @return how many were deleted
   */
  long trim(TrimOptions options);
}
