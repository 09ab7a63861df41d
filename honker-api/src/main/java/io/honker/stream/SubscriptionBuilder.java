package io.honker.stream;

import io.honker.retry.RetryPolicy;
import java.time.Duration;

/**
 * Collects a subscription's options and starts it (rules S-3 to S-5).
 *
 * <p>Defaults: a consumer without a saved offset begins at the beginning; the offset is saved every
 * 1,000 events and every second, and on close; exponential retry from 1 s, 10 attempts in all, then
 * the subscription stops; concurrency 1; a shutdown grace of 10 s.
 *
 * <p>Not thread-safe. {@link #start} reports every problem at once.
 *
 * @since 0.1.0
 */
public interface SubscriptionBuilder {

  /** What happens to an event whose handler keeps failing. */
  enum WhenExhausted {
    /**
     * The subscription stops before the event: {@link Subscription#failure} tells why, and whoever
     * starts the consumer again begins with the same event. The default.
     */
    STOP,
    /**
     * The event becomes a dead letter of the queue {@code _stream:<topic>:<consumer>}, where it can
     * be listed, requeued and purged as any dead job; its payload is an object with {@code offset},
     * {@code key}, {@code payload} and {@code published_at}. The offset moves on in the same
     * transaction.
     */
    DEAD_LETTER
  }

  /**
   * Sets where a consumer begins that has no saved offset. {@link #start} saves that position, so
   * that the consumer holds back {@link EventStream#trim} from then on.
   *
   * @param position default {@link StreamPosition#beginning}
   * @return this builder
   */
  SubscriptionBuilder startAt(StreamPosition position);

  /**
   * Sets after how many handled events the offset is saved. Transactional subscriptions save with
   * every event.
   *
   * @param events at least 1; default 1,000
   * @return this builder
   */
  SubscriptionBuilder saveEvery(int events);

  /**
   * Sets after how long an offset that has moved is saved, whether or not more events come. A
   * handler that runs for longer delays it, but in groups.
   *
   * @param interval positive; default 1 s
   * @return this builder
   */
  SubscriptionBuilder saveInterval(Duration interval);

  /**
   * Sets what follows a failed delivery.
   *
   * @param policy default {@code RetryPolicy.exponential(1 s)} capped at one minute
   * @return this builder
   */
  SubscriptionBuilder retry(RetryPolicy policy);

  /**
   * Sets how often an event is delivered before {@link #whenExhausted} applies. Counted by each
   * running subscription for itself: whoever takes over or starts again begins anew.
   *
   * @param attempts at least 1; default 10
   * @return this builder
   */
  SubscriptionBuilder maxAttempts(int attempts);

  /**
   * Sets what happens to an event whose attempts are used up, that cannot be decoded, or whose
   * handler gave up.
   *
   * @param action default {@link WhenExhausted#STOP}
   * @return this builder
   */
  SubscriptionBuilder whenExhausted(WhenExhausted action);

  /**
   * Sets how many handlers a member of a group runs at a time, for different keys.
   *
   * @param handlers from 1 to 32; default 1; other subscriptions always have one
   * @return this builder
   */
  SubscriptionBuilder concurrency(int handlers);

  /**
   * Sets how long a group's member may be silent before its share goes to others.
   *
   * @param ttl at least 2 s; default 30 s; fractions of a second round up
   * @return this builder
   */
  SubscriptionBuilder memberLease(Duration ttl);

  /**
   * Sets how long {@link Subscription#close} lets a running handler finish before it interrupts it.
   *
   * @param grace not negative; default 10 s
   * @return this builder
   */
  SubscriptionBuilder shutdownGrace(Duration grace);

  /**
   * Starts the subscription. Events committed from this call on are not missed (rule S-7).
   *
   * @return the running subscription; close it
   * @throws IllegalArgumentException if a value is out of range, listing all of them
   */
  Subscription start();
}
