package io.honker.channel;

import io.honker.tx.Transaction;

/**
 * A channel of notifications with typed payloads: whoever listens when one is committed gets it, in
 * this and in other processes (rule S-6).
 *
 * <pre>{@code
 * Channel<String> prices = honker.channel("prices", String.class);
 * try (ListenerHandle listener = prices.listen(n -> show(n.payload()))) {
 *   prices.notify("EUR 1.08");
 * }
 * }</pre>
 *
 * <p>Notifications are delivered in order and without duplicates to each listener, from its start
 * on. They are stored until pruned (see {@link Notifications#prune}); a listener that is so slow
 * that pruning overtakes it is told what it missed.
 *
 * <p>Every write has two forms, as for {@link io.honker.tx.Transaction}s in all of honker. Handles
 * are cheap and safe for use by multiple threads.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
public interface Channel<T> {

  /**
   * Returns the channel's name.
   *
   * @return the name
   */
  String name();

  /**
   * Notifies in its own transaction. Listeners are woken after the commit.
   *
   * @param payload the payload, never null
   * @return the notification's id, ascending over all channels
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long notify(T payload);

  /**
   * Notifies in the given transaction: delivered after its commit, never if it rolls back.
   *
   * @param tx the open transaction
   * @param payload the payload, never null
   * @return the notification's id
   * @throws io.honker.error.PayloadException if the payload cannot be written or is too large
   */
  long notify(Transaction tx, T payload);

  /**
   * Starts listening, to be asked one by one. Notifications committed from this call on are not
   * missed.
   *
   * @return a listener; close it
   */
  Listener<T> listen();

  /**
   * Starts listening on a thread of its own, a daemon named {@code honker-listen-<channel>-<n>}.
   *
   * @param handler called for each notification, in order
   * @return the running listener; close it
   */
  ListenerHandle listen(NotificationHandler<T> handler);
}
