package io.honker.sqlite.internal;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.loop.LoopThreads;
import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices commits of other processes while somebody waits for them (design: wake, don't poll).
 *
 * <p>A file-system event is the hint, the probe of {@link ForeignCommits} the proof. Because SQLite
 * writes the log before the index that makes it visible, a hint is followed by several looks with
 * growing pauses; a slow regular look covers lost events. While this process itself commits often
 * the events would mostly be its own and cost its writer time, so they are switched off and the
 * probe runs every millisecond, until it has been quiet for a while. Where the platform has no fast
 * events the probe runs every millisecond too, less often while idle.
 */
final class CommitWatcher implements AutoCloseable {

  private static final HonkerClock TIME = SystemClock.instance();

  private static final long MILLISECOND = 1_000_000;
  private static final long REGULAR_LOOK = 1000 * MILLISECOND;
  private static final long LAST_LOOK_AFTER_HINT = 60 * MILLISECOND;
  private static final long LAST_LOOK_AFTER_OWN_HINT = 3 * MILLISECOND;
  private static final long CLOSE_LOOK = 200_000;
  private static final long CLOSE_LOOK_STEP = 10_000;
  private static final long SAME_COMMIT = 500_000;
  private static final long FIRST_PAUSE_AFTER_HINT = 50_000;
  private static final long FIRST_PAUSE_AFTER_OWN_HINT = MILLISECOND;
  private static final long LONGEST_PAUSE_AFTER_HINT = 2 * MILLISECOND;
  private static final long WINDOW = 50 * MILLISECOND;
  private static final int OFTEN_PER_WINDOW = 20;
  private static final long LONGEST_IDLE_POLL = 20 * MILLISECOND;
  private static final int IDLE_AFTER_POLLS = 5000;
  private static final Duration JOIN = Duration.ofSeconds(10);

  private final Path file;
  private final String threadName;
  private final BooleanSupplier probe;
  private final LongSupplier ownCommits;
  private final BooleanSupplier writing;
  private final Runnable regularCheck;
  private final Consumer<HonkerEvent> observer;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Thread thread;
  private volatile boolean wanted;
  private volatile boolean closed;

  // of the watching thread only
  private long windowBegun;
  private long commitsAtWindowBegin;
  private long commitsAtLastHint;
  private long lastFound;
  private boolean often;
  private int quietPolls;

  /**
   * Makes a watcher that does nothing yet.
   *
   * @param probe looks for foreign commits, tells their waiters, returns whether there were any
   * @param ownCommits counts this process's own
   * @param writing whether this process has the writer now; it looks itself when it gives it back
   * @param regularCheck what else is to be looked at now and then
   */
  CommitWatcher(
      Path file,
      String threadName,
      BooleanSupplier probe,
      LongSupplier ownCommits,
      BooleanSupplier writing,
      Runnable regularCheck,
      Consumer<HonkerEvent> observer) {
    this.file = file;
    this.threadName = threadName;
    this.probe = probe;
    this.ownCommits = ownCommits;
    this.writing = writing;
    this.regularCheck = regularCheck;
    this.observer = observer;
  }

  /** Starts watching, or lets the thread end soon. */
  void watch(boolean someoneWaits) {
    lock.lock();
    try {
      wanted = someoneWaits;
      if (someoneWaits && !closed && thread == null) {
        Thread started = LoopThreads.daemon(threadName, this::run);
        thread = started;
        started.start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    do {
      watchWhileWanted();
    } while (!mayEnd());
  }

  /** Ends the thread unless somebody began to wait again meanwhile. */
  private boolean mayEnd() {
    lock.lock();
    try {
      if (wanted && !closed) {
        return false;
      }
      thread = null;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void watchWhileWanted() {
    if (!FolderEvents.areFast()) {
      observer.accept(new HonkerEvent.WatcherMode("polling", "no fast file events here"));
      pollWhileWanted();
      return;
    }
    try (FolderEvents events = new FolderEvents(file)) {
      observer.accept(new HonkerEvent.WatcherMode("file-events", null));
      watchWith(events);
    } catch (IOException e) { // no watches left, or the folder is gone
      observer.accept(new HonkerEvent.WatcherMode("polling", e.toString()));
      pollWhileWanted();
    } catch (InterruptedException e) {
      pollWhileWanted(); // returns at once after close, which is who interrupts
    }
  }

  private boolean isWanted() {
    return wanted && !closed;
  }

  private void watchWith(FolderEvents events) throws IOException, InterruptedException {
    windowBegun = TIME.nanoTime();
    commitsAtWindowBegin = ownCommits.getAsLong();
    long lastCheck = windowBegun;
    while (isWanted()) {
      long now = TIME.nanoTime();
      if (now - lastCheck > REGULAR_LOOK) {
        regularCheck.run();
        lastCheck = now;
      }
      judgeOwnPace(now);
      if (often) {
        events.disarm();
        LockSupport.parkNanos(this, MILLISECOND);
        look();
      } else if (!events.isArmed()) {
        events.arm();
        look(); // what was committed before the events were on
      } else if (events.await(REGULAR_LOOK)) {
        lookAfterHint(events);
      } else {
        look();
      }
    }
  }

  private void judgeOwnPace(long now) {
    if (now - windowBegun < WINDOW) {
      long soFar = ownCommits.getAsLong() - commitsAtWindowBegin;
      often |= soFar >= OFTEN_PER_WINDOW;
      return;
    }
    long commits = ownCommits.getAsLong();
    boolean wholeWindow = now - windowBegun < 2 * WINDOW;
    often = wholeWindow && commits - commitsAtWindowBegin >= OFTEN_PER_WINDOW;
    commitsAtWindowBegin = commits;
    windowBegun = now;
  }

  private boolean look() {
    boolean found = probe.getAsBoolean();
    if (found) {
      lastFound = TIME.nanoTime();
    }
    return found;
  }

  /**
   * Looks until the commit that the hint announced is visible, or it seems that there was none. A
   * hint comes with the first write to the log, some 100 microseconds before the commit can be
   * seen.
   */
  private void lookAfterHint(FolderEvents events) throws InterruptedException {
    boolean hinted = true;
    long begun = 0;
    long enough = 0;
    long pause = 0;
    while (isWanted()) {
      if (hinted) {
        boolean own = isProbablyOwn();
        begun = TIME.nanoTime();
        enough = own ? LAST_LOOK_AFTER_OWN_HINT : LAST_LOOK_AFTER_HINT;
        pause = own ? FIRST_PAUSE_AFTER_OWN_HINT : FIRST_PAUSE_AFTER_HINT;
        boolean ofTheSameCommit = begun - lastFound < SAME_COMMIT;
        if (!own && !ofTheSameCommit && lookClosely(begun)) {
          return;
        }
      }
      if (look() || TIME.nanoTime() - begun > enough) {
        return;
      }
      hinted = events.await(pause);
      pause = Math.min(LONGEST_PAUSE_AFTER_HINT, pause * 2);
    }
  }

  /** Whether this process writes, or has since the last hint, and so caused this one itself. */
  private boolean isProbablyOwn() {
    long commits = ownCommits.getAsLong();
    boolean own = commits != commitsAtLastHint || writing.getAsBoolean();
    commitsAtLastHint = commits;
    return own;
  }

  /** Looks again and again for a moment: sleeping takes longer than most commits. */
  private boolean lookClosely(long begun) {
    long now = begun;
    while (now - begun < CLOSE_LOOK) {
      if (look()) {
        return true;
      }
      long next = now + CLOSE_LOOK_STEP;
      while (now < next) {
        Thread.onSpinWait();
        now = TIME.nanoTime();
      }
    }
    return false;
  }

  private void pollWhileWanted() {
    quietPolls = 0;
    long lastCheck = TIME.nanoTime();
    while (isWanted()) {
      quietPolls = look() ? 0 : quietPolls + 1;
      long now = TIME.nanoTime();
      if (now - lastCheck > REGULAR_LOOK) {
        regularCheck.run();
        lastCheck = now;
      }
      boolean idle = quietPolls > IDLE_AFTER_POLLS;
      LockSupport.parkNanos(this, idle ? LONGEST_IDLE_POLL : MILLISECOND);
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread running;
    lock.lock();
    try {
      running = thread;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.interrupt(); // it may wait for file events
      boolean ended = LoopThreads.join(List.of(running), JOIN);
      if (!ended) {
        observer.accept(
            new HonkerEvent.LoopFailed(
                threadName, new IllegalStateException("did not end"), Duration.ZERO));
      }
    }
  }
}
