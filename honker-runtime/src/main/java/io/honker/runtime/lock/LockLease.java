package io.honker.runtime.lock;

import io.honker.runtime.loop.Seconds;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One acquisition of a lock: who, until when, and whether it is over. Once over it stays over: a
 * lease that has ended is not ours again, even if the row still is.
 */
final class LockLease {

  private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

  private enum State {
    HELD,
    /** In a transaction that has not ended. */
    RELEASING,
    RELEASED,
    LOST
  }

  private final String name;
  private final String owner;
  private final boolean ownersOwn;
  private final long token;
  private final Duration ttl;
  private final ReentrantLock lock = new ReentrantLock();
  private State state = State.HELD;
  private long expiresAt;
  private Instant renewAt;
  private @Nullable Runnable onLost;

  /**
   * Begins a lease.
   *
   * @param ownersOwn whether nobody else uses this owner's name
   */
  LockLease(
      String name,
      String owner,
      boolean ownersOwn,
      long token,
      Duration ttl,
      Instant now,
      long expiresAt) {
    this.name = name;
    this.owner = owner;
    this.ownersOwn = ownersOwn;
    this.token = token;
    this.ttl = ttl;
    this.expiresAt = expiresAt;
    this.renewAt = now.plus(interval());
  }

  String name() {
    return name;
  }

  String owner() {
    return owner;
  }

  boolean isOwnersOwn() {
    return ownersOwn;
  }

  long token() {
    return token;
  }

  Duration ttl() {
    return ttl;
  }

  private Duration interval() {
    Duration third = ttl.dividedBy(3);
    return third.compareTo(LONGEST_INTERVAL) < 0 ? third : LONGEST_INTERVAL;
  }

  long expiresAt() {
    lock.lock();
    try {
      return expiresAt;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it may still be ours; the database decides. */
  boolean mayBeOurs(long now) {
    lock.lock();
    try {
      return (state == State.HELD || state == State.RELEASING) && now < expiresAt;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is no more to do about it. */
  boolean isOver(long now) {
    lock.lock();
    try {
      return state == State.RELEASED || state == State.LOST || now >= expiresAt;
    } finally {
      lock.unlock();
    }
  }

  void extendedTo(long second, Instant now) {
    lock.lock();
    try {
      expiresAt = Math.max(expiresAt, second);
      renewAt = now.plus(interval());
    } finally {
      lock.unlock();
    }
  }

  /** When it is to be renewed; never while it is being released. */
  Instant renewAt() {
    lock.lock();
    try {
      return state == State.HELD ? renewAt : Instant.MAX;
    } finally {
      lock.unlock();
    }
  }

  /** Renewal failed: tries again at an instant, or when the lease ends. */
  void renewAgainAt(Instant instant) {
    lock.lock();
    try {
      Instant end = Seconds.instant(expiresAt);
      renewAt = instant.isBefore(end) ? instant : end;
    } finally {
      lock.unlock();
    }
  }

  // ---- its end

  /** Begins to release it; false if it is over or somebody else does. */
  boolean beginRelease() {
    return change(State.HELD, State.RELEASING);
  }

  /** It was not released after all. */
  void undoRelease() {
    change(State.RELEASING, State.HELD);
  }

  void endRelease() {
    change(State.RELEASING, State.RELEASED);
  }

  /** It is found to be somebody else's, or its time is up; false if that is known already. */
  boolean lose() {
    return change(State.HELD, State.LOST);
  }

  private boolean change(State from, State to) {
    lock.lock();
    try {
      if (state != from) {
        return false;
      }
      state = to;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes what was set to be done when it is lost. */
  @Nullable Runnable takeOnLost() {
    lock.lock();
    try {
      Runnable action = onLost;
      onLost = null;
      return action;
    } finally {
      lock.unlock();
    }
  }

  /** Sets what to do when it is lost; false if it is lost already. */
  boolean onLost(Runnable action) {
    lock.lock();
    try {
      if (state == State.LOST) {
        return false;
      }
      onLost = action;
      return true;
    } finally {
      lock.unlock();
    }
  }
}
