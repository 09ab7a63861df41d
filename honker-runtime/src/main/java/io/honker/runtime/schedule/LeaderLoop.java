package io.honker.runtime.schedule;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.loop.Backoff;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.schedule.Ticker.Tick;
import io.honker.runtime.store.ScheduleStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.schedule.RunningScheduler;
import io.honker.schedule.SchedulerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Competes for the leader's locks and fires while it has them.
 *
 * <p>Each turn is a look on a reader, and a write only if there is something to write: a lock to
 * take or to renew, or schedules that are due. Then it waits for the next of these instants or for
 * a commit, whichever is first.
 */
final class LeaderLoop implements RunningScheduler {

  /** When to try a schedule again that could not enqueue its jobs. */
  private static final Duration AFTER_FAILED_SCHEDULE = Duration.ofSeconds(5);

  private static final Duration JOIN = Duration.ofSeconds(10);

  private final Engine engine;
  private final ScheduleStore schedules;
  private final Ticker ticker;
  private final Leadership sharedTable;
  private final Leadership ownTable;
  private final List<Leadership> leaderships;
  private final CommitSubscription commits;
  private final Thread thread;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private final Backoff backoff = new Backoff(); // of the thread only
  private volatile boolean ended;

  private LeaderLoop(Engine engine, Ticker ticker, SchedulerOptions options) {
    this.engine = engine;
    this.schedules = engine.store().schedules();
    this.ticker = ticker;
    String owner = engine.newWorkerId();
    this.sharedTable = leadership("honker-scheduler", owner, options.leaderLease());
    this.ownTable = leadership("honkerj-scheduler", owner, options.leaderLease());
    this.leaderships = List.of(sharedTable, ownTable);
    this.commits = engine.signals().subscribe(WakeKey.schedules());
    this.thread = LoopThreads.daemon("honker-scheduler-" + engine.nextNumber(), this::run);
  }

  private Leadership leadership(String lock, String owner, Duration lease) {
    return new Leadership(
        engine,
        lock,
        owner,
        lease,
        leads -> engine.observe(() -> new HonkerEvent.SchedulerLeads(lock, leads)));
  }

  private boolean isShared(Leadership leadership) {
    return leadership == sharedTable;
  }

  static RunningScheduler start(Engine engine, Ticker ticker, SchedulerOptions options) {
    LeaderLoop loop = new LeaderLoop(engine, ticker, options);
    engine.adopt(loop);
    loop.thread.start();
    return loop;
  }

  @Override
  public boolean isLeader() {
    return sharedTable.isHeldAt(engine.clock().now());
  }

  // ---- the thread

  private void run() {
    while (!ended) {
      try {
        boolean ignored = Thread.interrupted(); // nobody's business but close's, which has a flag
        commits.take(); // what was committed before the look is seen by it
        Instant wakeAt = turn(engine.clock().now());
        backoff.reset();
        commits.await(wakeAt, () -> ended);
      } catch (RuntimeException | Error e) {
        backOff(e);
      }
    }
  }

  /** Does what there is to do now. Returns when to look again. */
  private Instant turn(Instant now) {
    List<OptionalLong> soonest = look(now);
    takeOrRenew(now);
    Instant wakeAt = Instant.MAX;
    for (int i = 0; i < leaderships.size(); i++) {
      Leadership leadership = leaderships.get(i);
      if (leadership.isHeld()) {
        wakeAt = earlier(wakeAt, fire(leadership, soonest.get(i), now));
      }
      wakeAt = earlier(wakeAt, leadership.nextAt());
    }
    return wakeAt;
  }

  /** Looks at the locks and at the soonest fire time of each table, in one snapshot. */
  private List<OptionalLong> look(Instant now) {
    return engine.read(
        c -> {
          List<OptionalLong> soonest = new ArrayList<>();
          for (Leadership leadership : leaderships) {
            leadership.look(c, now);
            soonest.add(schedules.soonestAfter(c, isShared(leadership), Long.MIN_VALUE));
          }
          return soonest;
        });
  }

  private void takeOrRenew(Instant now) {
    List<Leadership> wanting = leaderships.stream().filter(l -> l.wantsWriter(now)).toList();
    if (wanting.isEmpty()) {
      return;
    }
    List<Boolean> successes =
        engine.write(
            "start",
            WriteOperation.<List<Boolean>>statements(
                c -> {
                  List<Boolean> each = new ArrayList<>();
                  for (Leadership leadership : wanting) {
                    each.add(leadership.takeOrRenew(c, now));
                  }
                  return each;
                }));
    for (int i = 0; i < wanting.size(); i++) {
      wanting.get(i).settle(successes.get(i), now);
    }
  }

  /** Fires what is due. Returns when more will be. */
  private Instant fire(Leadership leadership, OptionalLong soonest, Instant now) {
    if (soonest.isEmpty() || soonest.getAsLong() > Seconds.of(now)) {
      return instant(soonest);
    }
    Tick tick = ticker.tick(isShared(leadership), now, leadership::isHeldIn);
    if (tick.refused()) {
      leadership.lost();
      return now;
    }
    Instant next =
        instant(engine.read(c -> schedules.soonestAfter(c, isShared(leadership), Seconds.of(now))));
    return tick.failed() ? earlier(next, now.plus(AFTER_FAILED_SCHEDULE)) : next;
  }

  private static Instant instant(OptionalLong second) {
    return second.isEmpty() ? Instant.MAX : Seconds.instant(second.getAsLong());
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private void backOff(Throwable failure) {
    if (ended || engine.isClosed()) {
      ended = true;
      return;
    }
    Duration wait = backoff.next();
    engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), failure, wait));
    commits.awaitIgnoringSignals(engine.clock().now().plus(wait), () -> ended);
  }

  // ---- the end

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      closed.join();
      return;
    }
    try {
      ended = true;
      commits.unpark();
      boolean ignored = LoopThreads.join(List.of(thread), JOIN); // if it is stuck it fires no more
      release();
    } finally {
      commits.close();
      engine.release(this);
      closed.complete(null);
    }
  }

  /**
   * Lets standbys, here and elsewhere, take over at once. Whatever the thread believes it holds.
   */
  private void release() {
    boolean interrupted = Thread.interrupted(); // or the writer could not be waited for
    try {
      engine.write(
          "close",
          WriteOperation.<@Nullable Void>statements(
              c -> {
                for (Leadership leadership : leaderships) {
                  leadership.release(c);
                }
                return null;
              }));
    } finally {
      leaderships.forEach(Leadership::lost);
      leaderships.forEach(l -> engine.signals().signal(WakeKey.lock(l.lock())));
      engine.signals().signal(WakeKey.schedules());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
