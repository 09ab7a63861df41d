package io.honker.runtime.lock;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews leases at a third of their time to live, all that are due in one transaction, on one
 * thread that is there only while there are such leases.
 */
final class LockRenewer {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker");
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration TO_END = Duration.ofSeconds(5);

  private final Engine engine;
  private final LockStore locks;
  private final Set<LockLease> leases = ConcurrentHashMap.newKeySet();
  private final ReentrantLock membership = new ReentrantLock();
  private @Nullable Thread thread;

  LockRenewer(Engine engine) {
    this.engine = engine;
    this.locks = engine.store().locks();
  }

  void add(LockLease lease) {
    membership.lock();
    try {
      leases.add(lease);
      if (thread == null) {
        thread = LoopThreads.daemon("honker-locks-" + engine.nextNumber(), this::loop);
        thread.start();
      } else {
        LockSupport.unpark(thread);
      }
    } finally {
      membership.unlock();
    }
  }

  void remove(LockLease lease) {
    membership.lock();
    try {
      if (leases.remove(lease) && leases.isEmpty() && thread != null) {
        LockSupport.unpark(thread);
      }
    } finally {
      membership.unlock();
    }
  }

  /** Makes the thread look again at when to renew. */
  void wake() {
    membership.lock();
    try {
      if (thread != null) {
        LockSupport.unpark(thread);
      }
    } finally {
      membership.unlock();
    }
  }

  /** Renews nothing more and waits for the thread. */
  void end() {
    Thread last;
    membership.lock();
    try {
      leases.clear();
      last = thread;
    } finally {
      membership.unlock();
    }
    if (last != null) {
      LockSupport.unpark(last);
      LoopThreads.join(List.of(last), TO_END);
    }
  }

  /** Marks a lease as lost and does what was set for that, once. */
  void lose(LockLease lease) {
    if (!lease.lose()) {
      return; // known, or it was being released
    }
    remove(lease);
    engine.observe(() -> new HonkerEvent.LockLost(lease.name(), lease.owner()));
    Runnable action = lease.takeOnLost();
    if (action != null) {
      run(action);
    }
  }

  static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.warn("an action registered for the loss of a lock threw", e);
    }
  }

  private void loop() {
    while (!endIfIdle()) {
      Instant next = Instant.MAX;
      for (LockLease lease : leases) {
        Instant at = lease.renewAt();
        next = at.isBefore(next) ? at : next;
      }
      if (engine.clock().now().isBefore(next)) {
        engine.clock().parkUntil(next);
      } else {
        renewDue();
      }
    }
  }

  private boolean endIfIdle() {
    membership.lock();
    try {
      if (leases.isEmpty()) {
        thread = null;
      }
      return leases.isEmpty();
    } finally {
      membership.unlock();
    }
  }

  private void renewDue() {
    Instant begun = engine.clock().now();
    List<LockLease> due = new ArrayList<>();
    for (LockLease lease : leases) {
      if (!begun.isBefore(lease.renewAt())) {
        due.add(lease);
      }
    }
    BitSet ours;
    try {
      ours = engine.write("heartbeat", WriteOperation.<BitSet>statements(c -> renewAll(c, due)));
    } catch (RuntimeException e) {
      failed(due, e);
      return;
    }
    for (int i = 0; i < due.size(); i++) {
      if (!ours.get(i)) {
        lose(due.get(i));
      }
    }
  }

  /** Goes by the second in which it has the writer, not by that in which it began to wait. */
  private BitSet renewAll(StoreConnection c, List<LockLease> due) throws SQLException {
    Instant now = engine.clock().now();
    long second = Seconds.of(now);
    BitSet ours = new BitSet();
    for (int i = 0; i < due.size(); i++) {
      LockLease lease = due.get(i);
      long until = Seconds.after(now, lease.ttl());
      if (lease.mayBeOurs(second) && locks.renew(c, lease.name(), lease.owner(), until, second)) {
        lease.extendedTo(until, now);
        ours.set(i);
      }
    }
    return ours;
  }

  private void failed(List<LockLease> due, RuntimeException failure) {
    engine.observe(
        () -> new HonkerEvent.LoopFailed(Thread.currentThread().getName(), failure, AFTER_FAILURE));
    Instant now = engine.clock().now();
    for (LockLease lease : due) {
      if (lease.isOver(Seconds.of(now))) {
        lose(lease);
      } else {
        lease.renewAgainAt(now.plus(AFTER_FAILURE));
      }
    }
  }
}
