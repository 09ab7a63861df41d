package io.honker.channel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Hands out notifications one by one. Confined to one thread at a time; any thread may close it,
 * which ends a wait with {@link IllegalStateException}.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
public interface Listener<T> extends AutoCloseable {

  /**
   * Returns the next notification and waits for it if there is none.
   *
   * @param timeout how long to wait at most; zero does not wait
   * @return the next notification, empty after the timeout
   * @throws InterruptedException if interrupted while waiting; nothing is skipped then
   * @throws io.honker.error.PayloadException if it cannot be decoded; the next call goes on behind
   *     it
   */
  Optional<Notification<T>> next(Duration timeout) throws InterruptedException;

  /**
   * Returns what pruning took away since the last call of this method, and forgets it. Found by
   * {@link #next}. Other programs leave no record of what they prune: of theirs only what this
   * listener had seen waiting, more than a thousand behind, is known for certain and told.
   *
   * @return what was missed, usually empty
   */
  List<MissedNotifications> missed();

  /** Ends listening. Idempotent. */
  @Override
  void close();
}
