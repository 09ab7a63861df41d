package io.honker.runtime.engine;

import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.LockStore.LockRow;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The right to do what one process at a time does, by a lock of the database, as this loop knows
 * it. Changed by the loop's thread only; whether it holds is decided in the transaction that acts
 * on it, by {@link #isHeldIn}.
 */
public final class Leadership {

  /** Others may have stored a lock that looks free and cannot be taken. */
  private static final Duration AFTER_DEFEAT = Duration.ofSeconds(1);

  private final Engine engine;
  private final LockStore locks;
  private final String lock;
  private final String owner;
  private final Duration lease;
  private final Consumer<Boolean> changed;
  private volatile boolean held;
  private volatile Instant heldUntil = Instant.MIN;
  private Instant renewAt = Instant.MIN;
  private Instant tryAt = Instant.MIN;
  private Instant notBefore = Instant.MIN;

  /**
   * Makes a leadership that is not held.
   *
   * @param changed told whether it is held from now on, whenever that changes
   */
  public Leadership(
      Engine engine, String lock, String owner, Duration lease, Consumer<Boolean> changed) {
    this.engine = engine;
    this.locks = engine.store().locks();
    this.lock = lock;
    this.owner = owner;
    this.lease = lease;
    this.changed = changed;
  }

  /** The name of the lock. */
  public String lock() {
    return lock;
  }

  /** Whether the lock was had when this process looked last. */
  public boolean isHeld() {
    return held;
  }

  /** Whether the lease has not ended either. */
  public boolean isHeldAt(Instant now) {
    return held && now.isBefore(heldUntil);
  }

  /** Looks at the lock: notices that it is lost, or when to try for it. */
  public void look(StoreConnection c, Instant now) throws SQLException {
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
  public boolean wantsWriter(Instant now) {
    return !now.isBefore(held ? renewAt : tryAt);
  }

  /** Takes or renews the lock; {@link #settle} tells what came of it. */
  public boolean takeOrRenew(StoreConnection c, Instant now) throws SQLException {
    long until = Seconds.after(now, lease);
    return held
        ? locks.renew(c, lock, owner, until, Seconds.of(now))
        : locks.acquire(c, lock, owner, until, Seconds.of(now));
  }

  /** Takes note of what {@link #takeOrRenew} has committed. */
  public void settle(boolean success, Instant now) {
    if (success) {
      heldUntil = Seconds.instant(Seconds.after(now, lease));
      renewAt = Deadlines.after(now, lease.dividedBy(2));
    } else if (!held) {
      notBefore = now.plus(AFTER_DEFEAT);
    }
    set(success);
  }

  /** Takes note that the lock is gone; the next look tells when to try for it again. */
  public void lost() {
    set(false);
  }

  private void set(boolean holds) {
    if (held != holds) {
      held = holds;
      changed.accept(holds);
    }
  }

  /** Whether the lock is held in the transaction of the connection. */
  public boolean isHeldIn(StoreConnection c) throws SQLException {
    return locks.isHeld(c, lock, owner, Seconds.of(engine.clock().now()));
  }

  /** Whether another has the lock in the transaction of the connection. */
  public boolean isWithAnotherIn(StoreConnection c) throws SQLException {
    return locks
        .find(c, lock, Seconds.of(engine.clock().now()))
        .filter(row -> !row.owner().equals(owner))
        .isPresent();
  }

  /** When there is something to do about the lock, if no commit tells earlier. */
  public Instant nextAt() {
    return held ? renewAt : tryAt;
  }

  /** Gives the lock back. */
  public boolean release(StoreConnection c) throws SQLException {
    return locks.release(c, lock, owner);
  }
}
