package io.honker.runtime.lock;

import io.honker.error.HonkerInterruptedException;
import io.honker.lock.HeldLock;
import io.honker.lock.LockInfo;
import io.honker.lock.LockOptions;
import io.honker.lock.Locks;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Names;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.LockStore.LockRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Named locks over the lock store. */
public final class StoreLocks implements Locks {

  private final Engine engine;
  private final LockStore locks;
  private final LockRenewer renewer;
  private final HeldLocks held;

  /** Makes the feature over an engine. */
  public StoreLocks(Engine engine) {
    this.engine = engine;
    this.locks = engine.store().locks();
    this.renewer = new LockRenewer(engine);
    this.held = new HeldLocks(engine, renewer);
    engine.adoptLast(held);
  }

  @Override
  public Optional<HeldLock> tryLock(String name, LockOptions options) {
    checkName(name);
    Optional<String> given = options.owner();
    String owner = given.orElseGet(engine::newWorkerId);
    LockLease lease =
        engine.write(
            "tryLock",
            WriteOperation.<@Nullable LockLease>statements(
                c -> acquire(c, name, owner, given.isEmpty(), options.ttl())));
    return lease == null ? Optional.empty() : Optional.of(handle(lease, options.autoRenew()));
  }

  /** Goes by the second in which it has the writer, not by that in which it began to wait. */
  private @Nullable LockLease acquire(
      StoreConnection c, String name, String owner, boolean ownersOwn, Duration ttl)
      throws SQLException {
    Instant now = engine.clock().now();
    long until = Seconds.after(now, ttl);
    if (!locks.acquire(c, name, owner, until, Seconds.of(now))) {
      return null;
    }
    return new LockLease(name, owner, ownersOwn, locks.nextToken(c, name), ttl, now, until);
  }

  private HeldLock handle(LockLease lease, boolean autoRenew) {
    HeldLock lock = new StoreHeldLock(engine, held, renewer, lease);
    if (!held.add(lease)) { // closed meanwhile, and everything else released
      lock.close();
      throw new IllegalStateException("this Honker is closed; open it again for further work");
    }
    if (autoRenew) {
      renewer.add(lease);
    }
    return lock;
  }

  @Override
  public Optional<HeldLock> lock(String name, Duration wait, LockOptions options)
      throws InterruptedException {
    checkName(name);
    Objects.requireNonNull(options, "options");
    Instant deadline = Deadlines.of(engine.clock(), "wait", wait);
    try (CommitSubscription commits = engine.signals().subscribe(WakeKey.lock(name))) {
      while (true) {
        Optional<HeldLock> lock = tryLockUnlessInterrupted(name, options);
        if (lock.isPresent() || !awaitFree(commits, name, deadline)) {
          return lock;
        }
      }
    }
  }

  private Optional<HeldLock> tryLockUnlessInterrupted(String name, LockOptions options)
      throws InterruptedException {
    if (!Thread.interrupted()) {
      try {
        return tryLock(name, options);
      } catch (HonkerInterruptedException e) {
        Thread.interrupted(); // says the same
      }
    }
    throw new InterruptedException("interrupted while waiting for the lock \"" + name + "\"");
  }

  /** Waits until the lock looks free; false at the deadline. */
  private boolean awaitFree(CommitSubscription commits, String name, Instant deadline) {
    while (!Thread.currentThread().isInterrupted()) {
      engine.checkOpen();
      Instant now = engine.clock().now();
      Optional<LockRow> holder = engine.read(c -> locks.find(c, name, Seconds.of(now)));
      if (holder.isEmpty()) {
        return true;
      }
      if (!now.isBefore(deadline)) {
        return false;
      }
      Instant end = Seconds.instant(holder.get().expiresAt());
      commits.await(end.isBefore(deadline) ? end : deadline, engine::isClosed);
    }
    return true; // to be told of the interrupt
  }

  @Override
  public Optional<LockInfo> find(String name) {
    checkName(name);
    long now = Seconds.of(engine.clock().now());
    return engine.read(c -> locks.find(c, name, now)).map(StoreLocks::info);
  }

  @Override
  public List<LockInfo> list() {
    long now = Seconds.of(engine.clock().now());
    return engine.read(c -> locks.list(c, now)).stream().map(StoreLocks::info).toList();
  }

  private static LockInfo info(LockRow row) {
    return new LockInfo(row.name(), row.owner(), Seconds.instant(row.expiresAt()));
  }

  private static void checkName(String name) {
    Names.notBlank("lock", Objects.requireNonNull(name, "name"));
  }
}
