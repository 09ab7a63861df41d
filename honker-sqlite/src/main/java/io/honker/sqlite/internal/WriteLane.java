package io.honker.sqlite.internal;

import io.honker.error.HonkerInterruptedException;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreBusyException;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way to the one writing connection of this process, by turns (rules T-6, T-9).
 *
 * <p>When nobody else wants to write, an operation runs at once on its caller's thread, a
 * single-statement one without even a BEGIN. When several wait, the lane thread runs them in one
 * transaction and completes them together. Callers that need the writer to themselves get it in
 * their turn, on their own thread.
 *
 * <p>Those who wait are served in order of arrival. Somebody who comes just when the writer is free
 * takes it at once, even if a caller that needs it to itself is being woken for it; past one that
 * has waited for longer than {@link #PATIENCE} nobody gets, because it is then handed the writer
 * without its being free in between.
 */
final class WriteLane implements AutoCloseable {

  private static final int LARGEST_GROUP = 256;
  private static final Duration LONG_HOLD = Duration.ofSeconds(1);

  /**
   * How long others may go before somebody who waits. Handing the writer to a thread that sleeps
   * leaves it idle until that thread runs, which takes as long as a short transaction.
   */
  private static final Duration PATIENCE = Duration.ofMillis(5);

  /** After this long without a pause the lane makes one, so that other processes get in. */
  private static final long WITHOUT_PAUSE_NANOS = 10_000_000;

  private static final long PAUSE_NANOS = 60_000;
  private static final long SPIN_NANOS = 15_000;
  private static final long PROBE_INTERVAL_NANOS = 1_000_000;

  private static final HonkerClock TIME = SystemClock.instance();

  private final StoreConnection writer;
  private final WriterTransactions transactions;
  private final GroupCommit groups;
  private final SqliteFailures failures;
  private final long timeoutNanos;
  private final long patienceNanos;
  private final Consumer<HonkerEvent> observer;
  private final ForeignCommits foreignCommits;
  private final ConcurrentLinkedQueue<LaneTurn> waiting = new ConcurrentLinkedQueue<>();

  /** Whether somebody has the writer. Whoever sets it owns it and must hand it over or free it. */
  private final AtomicBoolean taken = new AtomicBoolean();

  private final Thread laneThread;
  private volatile boolean groupsWait;
  private volatile boolean closed;
  private volatile @Nullable Thread holder;
  private volatile long heldSince;
  private final AtomicLong reportedHold = new AtomicLong();
  private long lastProbe;

  /** What a waiter runs, now and then, to get the writer from a holder that has had it too long. */
  private volatile @Nullable Runnable onWait;

  WriteLane(
      StoreConnection writer,
      SqliteFailures failures,
      Duration timeout,
      Consumer<HonkerEvent> observer,
      ForeignCommits foreignCommits,
      String threadName) {
    this(writer, failures, timeout, PATIENCE, observer, foreignCommits, threadName);
  }

  WriteLane(
      StoreConnection writer,
      SqliteFailures failures,
      Duration timeout,
      Duration patience,
      Consumer<HonkerEvent> observer,
      ForeignCommits foreignCommits,
      String threadName) {
    this.writer = writer;
    this.transactions = new WriterTransactions(writer);
    this.groups = new GroupCommit(transactions);
    this.failures = failures;
    this.timeoutNanos = timeout.toNanos();
    this.patienceNanos = patience.toNanos();
    this.observer = observer;
    this.foreignCommits = foreignCommits;
    this.laneThread = new Thread(this::runGroups, threadName);
    laneThread.setDaemon(true);
    laneThread.start();
  }

  // ---- operations

  /** Runs one operation atomically and returns after its commit. */
  <R extends @Nullable Object> R execute(WriteOperation<R> operation) {
    refuseSecondWriter();
    if (take()) {
      return runAndRelease(operation);
    }
    LaneTurn turn = new LaneTurn(operation, TIME.nanoTime());
    await(turn, "to write");
    if (turn.isGranted()) {
      return runAndRelease(operation);
    }
    return outcome(turn);
  }

  /** What the lane thread left; failures become exceptions here, with the caller's own stack. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"})
  private <R extends @Nullable Object> R outcome(LaneTurn turn) {
    Throwable failure = turn.failure();
    if (failure == null) {
      return (R) turn.result();
    }
    if (failure instanceof SQLException sql) {
      throw failures.translate("writing", sql);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  private <R extends @Nullable Object> R runAndRelease(WriteOperation<R> operation) {
    held();
    try {
      checkOpen();
      return transactions.run(operation);
    } catch (SQLException e) {
      writer.forgetStatements(e);
      throw failures.translate("writing", e);
    } finally {
      release();
    }
  }

  // ---- the writer as such

  /** Takes the writer for this thread, in its turn. Give it back with {@link #release}. */
  void acquire() {
    refuseSecondWriter();
    if (!take()) {
      await(new LaneTurn(null, TIME.nanoTime()), "for the writer");
    }
    held();
    if (closed) {
      release();
      checkOpen();
    }
  }

  /**
   * Sets what those who wait run about once a second, for as long as this thread has the writer; it
   * may end the transaction and release the writer, from their threads.
   */
  void onWait(Runnable asked) {
    onWait = asked;
  }

  /** The writing connection; only for the thread that holds the writer. */
  StoreConnection connection() {
    return writer;
  }

  void begin() throws SQLException {
    transactions.begin();
  }

  /** Commits; if that fails it rolls back and throws. */
  void commit() throws SQLException {
    transactions.commit();
  }

  /** Counts a statement that was a transaction of its own. */
  void committedAlone() {
    transactions.committedAlone();
  }

  /** Rolls back; a transaction that SQLite has undone already is fine. */
  void rollback(@Nullable Throwable cause) {
    transactions.rollback(cause);
  }

  /** Whether the transaction is still open: SQLite undoes a whole one on some errors. */
  boolean isInTransaction() {
    return transactions.isOpen();
  }

  /** Whether this thread has the writer. */
  boolean isHeldByThisThread() {
    return holder == Thread.currentThread();
  }

  /** Whether any thread has the writer. */
  boolean isTaken() {
    return taken.get();
  }

  private void refuseSecondWriter() {
    checkOpen();
    if (isHeldByThisThread()) {
      throw new NestedWriteException("it holds the database's only writer", null);
    }
  }

  // ---- turns

  /** Takes the writer if it is free. */
  private boolean take() {
    return taken.compareAndSet(false, true);
  }

  private void await(LaneTurn turn, String forWhat) {
    waiting.add(turn);
    if (take()) {
      handOver();
    }
    boolean interrupted = false;
    while (!isServed(turn)) {
      if (Thread.interrupted()) {
        interrupted = true;
        if (leave(turn)) {
          Thread.currentThread().interrupt();
          throw new HonkerInterruptedException(
              "interrupted while waiting " + forWhat + "; nothing was written", null);
        }
      }
      long waited = TIME.nanoTime() - turn.since();
      if ((closed || waited > timeoutNanos) && leave(turn)) {
        checkOpen();
        throw new StoreBusyException("waited " + seconds(waited) + " " + forWhat + blame(), null);
      }
      LockSupport.parkNanos(this, Math.min(LONG_HOLD.toNanos(), timeoutNanos));
      reportLongHold();
      askHolder();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives a place up; the next in line may have to be told that the writer is free. */
  private boolean leave(LaneTurn turn) {
    boolean left = turn.leave();
    if (left && take()) {
      handOver();
    }
    return left;
  }

  private void askHolder() {
    Runnable asked = onWait;
    if (asked != null) {
      asked.run();
    }
  }

  /**
   * Whether the wait is over. The next in line takes the writer if it is free, and waits awake for
   * a moment: most holds are shorter than going to sleep.
   */
  private boolean isServed(LaneTurn turn) {
    if (turn.isPending() && waiting.peek() == turn) {
      long begun = TIME.nanoTime();
      while (turn.isPending() && !takeAsNext(turn) && TIME.nanoTime() - begun < SPIN_NANOS) {
        Thread.onSpinWait();
      }
    }
    return !turn.isPending();
  }

  /** Operations leave that to the lane, which may find more of them to run together. */
  private boolean takeAsNext(LaneTurn next) {
    if (next.operation() != null || !take()) {
      return false;
    }
    waiting.poll(); // still this one: only who has the writer takes turns off the queue
    return next.grant();
  }

  private String blame() {
    Thread thread = holder;
    return thread == null
        ? ""
        : "; thread \""
            + thread.getName()
            + "\" of this process has held it for "
            + seconds(TIME.nanoTime() - heldSince)
            + "; keep transactions short, and close connections";
  }

  private static String seconds(long nanos) {
    return Duration.ofMillis(nanos / 1_000_000).toString().substring(2).toLowerCase(Locale.ROOT);
  }

  private void held() {
    heldSince = TIME.nanoTime();
    holder = Thread.currentThread();
  }

  /** Tells the observer once of each hold that is longer than a second. */
  private void reportLongHold() {
    Thread thread = holder;
    long since = heldSince;
    long nanos = TIME.nanoTime() - since;
    if (thread != null && nanos > LONG_HOLD.toNanos() && reportedHold.getAndSet(since) != since) {
      observer.accept(new HonkerEvent.WriterHeldLong(thread.getName(), Duration.ofNanos(nanos)));
    }
  }

  /** Gives the writer to the next in line, or frees it. */
  void release() {
    boolean foreign = probeIfDue();
    reportLongHold();
    onWait = null;
    holder = null;
    handOver();
    if (foreign) {
      foreignCommits.announce();
    }
  }

  /** Called by who has the writer, and has it no more after that. */
  private void handOver() {
    boolean mine = true;
    while (mine) {
      LaneTurn next = closed ? null : waiting.peek(); // closing turns away all who wait
      if (next == null) {
        taken.set(false);
        mine = !closed && !waiting.isEmpty() && take();
      } else if (next.hasLeft()) {
        waiting.poll();
      } else if (next.operation() == null && TIME.nanoTime() - next.since() < patienceNanos) {
        taken.set(false);
        LockSupport.unpark(next.caller());
        mine = next.hasLeft() && take();
      } else if (next.operation() == null || isAlone()) {
        waiting.poll();
        mine = !next.grant();
      } else {
        groupsWait = true;
        LockSupport.unpark(laneThread);
        mine = false;
      }
    }
  }

  /** Whether exactly one waits: it runs itself, which saves a thread hop. */
  private boolean isAlone() {
    Iterator<LaneTurn> turns = waiting.iterator();
    turns.next();
    return !turns.hasNext();
  }

  // ---- groups

  private void runGroups() {
    while (true) {
      while (!groupsWait) {
        if (closed) {
          return;
        }
        LockSupport.park(this);
      }
      groupsWait = false;
      held();
      long begun = TIME.nanoTime();
      List<LaneTurn> group = nextGroup();
      while (!group.isEmpty()) {
        groups.run(group);
        group.forEach(LaneTurn::finish);
        if (TIME.nanoTime() - begun > WITHOUT_PAUSE_NANOS) {
          LockSupport.parkNanos(this, PAUSE_NANOS);
          begun = TIME.nanoTime();
        }
        heldSince = TIME.nanoTime();
        group = nextGroup();
      }
      release();
    }
  }

  /** Takes operations off the queue up to the first caller that wants the writer to itself. */
  private List<LaneTurn> nextGroup() {
    List<LaneTurn> group = new ArrayList<>();
    while (group.size() < LARGEST_GROUP) {
      LaneTurn next = waiting.peek();
      if (next == null || next.operation() == null) {
        break;
      }
      waiting.poll();
      if (next.joinGroup()) {
        group.add(next);
      }
    }
    return group;
  }

  // ---- commits of others

  /** How many commits went through this lane so far. */
  long ownCommits() {
    return transactions.commits();
  }

  private boolean probeIfDue() {
    if (!foreignCommits.isWatched()) {
      return false;
    }
    long now = TIME.nanoTime();
    if (now - lastProbe < PROBE_INTERVAL_NANOS) {
      return false;
    }
    lastProbe = now;
    return foreignCommits.probe(writer);
  }

  /**
   * Looks for commits of others, unless somebody has the writer, who then looks when done.
   *
   * @return whether there was one; its waiters have been told
   */
  boolean probe() {
    if (closed || !waiting.isEmpty() || !take()) {
      return false;
    }
    boolean foreign = foreignCommits.probe(writer);
    lastProbe = TIME.nanoTime();
    handOver();
    if (foreign) {
      foreignCommits.announce();
    }
    return foreign;
  }

  /**
   * Takes what is committed now as known, so that only later commits count. If somebody has the
   * writer it is left as it is: the next probe may then report a commit that came earlier.
   */
  void takeBaseline() {
    if (isHeldByThisThread()) {
      foreignCommits.takeBaseline(writer);
    } else if (!closed && waiting.isEmpty() && take()) {
      foreignCommits.takeBaseline(writer);
      handOver();
    }
  }

  // ---- end

  boolean isClosed() {
    return closed;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this Honker is closed; open it again for further work");
    }
  }

  /** Lets the current holder finish, turns away all who wait, ends the lane thread. */
  @Override
  public void close() {
    closed = true;
    for (LaneTurn turn : waiting) {
      LockSupport.unpark(turn.caller());
    }
    LockSupport.unpark(laneThread);
    boolean interrupted = false;
    while (laneThread.isAlive()) {
      try {
        laneThread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    long deadline = TIME.nanoTime() + timeoutNanos;
    while (!isHeldByThisThread() // closing inside a transaction: it ends with the connection
        && !take()
        && TIME.nanoTime() < deadline) {
      LockSupport.parkNanos(this, 1_000_000);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
