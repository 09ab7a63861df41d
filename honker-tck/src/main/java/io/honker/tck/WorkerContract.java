package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static io.honker.tck.Eventually.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.codec.TypeRef;
import io.honker.observe.HonkerEvent;
import io.honker.queue.DrainReport;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.queue.JobAttempt;
import io.honker.queue.JobQueue;
import io.honker.queue.JobSnapshot;
import io.honker.queue.JobState;
import io.honker.queue.QueueOptions;
import io.honker.queue.Worker;
import io.honker.queue.WorkerBuilder;
import io.honker.retry.GiveUpException;
import io.honker.retry.RetryLaterException;
import io.honker.retry.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rule Q-7: workers, their handlers, leases and ends.
 *
 * @since 0.1.0
 */
public abstract class WorkerContract extends StoreContract {

  /** What a failing handler of these tests throws. */
  private static final String NO_MILK = "no milk";

  /** Payloads that handlers have been given, in the order of their beginning. */
  private final List<String> handled = new CopyOnWriteArrayList<>();

  /** Creates the contract; the subclass supplies the store. */
  protected WorkerContract() {}

  private void handle(Job<String> job) {
    handled.add(job.payload());
  }

  private void awaitHandled(String... payloads) {
    assertEventually(() -> assertThat(handled).containsExactly(payloads));
  }

  private void awaitQueueEmpty() {
    assertEventually(() -> assertThat(honker.queues()).isEmpty());
  }

  private JobSnapshot<String> find(long id) {
    return jobs().find(id).orElseThrow(() -> new AssertionError("job " + id + " is gone"));
  }

  private JobSnapshot<String> awaitState(long id, JobState state) {
    assertEventually(() -> assertThat(find(id).state()).isEqualTo(state));
    return find(id);
  }

  private JobQueue<String> jobs(Duration visibilityTimeout) {
    return honker.queue(
        "jobs",
        TypeRef.of(String.class),
        QueueOptions.builder().visibilityTimeout(visibilityTimeout).build());
  }

  /** A handler that stays until it is let go or interrupted. */
  private static final class Stay {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayGo = new CountDownLatch(1);
    final AtomicBoolean interrupted = new AtomicBoolean();

    void handle(Job<?> job) throws InterruptedException {
      begun.countDown();
      try {
        mayGo.await();
      } catch (InterruptedException e) {
        interrupted.set(true);
        throw e;
      }
    }

    void awaitBegun() throws InterruptedException {
      awaitLatch(begun);
    }

    void awaitInterrupted() {
      awaitTrue(() -> "the handler's interruption", interrupted::get);
    }
  }

  // handling

  @Rule(id = "Q-7")
  void worker_ofWaitingJobs_handlesAndAcknowledgesAll() {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      payloads.add("job " + i);
    }
    jobs().enqueueAll(payloads);

    try (Worker worker = jobs().worker(this::handle).concurrency(4).start()) {
      awaitQueueEmpty();
      assertThat(worker.isRunning()).isTrue();
    }

    assertThat(handled).containsExactlyInAnyOrderElementsOf(payloads);
    assertThat(jobs().deadLetters().count()).isZero();
  }

  @Rule(id = "Q-7")
  void worker_ofOneHandler_keepsTheOrderOfTheQueue() {
    jobs().enqueue("third");
    jobs().enqueue("first", EnqueueOptions.builder().priority(2).build());
    jobs().enqueue("second", EnqueueOptions.builder().priority(1).build());

    try (Worker worker = jobs().worker(this::handle).start()) {
      awaitHandled("first", "second", "third");
    }
  }

  @Rule(id = "Q-7")
  void worker_whenIdle_wakesOnEnqueue() {
    try (Worker worker = jobs().worker(this::handle).start()) {
      store.clock().awaitParked("honker-jobs-");

      jobs().enqueue("brew");
      awaitHandled("brew");
      awaitQueueEmpty();
      honker.inTransaction(tx -> jobs().enqueue(tx, "pour"));
      awaitHandled("brew", "pour");
    }
  }

  @Rule(id = "Q-7")
  void worker_whenIdle_wakesWhenADelayedJobIsDue() {
    jobs().enqueue("later", EnqueueOptions.builder().delay(Duration.ofSeconds(60)).build());
    try (Worker worker = jobs().worker(this::handle).start()) {
      store.clock().awaitParked("honker-jobs-");
      assertThat(handled).isEmpty();

      advanceSeconds(60);

      awaitHandled("later");
    }
  }

  @Rule(id = "Q-7")
  void worker_whenIdle_wakesOnAnotherProcesssEnqueue() {
    Honker second = store.openSecond();
    try (Worker worker = jobs().worker(this::handle).start()) {
      store.clock().awaitParked("honker-jobs-");

      second.queue("jobs", String.class).enqueue("from afar");

      awaitHandled("from afar");
    }
  }

  @Rule(id = "Q-7")
  void worker_withConcurrency_runsSoManyAtATime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    jobs().enqueueAll(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"));

    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  together.await();
                  running.decrementAndGet();
                })
            .concurrency(3)
            .start()) {
      awaitQueueEmpty();
    }

    assertThat(most).hasValueLessThanOrEqualTo(3);
  }

  @Rule(id = "Q-7")
  void worker_whileItsHandlersAreBusy_leavesOtherJobsToOthers() throws Exception {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    try (Worker worker = jobs().worker(stay::handle).shutdownGrace(Duration.ZERO).start()) {
      stay.awaitBegun();
      jobs().enqueue("quick");

      assertThat(claimOne(jobs()).payload()).isEqualTo("quick");
    }
  }

  @Rule(id = "Q-7")
  void handler_isGivenTheJob() {
    List<Job<String>> seen = new CopyOnWriteArrayList<>();
    long id = jobs().enqueue("brew", EnqueueOptions.builder().priority(7).build());

    try (Worker worker = jobs().worker(seen::add).start()) {
      awaitQueueEmpty();
      Job<String> job = seen.get(0);
      assertThat(job.id()).isEqualTo(id);
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(job.priority()).isEqualTo(7);
      assertThat(job.workerId()).isEqualTo(worker.id());
    }
  }

  @Rule(id = "Q-7")
  void worker_withBorrowedExecutor_runsHandlersThereAndLeavesItOpen() throws Exception {
    ExecutorService executor =
        Executors.newFixedThreadPool(2, task -> new Thread(task, "borrowed"));
    try {
      Set<String> threads = ConcurrentHashMap.newKeySet();
      jobs().enqueueAll(List.of("a", "b", "c", "d"));

      try (Worker worker =
          jobs()
              .worker(job -> threads.add(Thread.currentThread().getName()))
              .concurrency(2)
              .executor(executor)
              .start()) {
        awaitQueueEmpty();
      }

      assertThat(threads).containsExactly("borrowed");
      assertThat(executor.isShutdown()).isFalse();
      assertThat(executor.submit(() -> "still works").get()).isEqualTo("still works");
    } finally {
      executor.shutdownNow();
    }
  }

  @Rule(id = "Q-7")
  void builder_whenWrong_namesAllProblemsAtOnce() {
    WorkerBuilder wrong =
        jobs()
            .worker(this::handle)
            .concurrency(0)
            .maxBatch(0)
            .handlerTimeout(Duration.ZERO)
            .shutdownGrace(Duration.ofSeconds(-1));

    assertThatThrownBy(wrong::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("concurrency", "maxBatch", "handlerTimeout", "shutdownGrace");
  }

  @Rule(id = "Q-5")
  void workerIds_areNeverUsedTwice() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    try (Worker first = jobs().worker(this::handle).start();
        Worker second = jobs().worker(this::handle).start();
        Worker third = honker.queue("other", String.class).worker(this::handle).start()) {
      ids.addAll(List.of(first.id(), second.id(), third.id()));
    }
    try (Worker fourth = jobs().worker(this::handle).start()) {
      ids.add(fourth.id());
    }

    assertThat(ids).hasSize(4);
  }

  @Rule(id = "Q-7")
  void workers_ofOneQueue_shareItsJobs() {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      payloads.add("job " + i);
    }
    try (Worker first = jobs().worker(this::handle).concurrency(2).start();
        Worker second = jobs().worker(this::handle).concurrency(2).start()) {
      payloads.forEach(payload -> jobs().enqueue(payload));
      awaitQueueEmpty();
    }

    assertThat(handled).containsExactlyInAnyOrderElementsOf(payloads);
  }

  @Rule(id = "Q-4")
  void worker_ofUnreadablePayload_sendsItToTheDeadLettersAndGoesOn() {
    JobQueue<Json> raw = honker.queue("numbers", Json.class);
    long unreadable = raw.enqueue(Json.of("\"seven\""));
    raw.enqueue(Json.of("7"));
    List<Integer> numbers = new CopyOnWriteArrayList<>();

    try (Worker worker =
        honker.queue("numbers", Integer.class).worker(job -> numbers.add(job.payload())).start()) {
      assertEventually(() -> assertThat(numbers).containsExactly(7));
      assertEventually(
          () -> assertThat(raw.find(unreadable).orElseThrow().state()).isEqualTo(JobState.DEAD));
    }
  }

  // pause

  @Rule(id = "Q-9")
  void worker_ofPausedQueue_waitsForTheResume() {
    jobs().pause();
    try (Worker worker = jobs().worker(this::handle).start()) {
      store.clock().awaitParked("honker-jobs-");
      jobs().enqueue("brew");
      store.clock().awaitParked("honker-jobs-");
      assertThat(handled).isEmpty();

      jobs().resume();

      awaitHandled("brew");
    }
  }

  @Rule(id = "Q-9")
  void worker_whenItsQueueIsPaused_finishesWhatItHas() throws Exception {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    try (Worker worker = jobs().worker(stay::handle).start()) {
      stay.awaitBegun();
      jobs().pause();
      jobs().enqueue("next");

      stay.mayGo.countDown();

      assertEventually(() -> assertThat(jobs().stats().inFlight()).isZero());
      assertThat(jobs().stats().ready()).isEqualTo(1);
      assertThat(stay.interrupted).isFalse();
    }
  }

  // failing

  /** Lets one job fail with what a handler throws, and returns it when it waits for its retry. */
  private JobSnapshot<String> retriedAfter(Exception failure, @Nullable RetryPolicy policy) {
    long id = jobs().enqueue("brew");
    WorkerBuilder builder =
        jobs()
            .worker(
                job -> {
                  throw failure;
                });
    if (policy != null) {
      builder.retry(policy);
    }
    try (Worker worker = builder.start()) {
      return awaitState(id, JobState.DELAYED);
    }
  }

  private JobSnapshot<String> deadAfter(Exception failure, RetryPolicy policy) {
    long id = jobs().enqueue("brew");
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  throw failure;
                })
            .retry(policy)
            .start()) {
      return awaitState(id, JobState.DEAD);
    }
  }

  @Rule(id = "Q-7")
  void handler_thatThrows_isRetriedByThePolicyAndKeepsTheError() {
    JobSnapshot<String> job =
        retriedAfter(new IOException(NO_MILK), RetryPolicy.fixed(Duration.ofSeconds(30)));

    assertThat(job.runAt()).isEqualTo(now().plusSeconds(30));
    assertThat(job.attempts()).isEqualTo(1);
    assertThat(job.history()).hasSize(1);
    assertThat(job.history().get(0).error()).contains(NO_MILK);
    assertThat(job.history().get(0).attempt()).isEqualTo(1);
  }

  @Rule(id = "Q-7")
  void handler_thatThrows_runsAgainWhenDue() {
    long id = jobs().enqueue("brew");
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  handled.add("attempt " + job.attempt());
                  if (job.attempt() < 3) {
                    throw new IOException(NO_MILK);
                  }
                })
            .retry(RetryPolicy.fixed(Duration.ofSeconds(30)))
            .start()) {
      awaitState(id, JobState.DELAYED);
      advanceSeconds(30);
      awaitHandled("attempt 1", "attempt 2");
      awaitState(id, JobState.DELAYED);
      advanceSeconds(30);
      awaitHandled("attempt 1", "attempt 2", "attempt 3");
      awaitQueueEmpty();
    }
  }

  @Rule(id = "Q-7")
  void handler_thatThrows_isByDefaultRetriedAfterAMinuteAndABit() {
    JobSnapshot<String> job = retriedAfter(new IOException(NO_MILK), null);

    assertThat(job.runAt()).isBetween(now().plusSeconds(60), now().plusSeconds(73));
  }

  @Rule(id = "Q-7")
  void handler_thatThrowsRetryLater_isRetriedAfterItsOwnDelay() {
    JobSnapshot<String> job =
        retriedAfter(
            new RetryLaterException(Duration.ofSeconds(999), NO_MILK),
            RetryPolicy.fixed(Duration.ofSeconds(5)));

    assertThat(job.runAt()).isEqualTo(now().plusSeconds(999));
    assertThat(job.history()).extracting(JobAttempt::error).allSatisfy(this::mentionsMilk);
  }

  private void mentionsMilk(@Nullable String error) {
    assertThat(error).contains(NO_MILK);
  }

  @Rule(id = "Q-7")
  void handler_thatThrowsRetryLaterAtItsLastAttempt_sendsTheJobToTheDeadLetters() {
    long id = jobs().enqueue("brew", EnqueueOptions.builder().maxAttempts(1).build());
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  throw new RetryLaterException(Duration.ofSeconds(9), NO_MILK);
                })
            .start()) {
      assertThat(awaitState(id, JobState.DEAD).lastError()).contains(NO_MILK);
    }
  }

  @Rule(id = "Q-7")
  void handler_thatThrowsGiveUp_sendsTheJobToTheDeadLettersAtOnce() {
    JobSnapshot<String> job =
        deadAfter(new GiveUpException("no cups"), RetryPolicy.fixed(Duration.ofSeconds(5)));

    assertThat(job.attempts()).isEqualTo(1);
    assertThat(job.lastError()).contains("no cups");
  }

  @Rule(id = "Q-7")
  void handler_thatThrowsWhatThePolicyCallsFinal_sendsTheJobToTheDeadLetters() {
    JobSnapshot<String> job =
        deadAfter(
            new IllegalArgumentException("no such tea"),
            RetryPolicy.fixed(Duration.ofSeconds(5)).giveUpOn(IllegalArgumentException.class));

    assertThat(job.lastError()).contains("no such tea");
  }

  @Rule(id = "Q-7")
  void handler_withPolicyNone_isNeverRetried() {
    assertThat(deadAfter(new IOException(NO_MILK), RetryPolicy.none()).attempts()).isEqualTo(1);
  }

  @Rule(id = "Q-7")
  void handler_thatFailsAtItsLastAttempt_sendsTheJobToTheDeadLettersWithItsHistory() {
    long id = jobs().enqueue("brew", EnqueueOptions.builder().maxAttempts(2).build());
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  throw new IOException("failure " + job.attempt());
                })
            .retry(RetryPolicy.fixed(Duration.ZERO))
            .start()) {
      JobSnapshot<String> dead = awaitState(id, JobState.DEAD);
      assertThat(dead.attempts()).isEqualTo(2);
      assertThat(dead.lastError()).contains("failure 2");
      assertThat(dead.history().get(0).error()).contains("failure 1");
    }
  }

  @Rule(id = "Q-7")
  void handler_whosePolicyThrows_isRetriedAndTheWorkerGoesOn() {
    jobs().enqueue("bad");
    jobs().enqueue("good");
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  handle(job);
                  if (job.payload().equals("bad")) {
                    throw new IOException(NO_MILK);
                  }
                })
            .retry(
                RetryPolicy.fixed(Duration.ofHours(1))
                    .giveUpIf(
                        failure -> {
                          throw new IllegalStateException("broken policy");
                        }))
            .start()) {
      assertEventually(() -> assertThat(handled).contains("bad", "good"));
    }
  }

  @Rule(id = "Q-7")
  void handler_thatThrowsError_isRetriedAndTheWorkerGoesOn() {
    jobs().enqueue("assertion");
    jobs().enqueue("overflow");
    jobs().enqueue("linkage");
    jobs().enqueue("good");
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  switch (job.payload()) {
                    case "assertion" -> throw new AssertionError("broken");
                    case "overflow" -> throw new StackOverflowError();
                    case "linkage" -> throw new NoClassDefFoundError("a/B");
                    default -> handle(job);
                  }
                })
            .start()) {
      awaitHandled("good");
      assertEventually(() -> assertThat(jobs().stats().delayed()).isEqualTo(3));
      assertThat(worker.isRunning()).isTrue();
    }
  }

  @Rule(id = "Q-7")
  void handler_thatLeavesTheInterruptFlagSet_doesNotDisturbTheNext() {
    jobs().enqueueAll(List.of("a", "b"));
    List<Boolean> flags = new CopyOnWriteArrayList<>();
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  flags.add(Thread.currentThread().isInterrupted());
                  Thread.currentThread().interrupt();
                })
            .start()) {
      awaitQueueEmpty();
    }

    assertThat(flags).containsExactly(false, false);
  }

  @Rule(id = "Q-7")
  void handlerTimeout_whenItPasses_interruptsAndRetries() throws Exception {
    Stay stay = new Stay();
    long id = jobs().enqueue("slow");
    try (Worker worker =
        jobs()
            .worker(stay::handle)
            .handlerTimeout(Duration.ofSeconds(5))
            .retry(RetryPolicy.fixed(Duration.ofSeconds(30)))
            .start()) {
      stay.awaitBegun();
      advanceSeconds(4);
      assertThat(stay.interrupted).isFalse();

      advanceSeconds(2);

      stay.awaitInterrupted();
      JobSnapshot<String> job = awaitState(id, JobState.DELAYED);
      assertThat(job.history()).hasSize(1);
      assertThat(job.history().get(0).error()).startsWith("timeout after");
    }
  }

  @Rule(id = "Q-7")
  void handlerTimeout_withoutEnd_letsHandlersRun() {
    jobs().enqueue("brew");
    try (Worker worker = jobs().worker(this::handle).handlerTimeout(ENDLESS).start()) {
      awaitHandled("brew");
      awaitQueueEmpty();
    }
  }

  @Rule(id = "Q-7")
  void worker_ofQueueWhoseLeasesNeverEnd_handles() {
    jobs(ENDLESS).enqueue("brew");
    try (Worker worker = jobs(ENDLESS).worker(this::handle).start()) {
      awaitHandled("brew");
      awaitQueueEmpty();
    }
  }

  @Rule(id = "Q-7")
  void drain_withoutLimit_waitsForTheHandler() throws InterruptedException {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    Worker worker = jobs().worker(stay::handle).start();
    stay.awaitBegun();
    Background<DrainReport> drain = inBackground(() -> worker.drain(ENDLESS));
    store.clock().awaitParked(drain.thread());

    stay.mayGo.countDown();

    assertThat(drain.get()).isEqualTo(new DrainReport(1, 0));
  }

  @Rule(id = "Q-7")
  void handlerTimeout_whenHandlersAreQuick_disturbsNobody() {
    AtomicBoolean interrupted = new AtomicBoolean();
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
                  handle(job);
                })
            .handlerTimeout(Duration.ofSeconds(5))
            .start()) {
      for (int i = 0; i < 10; i++) {
        int count = i + 1;
        jobs().enqueue("job");
        assertEventually(() -> assertThat(handled).hasSize(count));
        awaitQueueEmpty();
        advanceSeconds(3);
      }
    }

    assertThat(interrupted).isFalse();
    assertThat(jobs().deadLetters().count()).isZero();
  }

  @Rule(id = "Q-7")
  void worker_whenTheStoreFails_tellsTheObserverAndRecovers() throws Exception {
    store.require(Capability.SHARED_TABLES);
    try (Worker worker = jobs().worker(this::handle).start()) {
      store.clock().awaitParked("honker-jobs-");
      rawExecute("ALTER TABLE _honker_live RENAME TO hidden");
      advanceUntil(
          Duration.ofSeconds(1),
          "a LoopFailed",
          () -> !store.observer().events(HonkerEvent.LoopFailed.class).isEmpty());
      rawExecute("ALTER TABLE hidden RENAME TO _honker_live");

      jobs().enqueue("brew");

      advanceUntil(Duration.ofSeconds(1), "the job's turn", () -> handled.contains("brew"));
      assertThat(worker.isRunning()).isTrue();
    }
    assertThat(store.observer().events(HonkerEvent.LoopFailed.class))
        .allSatisfy(failed -> assertThat(failed.nextTry()).isPositive());
  }

  // leases

  @Rule(id = "Q-7")
  void lease_ofALongHandler_isRenewed() throws Exception {
    Stay stay = new Stay();
    JobQueue<String> queue = jobs(Duration.ofSeconds(30));
    long id = queue.enqueue("slow");
    try (Worker worker = queue.worker(stay::handle).start()) {
      stay.awaitBegun();
      for (int i = 0; i < 12; i++) {
        advanceSeconds(10);
        assertEventually(
            () -> assertThat(find(id).leaseUntil()).isAfterOrEqualTo(now().plusSeconds(10)));
        assertThat(queue.claim()).isEmpty();
      }
      assertThat(stay.interrupted).isFalse();

      stay.mayGo.countDown();

      awaitQueueEmpty();
    }
    assertThat(store.observer().events(HonkerEvent.LeaseLost.class)).isEmpty();
  }

  @Rule(id = "Q-7")
  void lease_ofJobsClaimedAheadOfASlowOne_isRenewedOrTheyAreLeft() throws Exception {
    Stay stay = new Stay();
    JobQueue<String> queue = jobs(Duration.ofSeconds(30));
    List<Long> ids = queue.enqueueAll(List.of("a", "b", "c", "d"));
    try (Worker worker =
        queue
            .worker(
                job -> {
                  handle(job);
                  if (handled.size() == 1) {
                    stay.handle(job);
                  }
                })
            .start()) {
      stay.awaitBegun();
      for (int i = 0; i < 6; i++) {
        advanceSeconds(10);
        assertEventually(() -> assertThat(ids).allSatisfy(this::isUnclaimedOrLeasedForLonger));
      }
      stay.mayGo.countDown();
      awaitQueueEmpty();
    }

    assertThat(handled).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(store.observer().events(HonkerEvent.LeaseLost.class)).isEmpty();
  }

  private void isUnclaimedOrLeasedForLonger(long id) {
    Instant leaseUntil = find(id).leaseUntil();
    if (leaseUntil != null) {
      assertThat(leaseUntil).isAfterOrEqualTo(now().plusSeconds(10));
    }
  }

  @Rule(id = "Q-7")
  void lease_whenAnotherProcessTookTheJob_interruptsTheHandlerAndRecordsNothing() throws Exception {
    store.require(Capability.SHARED_TABLES);
    Stay stay = new Stay();
    long id = jobs(Duration.ofSeconds(30)).enqueue("slow");
    try (Worker worker = jobs(Duration.ofSeconds(30)).worker(stay::handle).start()) {
      stay.awaitBegun();
      rawExecute(
          "UPDATE _honker_live SET worker_id = 'thief', attempts = attempts + 1,"
              + " claim_expires_at = ? WHERE id = ?",
          nowSecond() + 3600,
          id);

      advanceUntil(Duration.ofSeconds(5), "the interruption", stay.interrupted::get);

      HonkerEvent.LeaseLost lost =
          store.observer().await(HonkerEvent.LeaseLost.class, event -> true);
      assertThat(lost).isEqualTo(new HonkerEvent.LeaseLost("jobs", id, 1));
      assertThat(find(id).workerId()).isEqualTo("thief");
      assertThat(find(id).attempts()).isEqualTo(2);
      assertThat(find(id).history()).isEmpty();
    }
  }

  @Rule(id = "Q-7")
  void lease_whenAnotherProcessDeletedTheJob_interruptsTheHandlerAndTheWorkerGoesOn()
      throws Exception {
    store.require(Capability.SHARED_TABLES);
    Stay stay = new Stay();
    JobQueue<String> queue = jobs(Duration.ofSeconds(30));
    long id = queue.enqueue("slow");
    try (Worker worker =
        queue
            .worker(
                job -> {
                  handle(job);
                  if (job.payload().equals("slow")) {
                    stay.handle(job);
                  }
                })
            .start()) {
      stay.awaitBegun();
      rawExecute("DELETE FROM _honker_live WHERE id = ?", id);

      advanceUntil(Duration.ofSeconds(5), "the interruption", stay.interrupted::get);
      queue.enqueue("next");

      awaitHandled("slow", "next");
    }
    assertThat(jobs().deadLetters().count()).isZero();
  }

  @Rule(id = "Q-7")
  void cancel_whileItsHandlerRuns_recordsNothingAndTheWorkerGoesOn() throws Exception {
    Stay stay = new Stay();
    long id = jobs().enqueue("slow");
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  handle(job);
                  if (job.payload().equals("slow")) {
                    stay.handle(job);
                  }
                })
            .start()) {
      stay.awaitBegun();
      assertThat(jobs().cancel(id)).isTrue();
      stay.mayGo.countDown();
      jobs().enqueue("next");

      awaitHandled("slow", "next");
      awaitQueueEmpty();
    }
    assertThat(store.observer().events(HonkerEvent.JobAcked.class))
        .noneMatch(acked -> acked.jobId() == id);
  }

  // the end

  @Rule(id = "Q-7")
  void drain_withinTheGrace_waitsForRunningHandlers() throws Exception {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    Worker worker = jobs().worker(stay::handle).start();
    stay.awaitBegun();
    Background<DrainReport> drain = inBackground(() -> worker.drain(LONG));
    awaitTrue(() -> "the drain's beginning", () -> !worker.isRunning());
    jobs().enqueue("not claimed any more");
    assertThat(drain.isDone()).isFalse();

    stay.mayGo.countDown();

    assertThat(drain.get()).isEqualTo(new DrainReport(1, 0));
    assertThat(stay.interrupted).isFalse();
    assertThat(payloads(jobs().claim(10))).containsExactly("not claimed any more");
  }

  @Rule(id = "Q-7")
  void drain_whenTheGraceEnds_interruptsAndHandsBackAtOnce() throws Exception {
    Stay stay = new Stay();
    long id = jobs().enqueue("slow");
    Worker worker = jobs().worker(stay::handle).start();
    stay.awaitBegun();
    Background<DrainReport> drain = inBackground(() -> worker.drain(Duration.ofSeconds(10)));
    store.clock().awaitParked(drain.thread());
    assertThat(stay.interrupted).isFalse();

    advanceSeconds(10); // and no further, or the handler would have no time to notice

    assertThat(drain.get()).isEqualTo(new DrainReport(0, 1));
    assertThat(stay.interrupted).isTrue();
    JobSnapshot<String> job = find(id);
    assertThat(job.state()).isEqualTo(JobState.READY);
    assertThat(job.attempts()).isZero();
    assertThat(job.history()).isEmpty();
    assertThat(claimOne(jobs()).attempt()).isEqualTo(1);
  }

  @Rule(id = "Q-7")
  void drain_withoutGrace_handsBackForAnotherWorkerAtOnce() throws Exception {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    Worker worker = jobs().worker(stay::handle).start();
    stay.awaitBegun();

    assertThat(worker.drain(Duration.ZERO)).isEqualTo(new DrainReport(0, 1));

    try (Worker next = jobs().worker(this::handle).start()) {
      awaitHandled("slow");
    }
  }

  @Rule(id = "Q-7")
  void drain_withJobsClaimedAhead_handsAllBackWithoutAnAttempt() throws Exception {
    Stay stay = new Stay();
    List<Long> ids = jobs().enqueueAll(List.of("a", "b", "c", "d", "e"));
    Worker worker = jobs().worker(stay::handle).maxBatch(10).start();
    stay.awaitBegun();

    worker.drain(Duration.ZERO);

    assertThat(ids)
        .allSatisfy(
            id -> {
              assertThat(find(id).state()).isEqualTo(JobState.READY);
              assertThat(find(id).attempts()).isZero();
            });
    assertThat(payloads(jobs().claim(10))).containsExactly("a", "b", "c", "d", "e");
  }

  @Rule(id = "Q-7")
  void drain_whenIdle_endsAtOnce() {
    Worker worker = jobs().worker(this::handle).concurrency(3).start();

    assertThat(worker.drain(LONG)).isEqualTo(new DrainReport(0, 0));

    assertThat(worker.isRunning()).isFalse();
  }

  @Rule(id = "Q-7")
  void drain_ofHandlerThatFails_countsItAsFinished() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayFail = new CountDownLatch(1);
    long id = jobs().enqueue("slow");
    Worker worker =
        jobs()
            .worker(
                job -> {
                  begun.countDown();
                  awaitLatch(mayFail);
                  throw new IOException(NO_MILK);
                })
            .start();
    awaitLatch(begun);
    Background<DrainReport> drain = inBackground(() -> worker.drain(LONG));
    awaitTrue(() -> "the drain's beginning", () -> !worker.isRunning());

    mayFail.countDown();

    assertThat(drain.get()).isEqualTo(new DrainReport(1, 0));
    assertThat(find(id).state()).isEqualTo(JobState.DELAYED);
  }

  @Rule(id = "Q-7")
  void drain_calledTwiceAtOnce_bothWaitForTheSameEnd() throws Exception {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    Worker worker = jobs().worker(stay::handle).start();
    stay.awaitBegun();
    Background<DrainReport> first = inBackground(() -> worker.drain(LONG));
    awaitTrue(() -> "the drain's beginning", () -> !worker.isRunning());
    Background<DrainReport> second = inBackground(() -> worker.drain(LONG));
    second.awaitBlocked();
    assertThat(first.isDone()).isFalse();

    stay.mayGo.countDown();

    assertThat(second.get()).isEqualTo(first.get()).isEqualTo(new DrainReport(1, 0));
  }

  @Rule(id = "Q-7")
  void close_again_doesNothing() {
    Worker worker = jobs().worker(this::handle).start();
    worker.close();
    worker.close();

    assertThat(worker.isRunning()).isFalse();
    assertThat(worker.drain(LONG)).isEqualTo(new DrainReport(0, 0));
  }

  @Rule(id = "Q-7")
  void close_byDefault_givesHandlersTenSeconds() throws Exception {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    Worker worker = jobs().worker(stay::handle).start();
    stay.awaitBegun();
    Instant start = now();
    Background<String> close =
        inBackground(
            () -> {
              worker.close();
              return "closed";
            });
    close.awaitBlocked();

    advanceUntil(Duration.ofSeconds(1), "the interruption", stay.interrupted::get);

    close.get();
    assertThat(Duration.between(start, now())).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
  }

  @Rule(id = "Q-7")
  void closeOfTheDatabase_closesItsWorkers() throws Exception {
    Stay stay = new Stay();
    jobs().enqueue("slow");
    Worker worker = jobs().worker(stay::handle).shutdownGrace(Duration.ZERO).start();
    stay.awaitBegun();

    honker.close();

    assertThat(worker.isRunning()).isFalse();
    assertThat(stay.interrupted).isTrue();
    honker = store.reopen();
    Job<String> again = claimOne(jobs());
    assertThat(again.payload()).isEqualTo("slow");
    assertThat(again.attempt()).isEqualTo(1);
  }

  @Rule(id = "Q-7")
  void closeOfTheDatabase_waitsForAllWorkersAtOnce() throws Exception {
    List<Stay> stays = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      JobQueue<String> queue = honker.queue("queue " + i, String.class);
      queue.enqueue("slow");
      Stay stay = new Stay();
      queue.worker(stay::handle).shutdownGrace(Duration.ofSeconds(10)).start();
      stay.awaitBegun();
      stays.add(stay);
    }
    Instant start = now();
    Background<String> close =
        inBackground(
            () -> {
              honker.close();
              return "closed";
            });
    close.awaitBlocked();

    advanceUntil(
        Duration.ofSeconds(1),
        "the interruption of all",
        () -> stays.stream().allMatch(stay -> stay.interrupted.get()));

    close.get();
    assertThat(Duration.between(start, now())).isLessThan(Duration.ofSeconds(20));
    honker = store.reopen();
  }

  // what the observer is told

  @Rule(id = "Q-7")
  void observer_ofAJobsLife_isToldEachStep() {
    long id = jobs().enqueue("brew", EnqueueOptions.builder().maxAttempts(3).build());
    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  if (job.attempt() == 1) {
                    throw new IOException(NO_MILK);
                  }
                  advanceSeconds(2);
                })
            .retry(RetryPolicy.fixed(Duration.ZERO))
            .start()) {
      awaitQueueEmpty();

      store
          .observer()
          .await(
              HonkerEvent.JobsClaimed.class,
              claimed ->
                  claimed.queue().equals("jobs")
                      && claimed.workerId().equals(worker.id())
                      && claimed.count() == 1);
      HonkerEvent.JobRetried retried =
          store.observer().await(HonkerEvent.JobRetried.class, event -> event.jobId() == id);
      assertThat(retried.attempt()).isEqualTo(1);
      assertThat(retried.error()).contains(NO_MILK);
      HonkerEvent.JobAcked acked =
          store.observer().await(HonkerEvent.JobAcked.class, event -> event.jobId() == id);
      assertThat(acked).isEqualTo(new HonkerEvent.JobAcked("jobs", id, 2, Duration.ofSeconds(2)));
    }
  }

  @Rule(id = "Q-7")
  void observer_ofADeath_isToldTheReason() {
    JobSnapshot<String> dead = deadAfter(new GiveUpException("no cups"), RetryPolicy.none());

    HonkerEvent.JobDied died =
        store.observer().await(HonkerEvent.JobDied.class, event -> event.jobId() == dead.id());
    assertThat(died.attempt()).isEqualTo(1);
    assertThat(died.reason()).contains("no cups");
  }

  @Rule(id = "Q-7")
  void observer_ofAnExpiry_isToldTheReason() {
    long id =
        jobs()
            .enqueue("news", EnqueueOptions.builder().expiresAfter(Duration.ofSeconds(1)).build());
    advanceSeconds(1);
    assertThat(jobs().claim()).isEmpty();

    HonkerEvent.JobDied died =
        store.observer().await(HonkerEvent.JobDied.class, event -> event.jobId() == id);
    assertThat(died).isEqualTo(new HonkerEvent.JobDied("jobs", id, 0, "expired"));
  }
}
