package io.honker.runtime.queue;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.JobStore;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Renews the leases of the jobs in a worker's hands, all that are due in one transaction, and
 * interrupts handlers that run too long or whose lease is lost.
 */
final class LeaseKeeper<T> {

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Engine engine;
  private final JobStore jobs;
  private final QueueContext<T> context;
  private final Set<InFlight<T>> entries = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private final AtomicReference<Instant> wakeAt = new AtomicReference<>(Instant.MAX);
  private final Duration renewEvery;
  private volatile boolean ended;

  LeaseKeeper(Engine engine, QueueContext<T> context, String threadName) {
    this.engine = engine;
    this.jobs = engine.store().jobs();
    this.context = context;
    this.renewEvery = context.options().visibilityTimeout().dividedBy(3);
    this.thread = LoopThreads.daemon(threadName, this::loop);
  }

  Thread thread() {
    return thread;
  }

  void start() {
    thread.start();
  }

  void end() {
    ended = true;
    LockSupport.unpark(thread);
  }

  /** When the lease of a job that is claimed or renewed now should be renewed. */
  Instant nextRenewal(Instant now) {
    return Deadlines.after(now, renewEvery);
  }

  void add(InFlight<T> entry) {
    entries.add(entry);
    wakeNoLaterThan(entry.renewAt());
  }

  void remove(InFlight<T> entry) {
    entries.remove(entry);
  }

  /** Makes sure that the thread looks again by then. */
  void wakeNoLaterThan(Instant instant) {
    if (instant.isBefore(wakeAt.get())) {
      wakeAt.accumulateAndGet(instant, (a, b) -> a.isBefore(b) ? a : b);
      LockSupport.unpark(thread);
    }
  }

  List<InFlight<T>> entries() {
    return List.copyOf(entries);
  }

  private void loop() {
    while (!ended) {
      Instant now = engine.clock().now();
      Instant deadline = wakeAt.get();
      if (now.isBefore(deadline)) {
        engine.clock().parkUntil(deadline);
        continue;
      }
      wakeAt.set(Instant.MAX); // before looking: whoever adds an entry from now on lowers it again
      try {
        stopLateHandlers(now);
        renewDue(now);
      } catch (RuntimeException e) {
        engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), e, AFTER_FAILURE));
        wakeNoLaterThan(now.plus(AFTER_FAILURE));
      }
      for (InFlight<T> entry : entries) {
        wakeNoLaterThan(entry.renewAt());
        wakeNoLaterThan(entry.timeoutAt());
      }
    }
  }

  private void stopLateHandlers(Instant now) {
    for (InFlight<T> entry : entries) {
      if (!now.isBefore(entry.timeoutAt())) {
        entry.stop(InFlight.Stop.TIMEOUT);
      }
    }
  }

  private void renewDue(Instant now) {
    List<InFlight<T>> due = new ArrayList<>();
    for (InFlight<T> entry : entries) {
      if (!now.isBefore(entry.renewAt())) {
        due.add(entry);
      }
    }
    if (due.isEmpty()) {
      return;
    }
    Renewal renewal =
        engine.write("extendLease", WriteOperation.<Renewal>statements(c -> extendAll(c, due)));
    for (int i = 0; i < due.size(); i++) {
      InFlight<T> entry = due.get(i);
      if (renewal.ours().get(i)) {
        entry.job().leaseExtendedTo(renewal.until());
        entry.renewAt(nextRenewal(now));
      } else {
        entries.remove(entry);
        entry.stop(InFlight.Stop.LEASE_LOST);
      }
    }
  }

  private record Renewal(BitSet ours, long until) {}

  /** Goes by the second in which it has the writer, not by that in which it began to wait. */
  private Renewal extendAll(StoreConnection c, List<InFlight<T>> due) throws SQLException {
    Instant now = engine.clock().now();
    long until = Seconds.after(now, context.options().visibilityTimeout());
    BitSet ours = new BitSet();
    for (int i = 0; i < due.size(); i++) {
      ours.set(i, jobs.extend(c, due.get(i).job().ref(), until, Seconds.of(now)));
    }
    return new Renewal(ours, until);
  }
}
