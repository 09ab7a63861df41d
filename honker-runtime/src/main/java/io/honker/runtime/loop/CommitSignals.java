package io.honker.runtime.loop;

import io.honker.time.HonkerClock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Wakes waiters after commits: by name for what honker itself wrote, all of them for what it cannot
 * know (other SQL, other processes).
 *
 * <p>Whoever subscribes before it looks at the data misses nothing: a signal that comes before the
 * wait is kept.
 */
public final class CommitSignals {

  private final HonkerClock clock;
  private final Consumer<Boolean> someoneWaits;
  private final Map<WakeKey, List<CommitSubscription>> byKey = new ConcurrentHashMap<>();
  private final List<CommitSubscription> ofEverything = new CopyOnWriteArrayList<>();
  private final List<CommitSubscription> all = new CopyOnWriteArrayList<>();
  private final ReentrantLock membership = new ReentrantLock();

  /**
   * Makes signals without subscribers.
   *
   * @param someoneWaits told true before each subscription and false after the last has left
   */
  public CommitSignals(HonkerClock clock, Consumer<Boolean> someoneWaits) {
    this.clock = clock;
    this.someoneWaits = someoneWaits;
  }

  /** Subscribes to one thing, and to commits that cannot be told apart. */
  public CommitSubscription subscribe(WakeKey key) {
    CommitSubscription subscription = new CommitSubscription(clock, key, this::leave);
    membership.lock();
    try {
      someoneWaits.accept(true);
      byKey.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>()).add(subscription);
      all.add(subscription);
    } finally {
      membership.unlock();
    }
    return subscription;
  }

  /** Subscribes to every commit. */
  public CommitSubscription subscribeToAll() {
    CommitSubscription subscription = new CommitSubscription(clock, null, this::leave);
    membership.lock();
    try {
      someoneWaits.accept(true);
      ofEverything.add(subscription);
      all.add(subscription);
    } finally {
      membership.unlock();
    }
    return subscription;
  }

  private void leave(CommitSubscription subscription) {
    membership.lock();
    try {
      WakeKey key = subscription.key();
      if (key != null) {
        byKey.computeIfPresent(
            key,
            (k, members) -> {
              members.remove(subscription);
              return members.isEmpty() ? null : members;
            });
      }
      ofEverything.remove(subscription);
      if (all.remove(subscription) && all.isEmpty()) {
        someoneWaits.accept(false);
      }
    } finally {
      membership.unlock();
    }
  }

  /** Tells that a commit touched one thing. */
  public void signal(WakeKey key) {
    signal(key, null);
  }

  /** Tells everybody but one, who knows, that a commit touched one thing. */
  public void signal(WakeKey key, @Nullable CommitSubscription exceptTo) {
    List<CommitSubscription> members = byKey.get(key);
    if (members != null) {
      for (CommitSubscription member : members) {
        if (member != exceptTo) {
          member.fireNamed();
        }
      }
    }
    ofEverything.forEach(CommitSubscription::fireAny);
  }

  /** Tells that a commit touched who knows what. */
  public void signalAll() {
    all.forEach(CommitSubscription::fireAny);
  }
}
