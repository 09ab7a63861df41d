package io.honker.runtime.schedule;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.LockStore.LockRow;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The right to fire the schedules of one table, as this scheduler knows it. Changed by the
 * scheduler's thread only; whether it holds is decided in the transaction that fires.
 */
final class Leadership {

  /** Others may have stored a lock that looks free and cannot be taken. */
  private static final Duration AFTER_DEFEAT = Duration.ofSeconds(1);

  private final Engine engine;
  private final LockStore locks;
  private final boolean shared;
  private final String lock;
  private final String owner;
  private final Duration lease;
  private volatile boolean held;
  private volatile Instant heldUntil = Instant.MIN;
  private Instant renewAt = Instant.MIN;
  private Instant tryAt = Instant.MIN;
  private Instant notBefore = Instant.MIN;

  Leadership(Engine engine, boolean shared, String owner, Duration lease) {
    this.engine = engine;
    this.locks = engine.store().locks();
    this.shared = shared;
    this.lock = shared ? "honker-scheduler" : "honkerj-scheduler";
    this.owner = owner;
    this.lease = lease;
  }

  boolean shared() {
    return shared;
  }

  String lock() {
    return lock;
  }

  boolean isHeld() {
    return held;
  }

  /** Whether the lease has not ended either. */
  boolean isHeldAt(Instant now) {
    return held && now.isBefore(heldUntil);
  }

  /** Looks at the lock: notices that it is lost, or when to try for it. */
  void look(StoreConnection c, Instant now) throws SQLException {
    Optional<LockRow> row = locks.find(c, lock, Seconds.of(now));
    boolean ours = row.filter(r -> r.owner().equals(owner)).isPresent();
    if (held && !ours) {
      set(false);
    }
    if (!held) {
      Instant free = row.isEmpty() || ours ? now : Seconds.instant(row.get().expiresAt());
      tryAt = free.isBefore(notBefore) ? notBefore : free;
    }
  }

  /** Whether the lock should be taken or renewed now. */
  boolean wantsWriter(Instant now) {
    return !now.isBefore(held ? renewAt : tryAt);
  }

  /** Takes or renews the lock; {@link #settle} tells what came of it. */
  boolean takeOrRenew(StoreConnection c, Instant now) throws SQLException {
    long until = Seconds.after(now, lease);
    return held
        ? locks.renew(c, lock, owner, until, Seconds.of(now))
        : locks.acquire(c, lock, owner, until, Seconds.of(now));
  }

  /** Takes note of what {@link #takeOrRenew} has committed. */
  void settle(boolean success, Instant now) {
    if (success) {
      heldUntil = Seconds.instant(Seconds.after(now, lease));
      renewAt = Deadlines.after(now, lease.dividedBy(2));
    } else if (!held) {
      notBefore = now.plus(AFTER_DEFEAT);
    }
    set(success);
  }

  /** Takes note that the lock is gone; the next look tells when to try for it again. */
  void lost() {
    set(false);
  }

  private void set(boolean holds) {
    if (held != holds) {
      held = holds;
      engine.observe(() -> new HonkerEvent.SchedulerLeads(lock, holds));
    }
  }

  /** Whether this scheduler may fire in the transaction of the connection. */
  boolean mayFire(StoreConnection c) throws SQLException {
    return locks.isHeld(c, lock, owner, Seconds.of(engine.clock().now()));
  }

  /** When there is something to do about the lock, if no commit tells earlier. */
  Instant nextAt() {
    return held ? renewAt : tryAt;
  }

  boolean release(StoreConnection c) throws SQLException {
    return locks.release(c, lock, owner);
  }
}
