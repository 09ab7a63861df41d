package io.honker.sqlite.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.honker.error.HonkerInterruptedException;
import io.honker.error.StoreBusyException;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.time.SystemClock;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the writer, and when (rule T-6). */
@Timeout(60)
class WriteLaneTest {

  private static final Duration FOR_EVER = Duration.ofDays(1);
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final ConcurrentLinkedQueue<String> served = new ConcurrentLinkedQueue<>();
  private StoreConnection writer;
  private WriteLane lane;

  private void open(Duration timeout, Duration patience) throws SQLException {
    SqliteSettings settings = new SqliteSettings("NORMAL", 2, timeout, 1000, null);
    SqliteConnections connections =
        new SqliteConnections(folder.resolve("test.db"), settings, SystemClock.instance());
    writer = new StoreConnection(connections.openWriter());
    lane =
        new WriteLane(
            writer,
            new SqliteFailures("test.db"),
            timeout,
            patience,
            event -> {},
            new ForeignCommits(),
            "test-lane");
  }

  @AfterEach
  void close() throws SQLException {
    others.shutdownNow();
    if (!lane.isClosed()) {
      lane.close();
    }
    writer.close();
    writer.jdbc().close();
  }

  private void serve(String name) {
    lane.acquire();
    served.add(name);
    lane.release();
  }

  /** A thread that waits in line and, until it is let go, does not notice what happens there. */
  private final class AbsentWaiter {

    private final CountDownLatch absent = new CountDownLatch(1);
    private final CountDownLatch back = new CountDownLatch(1);
    private final AtomicReference<Thread> thread = new AtomicReference<>();
    private final Future<?> done;

    /** Called by who has the writer. */
    AbsentWaiter(String name) {
      done =
          others.submit(
              () -> {
                thread.set(Thread.currentThread());
                serve(name);
              });
      lane.onWait(
          () -> {
            if (Thread.currentThread() == thread.get()) {
              absent.countDown();
              awaitUninterruptibly(back);
            }
          });
      await()
          .until(
              () -> {
                LockSupport.unpark(thread.get());
                return absent.getCount() == 0;
              });
    }

    void comeBack() throws Exception {
      back.countDown();
      done.get();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Future<?> inLine(String name) {
    AtomicReference<Thread> thread = new AtomicReference<>();
    Future<?> done =
        others.submit(
            () -> {
              thread.set(Thread.currentThread());
              serve(name);
            });
    awaitParked(thread);
    return done;
  }

  private void awaitParked(AtomicReference<Thread> thread) {
    await().until(() -> thread.get() != null && LockSupport.getBlocker(thread.get()) == lane);
  }

  @Test
  void newcomer_whileTheNextInLineIsBeingWoken_goesFirst() throws Exception {
    open(LONG, FOR_EVER);
    lane.acquire();
    AbsentWaiter waiter = new AbsentWaiter("waiter");
    lane.release();

    serve("newcomer");
    lane.execute(WriteOperation.statement(connection -> served.add("operation")));
    waiter.comeBack();

    assertThat(served).containsExactly("newcomer", "operation", "waiter");
  }

  @Test
  void newcomer_whenTheNextInLineHasWaitedForLong_goesBehindIt() throws Exception {
    open(LONG, Duration.ZERO);
    lane.acquire();
    AbsentWaiter waiter = new AbsentWaiter("waiter");
    lane.release();

    Future<?> operation =
        others.submit(
            () -> lane.execute(WriteOperation.statement(connection -> served.add("newcomer"))));
    Future<?> newcomer = inLine("newcomer");
    assertThat(served).isEmpty();
    waiter.comeBack();
    newcomer.get();
    operation.get();

    assertThat(served).containsExactly("waiter", "newcomer", "newcomer");
  }

  @Test
  void thoseWhoWait_areServedInOrderOfArrival() throws Exception {
    open(LONG, FOR_EVER);
    lane.acquire();
    List<String> names = new ArrayList<>();
    List<Future<?>> waiting = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      names.add("waiter " + i);
      waiting.add(inLine("waiter " + i));
    }
    lane.release();

    for (Future<?> waiter : waiting) {
      waiter.get();
    }
    assertThat(served).containsExactlyElementsOf(names);
  }

  @Test
  void waiter_wokenBeforeItsTurn_leavesTheFreeWriterToTheNextInLine() throws Exception {
    open(LONG, FOR_EVER);
    lane.acquire();
    AbsentWaiter first = new AbsentWaiter("first");
    AbsentWaiter second = new AbsentWaiter("second");
    lane.release();

    second.back.countDown();
    awaitParked(second.thread);
    assertThat(served).isEmpty();
    first.comeBack();
    second.done.get();

    assertThat(served).containsExactly("first", "second");
  }

  @Test
  void close_withWaitersAndAFreeWriter_turnsThemAway() throws Exception {
    open(LONG, FOR_EVER);
    lane.acquire();
    AbsentWaiter waiter = new AbsentWaiter("waiter");
    Future<?> behind = inLine("behind");
    lane.release();

    lane.close();

    assertThat(behind).failsWithin(LONG).withThrowableThat().withMessageContaining("closed");
    assertThat(waiter.back.getCount()).isPositive();
    waiter.back.countDown();
    assertThat(waiter.done).failsWithin(LONG).withThrowableThat().withMessageContaining("closed");
    assertThat(served).isEmpty();
  }

  /** Every way in and every way out at once; the writer must neither be shared nor get lost. */
  @Test
  void writer_amongThreadsThatComeGoAndGiveUp_isServedToAllAndFreeInTheEnd() throws Exception {
    open(Duration.ofMillis(2), Duration.ofNanos(200_000));
    AtomicInteger inside = new AtomicInteger();
    List<Future<Integer>> workers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int seed = t;
      workers.add(
          others.submit(
              () -> {
                synchronized (threads) {
                  threads.add(Thread.currentThread());
                }
                return comeAndGo(new SplittableRandom(seed), threads, inside);
              }));
    }
    int done = 0;
    for (Future<Integer> worker : workers) {
      done += worker.get();
    }
    assertThat(done).isPositive();
    assertThat(inside).hasValue(0);
    await().ignoreException(StoreBusyException.class).until(this::isFree); // the lane may be ending
  }

  private boolean isFree() {
    lane.acquire();
    lane.release();
    return true;
  }

  private int comeAndGo(SplittableRandom random, List<Thread> threads, AtomicInteger inside) {
    int done = 0;
    for (int i = 0; i < 4_000; i++) {
      try {
        if (random.nextInt(3) == 0) {
          done += lane.execute(WriteOperation.statement(connection -> alone(inside)));
        } else {
          lane.acquire();
          try {
            done += alone(inside);
          } finally {
            lane.release();
          }
        }
      } catch (HonkerInterruptedException | StoreBusyException e) {
        // gave up; the next round is a new try
      }
      Thread.interrupted();
      if (random.nextInt(50) == 0) {
        synchronized (threads) {
          threads.get(random.nextInt(threads.size())).interrupt();
        }
      }
    }
    return done;
  }

  private static int alone(AtomicInteger inside) {
    if (inside.incrementAndGet() != 1) {
      throw new AssertionError("two have the writer");
    }
    Thread.onSpinWait();
    inside.decrementAndGet();
    return 1;
  }
}
