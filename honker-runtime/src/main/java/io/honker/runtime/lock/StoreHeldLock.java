package io.honker.runtime.lock;

import io.honker.lock.HeldLock;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.EngineTransaction;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** A lock that was acquired, over the lock store. */
final class StoreHeldLock implements HeldLock {

  private final Engine engine;
  private final LockStore locks;
  private final HeldLocks held;
  private final LockRenewer renewer;
  private final LockLease lease;

  StoreHeldLock(Engine engine, HeldLocks held, LockRenewer renewer, LockLease lease) {
    this.engine = engine;
    this.locks = engine.store().locks();
    this.held = held;
    this.renewer = renewer;
    this.lease = lease;
  }

  @Override
  public String name() {
    return lease.name();
  }

  @Override
  public String owner() {
    return lease.owner();
  }

  @Override
  public long fencingToken() {
    return lease.token();
  }

  @Override
  public Instant expiresAt() {
    return Seconds.instant(lease.expiresAt());
  }

  @Override
  public boolean isHeld() {
    return lease.mayBeOurs(now()) && engine.read(this::isHeld);
  }

  @Override
  public boolean isHeld(Transaction tx) {
    return engine.write(tx, "looking at a lock", this::isHeld);
  }

  private boolean isHeld(StoreConnection c) throws SQLException {
    long now = now();
    return lease.mayBeOurs(now) && locks.isHeld(c, name(), owner(), now);
  }

  @Override
  public boolean heartbeat(Duration ttl) {
    if (ttl.isNegative() || ttl.isZero()) {
      throw new IllegalArgumentException("ttl must be positive, not " + ttl);
    }
    boolean ours = engine.write("heartbeat", WriteOperation.<Boolean>statement(c -> renew(c, ttl)));
    if (!ours) {
      renewer.lose(lease);
      held.remove(lease);
    }
    return ours;
  }

  /** Goes by the second in which it has the writer, not by that in which it began to wait. */
  private boolean renew(StoreConnection c, Duration ttl) throws SQLException {
    Instant now = engine.clock().now();
    long until = Seconds.after(now, ttl);
    if (!lease.mayBeOurs(Seconds.of(now))
        || !locks.renew(c, name(), owner(), until, Seconds.of(now))) {
      return false;
    }
    lease.extendedTo(until, now);
    return true;
  }

  @Override
  public void onLost(Runnable action) {
    Objects.requireNonNull(action, "action");
    if (!lease.onLost(action)) {
      LockRenewer.run(action);
    }
  }

  @Override
  public boolean release() {
    if (!lease.beginRelease()) {
      return false;
    }
    boolean ours;
    try {
      ours = engine.write("release", WriteOperation.<Boolean>statement(this::delete));
    } catch (RuntimeException e) {
      unreleased();
      throw e;
    }
    released();
    engine.signals().signal(WakeKey.lock(name()));
    return ours;
  }

  @Override
  public boolean release(Transaction tx) {
    EngineTransaction transaction = engine.own(tx);
    if (!lease.beginRelease()) {
      return false;
    }
    boolean ours;
    try {
      ours = engine.write(tx, "releasing a lock", this::delete);
    } catch (RuntimeException e) {
      unreleased();
      throw e;
    }
    transaction.touch(WakeKey.lock(name()));
    transaction.afterCommit(this::released);
    transaction.afterRollback(this::unreleased);
    return ours;
  }

  /** A lease that has ended may be another's by now, if others use the same owner's name. */
  private boolean delete(StoreConnection c) throws SQLException {
    boolean ours = now() < lease.expiresAt();
    if (!ours && !lease.isOwnersOwn()) {
      return false;
    }
    return locks.release(c, name(), owner()) && ours;
  }

  private void released() {
    lease.endRelease();
    renewer.remove(lease);
    held.remove(lease);
  }

  private void unreleased() {
    lease.undoRelease();
    renewer.wake();
  }

  @Override
  public void close() {
    boolean ignored = release();
  }

  private long now() {
    return Seconds.of(engine.clock().now());
  }

  @Override
  public String toString() {
    return "lock \"" + name() + "\" of " + owner() + " until " + expiresAt();
  }
}
