package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.error.HonkerInterruptedException;
import io.honker.error.StoreException;
import io.honker.observe.HonkerEvent;
import io.honker.queue.Job;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Rules T-6, T-8 and T-9 as far as they concern honker's own writes: many threads, one writer.
 *
 * @since 0.1.0
 */
public abstract class WriterContract extends StoreContract {

  private static final int THREADS = 16;
  private static final int WRITES = 25;

  /** Creates the contract; the subclass supplies the store. */
  protected WriterContract() {}

  @Rule(id = "T-6", level = Level.STOCHASTIC, note = "threads have to meet at the writer")
  void enqueue_fromManyThreads_givesEachItsOwnResult() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Background<List<Long>>> writers = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      writers.add(
          inBackground(
              () -> {
                start.await();
                List<Long> ids = new ArrayList<>();
                for (int i = 0; i < WRITES; i++) {
                  ids.add(jobs().enqueue(thread + "/" + i));
                }
                return ids;
              }));
    }

    for (int t = 0; t < THREADS; t++) {
      List<Long> ids = writers.get(t).get();
      for (int i = 0; i < WRITES; i++) {
        assertThat(jobs().find(ids.get(i)).orElseThrow().payload()).isEqualTo(t + "/" + i);
      }
    }
    assertThat(jobs().stats().ready()).isEqualTo(THREADS * WRITES);
  }

  @Rule(id = "T-6", level = Level.STOCHASTIC, note = "threads have to meet at the writer")
  void enqueue_beforeItReturns_isCommitted() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Background<Boolean>> writers = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      writers.add(
          inBackground(
              () -> {
                start.await();
                boolean found = true;
                for (int i = 0; i < WRITES; i++) {
                  found &= jobs().find(jobs().enqueue("job")).isPresent();
                }
                return found;
              }));
    }

    for (Background<Boolean> writer : writers) {
      assertThat(writer.get()).isTrue();
    }
  }

  @Rule(id = "T-6", level = Level.STOCHASTIC, note = "threads have to meet at the writer")
  void write_thatFailsAmongOthers_failsAlone() throws Exception {
    store.require(Capability.REFUSED_JOBS);
    store.refuseJobsContaining("poison");
    CyclicBarrier start = new CyclicBarrier(THREADS);
    List<Background<Integer>> writers = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      boolean poisonous = t % 4 == 0;
      writers.add(
          inBackground(
              () -> {
                start.await();
                return poisonous ? refusals() : accepted();
              }));
    }

    for (Background<Integer> writer : writers) {
      assertThat(writer.get()).isEqualTo(WRITES);
    }
    assertThat(jobs().stats().ready()).isEqualTo(THREADS * WRITES * 3 / 4);
  }

  private int refusals() {
    int refused = 0;
    for (int i = 0; i < WRITES; i++) {
      try {
        jobs().enqueueAll(List.of("harmless", "poison"));
      } catch (StoreException expected) {
        refused++;
      }
    }
    return refused;
  }

  private int accepted() {
    int accepted = 0;
    for (int i = 0; i < WRITES; i++) {
      jobs().enqueue("good");
      accepted++;
    }
    return accepted;
  }

  @Rule(id = "T-6")
  void write_thatFailsAlone_throwsStoreExceptionAndTheNextWorks() throws Exception {
    store.require(Capability.REFUSED_JOBS);
    store.refuseJobsContaining("poison");

    assertThat(inBackground(() -> jobs().enqueue("poison")).failure())
        .isInstanceOf(StoreException.class);

    assertThat(jobs().enqueue("good")).isPositive();
    assertThat(jobs().stats().ready()).isEqualTo(1);
  }

  @Rule(id = "T-6")
  void writes_thatWait_commitInTheOrderOfTheirArrival() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    jobs().enqueue("warm up");
    honker.inTransaction(tx -> jobs().enqueue(tx, "warm up"));
    CountDownLatch release = new CountDownLatch(1);
    holdWriter(release);
    List<Background<Long>> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boolean userCode = i % 3 == 2;
      Background<Long> next =
          userCode
              ? inBackground(() -> honker.fromTransaction(tx -> jobs().enqueue(tx, "code")))
              : inBackground(() -> jobs().enqueue("operation"));
      next.awaitBlocked();
      waiting.add(next);
    }

    release.countDown();

    List<Long> ids = new ArrayList<>();
    for (Background<Long> next : waiting) {
      ids.add(next.get());
    }
    assertThat(ids).isSorted();
  }

  @Rule(id = "T-6", level = Level.STOCHASTIC, note = "threads have to meet at the writer")
  void inTransaction_underContention_runsAloneOnTheCallersThread() throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    AtomicBoolean occupied = new AtomicBoolean();
    List<Background<Boolean>> writers = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      writers.add(
          inBackground(
              () -> {
                start.await();
                boolean alone = true;
                for (int i = 0; i < WRITES; i++) {
                  jobs().enqueue("beside");
                  alone &= honker.fromTransaction(tx -> isAlone(occupied, Thread.currentThread()));
                }
                return alone;
              }));
    }

    for (int t = 0; t < THREADS; t++) {
      assertThat(writers.get(t).get()).isTrue();
    }
  }

  private static boolean isAlone(AtomicBoolean occupied, Thread thread) {
    boolean alone = occupied.compareAndSet(false, true);
    occupied.set(false);
    return alone && thread.getName().startsWith("test-background-");
  }

  @Rule(id = "T-6")
  void claimAndAck_fromManyThreads_giveEachJobToOne() throws Exception {
    int count = 200;
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add("job " + i);
    }
    jobs().enqueueAll(all);
    List<Background<List<String>>> workers = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      workers.add(inBackground(this::claimUntilEmpty));
    }

    List<String> done = new ArrayList<>();
    for (Background<List<String>> worker : workers) {
      done.addAll(worker.get());
    }
    assertThat(done).containsExactlyInAnyOrderElementsOf(all);
    assertThat(honker.queues()).isEmpty();
  }

  private List<String> claimUntilEmpty() {
    List<String> mine = new ArrayList<>();
    for (List<Job<String>> next = jobs().claim(3); !next.isEmpty(); next = jobs().claim(3)) {
      mine.addAll(payloads(next));
      assertThat(jobs().ackAll(next)).isEqualTo(next.size());
    }
    return mine;
  }

  @Rule(id = "T-6")
  void write_interruptedWhileItWaits_throwsAndWritesNothing() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    CountDownLatch release = new CountDownLatch(1);
    Background<?> holder = holdWriter(release);
    AtomicBoolean flag = new AtomicBoolean();
    Background<Long> waiting = inBackground(() -> flagKeeping(flag, () -> jobs().enqueue("never")));
    waiting.awaitBlocked();

    waiting.interrupt();

    assertThat(waiting.failure()).isInstanceOf(HonkerInterruptedException.class);
    assertThat(flag).as("the interrupt flag is set again").isTrue();
    release.countDown();
    holder.get();
    jobs().enqueue("later");
    assertThat(payloads(jobs().claim(10))).containsExactly("later");
  }

  @Rule(id = "T-6")
  void inTransaction_interruptedWhileItWaits_throwsAndNeverRuns() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    CountDownLatch release = new CountDownLatch(1);
    Background<?> holder = holdWriter(release);
    AtomicBoolean flag = new AtomicBoolean();
    AtomicBoolean ran = new AtomicBoolean();
    Background<Long> waiting =
        inBackground(
            () ->
                flagKeeping(
                    flag,
                    () ->
                        honker.fromTransaction(
                            tx -> {
                              ran.set(true);
                              return 1L;
                            })));
    waiting.awaitBlocked();

    waiting.interrupt();

    assertThat(waiting.failure()).isInstanceOf(HonkerInterruptedException.class);
    assertThat(flag).as("the interrupt flag is set again").isTrue();
    release.countDown();
    holder.get();
    assertThat(ran).isFalse();
    assertThat(jobs().enqueue("the writer is free")).isPositive();
  }

  @Rule(id = "T-6")
  void writes_behindAnInterruptedOne_areServed() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    CountDownLatch release = new CountDownLatch(1);
    holdWriter(release);
    Background<Long> leaver = inBackground(() -> jobs().enqueue("never"));
    leaver.awaitBlocked();
    Background<Long> stayer = inBackground(() -> jobs().enqueue("served"));
    stayer.awaitBlocked();

    leaver.interrupt();
    leaver.failure();
    release.countDown();

    assertThat(jobs().find(stayer.get())).isPresent();
    assertThat(jobs().stats().ready()).isEqualTo(1);
  }

  private interface Write {
    long run();
  }

  /** Runs a write and notes whether the interrupt flag is set when it ends. */
  private static long flagKeeping(AtomicBoolean flag, Write write) {
    try {
      return write.run();
    } finally {
      flag.set(Thread.currentThread().isInterrupted());
    }
  }

  @Rule(id = "T-8")
  void writer_heldForLong_isToldToTheObserver() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    AtomicReference<String> holder = new AtomicReference<>();

    honker.inTransaction(
        tx -> {
          holder.set(Thread.currentThread().getName());
          advanceSeconds(2);
          letRealTimePass(); // a store may measure locks by the machine's time
        });

    HonkerEvent.WriterHeldLong told =
        store
            .observer()
            .await(HonkerEvent.WriterHeldLong.class, event -> event.thread().equals(holder.get()));
    assertThat(told.held()).isGreaterThan(Duration.ofSeconds(1));
  }

  private static void letRealTimePass() throws InterruptedException {
    assertThat(new CountDownLatch(1).await(1100, TimeUnit.MILLISECONDS)).isFalse();
  }

  @Rule(id = "T-9")
  void write_whileAnotherProcessWrites_waitsAndSucceeds() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    createOrders();
    try (Connection foreign = store.rawConnection()) {
      foreign.setAutoCommit(false);
      insertOrder(foreign, "tea");
      Background<Long> waiting = inBackground(() -> jobs().enqueue("patient"));
      assertThat(waiting.isDone()).isFalse();

      foreign.commit();

      assertThat(jobs().find(waiting.get())).isPresent();
    }
  }

  @Rule(id = "T-9")
  void foreignWriter_amongOurs_getsItsTurn() throws Exception {
    createOrders();
    AtomicBoolean stop = new AtomicBoolean();
    List<Background<Integer>> writers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      writers.add(inBackground(() -> writeUntil(stop)));
    }

    try (Connection foreign = store.rawConnection();
        Statement statement = foreign.createStatement()) {
      for (int i = 0; i < 50; i++) {
        statement.executeUpdate("INSERT INTO orders(note) VALUES ('foreign')");
      }
    } finally {
      stop.set(true);
    }

    int written = 0;
    for (Background<Integer> writer : writers) {
      written += writer.get();
    }
    assertThat(orders()).hasSize(50);
    assertThat(jobs().stats().ready()).isEqualTo(Math.min(written, 10_000));
  }

  private int writeUntil(AtomicBoolean stop) {
    int written = 0;
    while (!stop.get()) {
      jobs().enqueue("ours");
      written++;
    }
    return written;
  }
}
