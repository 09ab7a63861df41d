package io.honker.runtime.queue;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Backoff;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.CommitSubscription.Signal;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.ClaimOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The heart of a worker: jobs claimed and not yet begun, handlers running, outcomes to be written.
 *
 * <p>Threads take turns: each either runs a job or <em>leads</em>. The leader writes the outcomes
 * that have come in and claims more, in one transaction, and waits for commits when there is
 * nothing to do. After a claim it lets go of the lead and runs a job itself, so that an idle worker
 * begins a job one thread hop after the commit that made it due. One thread more than there are
 * handlers makes sure that somebody can lead while all handlers run.
 *
 * <p>How far the leader claims ahead follows the handlers' own pace: as many jobs as they finish in
 * {@link #LOOK_AHEAD}, so that a fast handler never waits for the writer and a slow one leaves jobs
 * to other workers.
 */
final class WorkerPump<T> {

  private static final Duration LOOK_AHEAD = Duration.ofMillis(20);

  private final Engine engine;
  private final QueueContext<T> context;
  private final WorkerSettings options;
  private final WorkerWrites<T> writes;
  private final LeaseKeeper<T> leases;
  private final CommitSubscription commits;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition turn = lock.newCondition();
  private final ArrayDeque<InFlight<T>> buffer = new ArrayDeque<>();
  private List<Completion<T>> completions = new ArrayList<>();
  private int running;
  private int finishedInDrain;
  private boolean leading;
  private double averageHandlerNanos = Double.NaN;
  private @Nullable Thread drainer;

  private volatile boolean attention;
  private volatile boolean stopping;
  private volatile boolean ended;

  // of the leader only; the lock orders one leader after another
  private Instant claimAgainAt = Instant.MIN;
  private boolean anyBringsJobs = true;
  private boolean onTrial;
  private boolean heldUp;
  private final Backoff backoff = new Backoff();

  WorkerPump(
      Engine engine,
      QueueContext<T> context,
      WorkerSettings options,
      WorkerWrites<T> writes,
      LeaseKeeper<T> leases) {
    this.engine = engine;
    this.context = context;
    this.options = options;
    this.writes = writes;
    this.leases = leases;
    this.commits = engine.signals().subscribe(context.wakeKey());
  }

  /**
   * Gives the calling thread a job to run, leading as often as it is this thread's turn to.
   *
   * @return null when the worker has ended
   */
  @Nullable InFlight<T> next() {
    while (true) {
      InFlight<T> job = awaitTurn();
      if (job != null || ended) {
        return job;
      }
      try {
        lead();
      } finally {
        lock.lock();
        try {
          leading = false;
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /** Waits until there is a job for this thread, or null if it is to lead or the end has come. */
  private @Nullable InFlight<T> awaitTurn() {
    lock.lock();
    try {
      while (!ended) {
        if (!stopping && !buffer.isEmpty() && running < options.concurrency()) {
          InFlight<T> job = buffer.poll();
          running++;
          if (!leading || (!buffer.isEmpty() && running < options.concurrency())) {
            turn.signal(); // passes the lead, or the next job, on
          }
          return job;
        }
        if (!leading) {
          leading = true;
          return null;
        }
        turn.awaitUninterruptibly();
      }
      turn.signalAll();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a job back that could not be run at all. */
  void returnUnrun(InFlight<T> job) {
    lock.lock();
    try {
      running--;
      buffer.addFirst(job);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the outcome of a job that {@link #next} handed out. */
  void complete(Completion<T> completion) {
    boolean leaderWaits;
    Thread waitingForEnd;
    lock.lock();
    try {
      running--;
      if (stopping) {
        finishedInDrain += completion.kind() == Completion.Kind.HANDED_BACK ? 0 : 1;
      }
      double nanos = completion.handlerTime().toNanos();
      averageHandlerNanos =
          Double.isNaN(averageHandlerNanos)
              ? nanos
              : averageHandlerNanos + (nanos - averageHandlerNanos) * 0.2;
      completions.add(completion);
      attention = true;
      leaderWaits = leading;
      waitingForEnd = drainer;
    } finally {
      lock.unlock();
    }
    if (leaderWaits) {
      commits.unpark();
    }
    if (waitingForEnd != null) {
      LockSupport.unpark(waitingForEnd);
    }
  }

  /** Does one thing: waits for something to do, or writes and claims in one transaction. */
  private void lead() {
    List<Completion<T>> outcomes;
    int want;
    lock.lock();
    try {
      attention = false;
      outcomes = completions;
      completions = new ArrayList<>();
      want = stopping ? 0 : room(outcomes.isEmpty());
    } finally {
      lock.unlock();
    }
    if (want > 0) {
      heed(commits.take(), !outcomes.isEmpty());
    }
    if (heldUp && !outcomes.isEmpty()) {
      claimAgainAt = Instant.MIN; // our own jobs make room
    }
    boolean claimDue = want > 0 && !engine.clock().now().isBefore(claimAgainAt);
    if (!outcomes.isEmpty() || claimDue) {
      writeAndClaim(outcomes, claimDue ? want : 0);
    } else if (want == 0) {
      commits.awaitIgnoringSignals(Instant.MAX, this::hasAttention);
    } else {
      heed(commits.await(claimAgainAt, this::hasAttention), false);
    }
  }

  /**
   * Decides from a signal when to claim. A commit of who knows what is looked into first, unless
   * the last such commit brought a job: taking the writer for nothing disturbs others, a look costs
   * time.
   */
  private void heed(Signal signal, boolean writesAnyway) {
    if (signal == Signal.NAMED || (signal == Signal.ANY && writesAnyway)) {
      claimAgainAt = Instant.MIN;
    } else if (signal == Signal.ANY && anyBringsJobs) {
      claimAgainAt = Instant.MIN;
      onTrial = true;
    } else if (signal == Signal.ANY) {
      lookWhetherDue();
      anyBringsJobs = !engine.clock().now().isBefore(claimAgainAt);
    }
  }

  private boolean hasAttention() {
    return attention || ended;
  }

  /** How many jobs to claim now; the lock is held. */
  private int room(boolean nothingToWrite) {
    double ahead =
        Double.isNaN(averageHandlerNanos)
            ? 0
            : LOOK_AHEAD.toNanos() * (double) options.concurrency() / (averageHandlerNanos + 1000);
    int target = options.concurrency() + (int) Math.min(options.maxBatch(), ahead);
    int held = running + buffer.size();
    int room = Math.min(options.maxBatch(), target - held);
    boolean notWorthATransaction = nothingToWrite && !buffer.isEmpty() && room < target / 2;
    return notWorthATransaction ? 0 : Math.max(0, room);
  }

  /** After a commit that may not concern this queue: a read is cheaper than taking the writer. */
  private void lookWhetherDue() {
    try {
      Instant due = writes.nextDue();
      if (due.isBefore(claimAgainAt)) {
        claimAgainAt = due;
      }
    } catch (RuntimeException e) {
      backOff(e);
    }
  }

  private void writeAndClaim(List<Completion<T>> outcomes, int want) {
    ClaimOutcome claimed;
    try {
      claimed = writes.writeAndClaim(outcomes, want);
    } catch (RuntimeException e) {
      lock.lock();
      try {
        completions.addAll(0, outcomes);
      } finally {
        lock.unlock();
      }
      backOff(e);
      return;
    }
    backoff.reset();
    outcomes.forEach(outcome -> leases.remove(outcome.entry()));
    tellOfRoom(outcomes, want > 0 ? commits : null);
    if (want == 0) {
      return;
    }
    if (onTrial) {
      anyBringsJobs = !claimed.jobs().isEmpty();
      onTrial = false;
    }
    claimAgainAt =
        claimed.paused() || claimed.nextDue() == ClaimOutcome.NONE
            ? Instant.MAX
            : Seconds.instant(claimed.nextDue());
    heldUp = claimed.limited();
    if (heldUp && context.limited().add(context.name())) {
      claimAgainAt = Instant.MIN; // who ended a job until now did not know that somebody waits
    }
    List<InFlight<T>> jobs = new ArrayList<>(claimed.jobs().size());
    List<Completion<T>> unreadable = new ArrayList<>();
    writes.open(claimed, jobs, unreadable);
    jobs.forEach(leases::add);
    lock.lock();
    try {
      buffer.addAll(jobs);
      completions.addAll(unreadable);
    } finally {
      lock.unlock();
    }
  }

  /** Jobs that ended make room for others if the queue's concurrency is limited. */
  private void tellOfRoom(List<Completion<T>> ended, @Nullable CommitSubscription exceptTo) {
    if (!ended.isEmpty() && context.isLimited()) {
      engine.signals().signal(context.wakeKey(), exceptTo);
    }
  }

  private void backOff(RuntimeException failure) {
    if (engine.isClosed()) {
      end();
      return;
    }
    Duration wait = backoff.next();
    engine.observe(
        () -> new HonkerEvent.LoopFailed(Thread.currentThread().getName(), failure, wait));
    commits.awaitIgnoringSignals(engine.clock().now().plus(wait), () -> ended);
  }

  // ---- the end

  /** Stops claiming and takes away what has not begun. */
  List<InFlight<T>> stopClaiming() {
    lock.lock();
    try {
      stopping = true;
      drainer = Thread.currentThread();
      return takeUnbegun();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no handler runs and no claim is under way, or the deadline. */
  boolean awaitIdle(Instant deadline) {
    boolean interrupted = false;
    while (!isIdle() && engine.clock().now().isBefore(deadline)) {
      engine.clock().parkUntil(deadline);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return isIdle();
  }

  private boolean isIdle() {
    lock.lock();
    try {
      return running == 0;
    } finally {
      lock.unlock();
    }
  }

  int finishedInDrain() {
    lock.lock();
    try {
      return finishedInDrain;
    } finally {
      lock.unlock();
    }
  }

  /** Lets all threads return from {@link #next}. */
  void end() {
    ended = true;
    lock.lock();
    try {
      turn.signalAll();
    } finally {
      lock.unlock();
    }
    commits.unpark();
  }

  /** Writes what is left, after all threads have ended. */
  void writeRest() {
    commits.close();
    List<Completion<T>> rest;
    lock.lock();
    try {
      rest = completions;
      completions = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    if (!rest.isEmpty()) {
      writes.writeAndClaim(rest, 0);
      tellOfRoom(rest, commits);
    }
  }

  /** Takes away what was claimed and not begun, such as by a claim that was under way. */
  List<InFlight<T>> takeUnbegun() {
    lock.lock();
    try {
      List<InFlight<T>> notBegun = new ArrayList<>(buffer);
      buffer.clear();
      return notBegun;
    } finally {
      lock.unlock();
    }
  }
}
