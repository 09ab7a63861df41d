package io.honker.runtime.lock;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.WriteOperation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The locks that this runtime holds, so that they are free again when it is closed. */
final class HeldLocks implements AutoCloseable {

  private static final int FEW = 64;

  private final Engine engine;
  private final LockStore locks;
  private final LockRenewer renewer;
  private final ReentrantLock membership = new ReentrantLock();
  private final Set<LockLease> held = new HashSet<>();
  private int tidyAt = FEW;
  private boolean closed;

  HeldLocks(Engine engine, LockRenewer renewer) {
    this.engine = engine;
    this.locks = engine.store().locks();
    this.renewer = renewer;
  }

  /** Remembers a lease; false if all were released already. */
  boolean add(LockLease lease) {
    membership.lock();
    try {
      if (closed) {
        return false;
      }
      held.add(lease);
      if (held.size() >= tidyAt) { // leases that were left to end by themselves
        long now = Seconds.of(engine.clock().now());
        held.removeIf(old -> old.isOver(now));
        tidyAt = Math.max(FEW, 2 * held.size());
      }
      return true;
    } finally {
      membership.unlock();
    }
  }

  void remove(LockLease lease) {
    membership.lock();
    try {
      held.remove(lease);
    } finally {
      membership.unlock();
    }
  }

  /** Releases everything in one transaction. */
  @Override
  public void close() {
    List<LockLease> last = new ArrayList<>();
    membership.lock();
    try {
      closed = true;
      long now = Seconds.of(engine.clock().now());
      for (LockLease lease : held) {
        if (!lease.isOver(now) && lease.beginRelease()) {
          last.add(lease);
        }
      }
      held.clear();
    } finally {
      membership.unlock();
    }
    try {
      if (!last.isEmpty()) {
        releaseAll(last);
      }
    } finally {
      renewer.end();
    }
  }

  private void releaseAll(List<LockLease> leases) {
    engine.write(
        "release",
        WriteOperation.<Boolean>statements(
            c -> {
              for (LockLease lease : leases) {
                locks.release(c, lease.name(), lease.owner());
              }
              return true;
            }));
    for (LockLease lease : leases) {
      lease.endRelease();
      engine.signals().signal(WakeKey.lock(lease.name()));
    }
  }
}
