package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.queue.JobHandler;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import io.honker.retry.RetryPolicy;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The part of rule Q-9 that limits how many jobs of a queue are in flight, in all processes
 * together.
 *
 * @since 0.1.0
 */
public abstract class ConcurrencyLimitContract extends StoreContract {

  /** Creates the contract; the subclass supplies the store. */
  protected ConcurrencyLimitContract() {}

  private void enqueue(int count) {
    List<String> payloads = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      payloads.add("job " + i);
    }
    jobs().enqueueAll(payloads);
  }

  /** Handlers that count how many of them run, and stay until they are let go. */
  private static final class Handlers {
    final Semaphore mayEnd = new Semaphore(0);
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger ended = new AtomicInteger();

    JobHandler<String> staying() {
      return job -> {
        begin();
        mayEnd.acquire();
        end();
      };
    }

    JobHandler<String> passing() {
      return job -> {
        begin();
        end();
      };
    }

    private void begin() {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
    }

    private void end() {
      running.decrementAndGet();
      ended.incrementAndGet();
    }

    void awaitRunning(int count) {
      assertEventually(() -> assertThat(running).hasValue(count));
    }

    void awaitEnded(int count) {
      assertEventually(() -> assertThat(ended).hasValue(count));
    }
  }

  // ---- the setting

  @Rule(id = "Q-9")
  void concurrencyLimit_isToldInAllRuntimes_andKept() {
    assertThat(jobs().concurrencyLimit()).isEmpty();

    jobs().limitConcurrency(3);
    jobs().limitConcurrency(2);

    assertThat(jobs().concurrencyLimit()).hasValue(2);
    assertThat(honker.queue("others", String.class).concurrencyLimit()).isEmpty();
    honker = store.reopen();
    assertThat(jobs().concurrencyLimit()).hasValue(2);
    jobs().removeConcurrencyLimit();
    assertThat(jobs().concurrencyLimit()).isEmpty();
    jobs().removeConcurrencyLimit();
  }

  @Rule(id = "Q-9")
  void limitConcurrency_ofLessThanOne_isRefused() {
    assertThatThrownBy(() -> jobs().limitConcurrency(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pause");
  }

  @Rule(id = "Q-9")
  void limitAndPause_doNotDisturbEachOther() {
    enqueue(3);
    jobs().limitConcurrency(1);
    jobs().pause();
    assertThat(jobs().claim(3)).isEmpty();
    assertThat(jobs().concurrencyLimit()).hasValue(1);

    jobs().resume();
    assertThat(jobs().isPaused()).isFalse();
    assertThat(jobs().claim(3)).hasSize(1);

    jobs().pause();
    jobs().removeConcurrencyLimit();
    assertThat(jobs().isPaused()).isTrue();
    assertThat(jobs().claim(3)).isEmpty();
    jobs().resume();
    assertThat(jobs().claim(3)).hasSize(2);
  }

  // ---- claims

  @Rule(id = "Q-9")
  void claim_takesNoMoreThanThereIsRoomFor() {
    enqueue(5);
    jobs().limitConcurrency(3);

    List<Job<String>> first = jobs().claim(2);
    List<Job<String>> second = jobs().claim(5);

    assertThat(payloads(first)).containsExactly("job 1", "job 2");
    assertThat(payloads(second)).containsExactly("job 3");
    assertThat(jobs().claim(5)).isEmpty();
    assertThat(first.get(0).ack()).isTrue();
    assertThat(payloads(jobs().claim(5))).containsExactly("job 4");
  }

  @Rule(id = "Q-9")
  void claim_ofLimitedQueue_goesByPriority() {
    jobs().enqueue("low");
    jobs().enqueue("high", EnqueueOptions.builder().priority(5).build());
    jobs().enqueue("middle", EnqueueOptions.builder().priority(2).build());
    jobs().limitConcurrency(2);

    assertThat(payloads(jobs().claim(3))).containsExactly("high", "middle");
  }

  @Rule(id = "Q-9")
  void claim_whenAnotherRuntimeHoldsTheRoom_isEmpty() {
    enqueue(3);
    Honker second = store.openSecond();
    jobs().limitConcurrency(2);

    assertThat(second.queue("jobs", String.class).claim(3)).hasSize(2);

    assertThat(jobs().claim(3)).isEmpty();
  }

  @Rule(id = "Q-9")
  void claim_countsWhatOtherProgramsClaimed() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    enqueue(3);
    rawExecute(
        "UPDATE _honker_live SET state = 'processing', worker_id = 'python', attempts = 1,"
            + " claim_expires_at = ? WHERE payload = '\"job 1\"'",
        nowSecond() + 10);
    jobs().limitConcurrency(2);

    assertThat(payloads(jobs().claim(3))).containsExactly("job 2");
    advanceSeconds(11);
    assertThat(payloads(jobs().claim(3))).containsExactly("job 1");
  }

  @Rule(id = "Q-9")
  void claim_whenALeaseHasEnded_hasRoomAgain() {
    enqueue(2);
    jobs().limitConcurrency(1);
    claimOne(jobs());
    advanceSeconds(300);
    assertThat(jobs().claim(2)).isEmpty();

    advanceSeconds(1);

    Job<String> again = claimOne(jobs());
    assertThat(again.payload()).isEqualTo("job 1");
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(jobs().claim(2)).isEmpty();
  }

  @Rule(id = "Q-9")
  void claim_afterTheLimitWasLowered_waitsUntilEnoughHaveEnded() {
    enqueue(5);
    jobs().limitConcurrency(3);
    List<Job<String>> claimed = jobs().claim(3);
    jobs().limitConcurrency(2);

    claimed.get(0).ack();
    assertThat(jobs().claim(5)).isEmpty();
    claimed.get(1).ack();
    assertThat(jobs().claim(5)).hasSize(1);
  }

  @Rule(id = "Q-9")
  void claim_ofOtherQueues_isNotLimited() {
    JobQueue<String> others = honker.queue("others", String.class);
    others.enqueueAll(List.of("a", "b", "c"));
    enqueue(1);
    jobs().limitConcurrency(1);
    claimOne(jobs());

    assertThat(others.claim(3)).hasSize(3);
  }

  @Rule(id = "Q-9")
  void nextDue_ofAFullQueue_isTheEndOfTheFirstLease() {
    enqueue(3);
    jobs().limitConcurrency(2);
    claimOne(jobs());
    assertThat(jobs().nextDue()).contains(now());
    advanceSeconds(10);
    claimOne(jobs());

    assertThat(jobs().nextDue()).contains(now().plusSeconds(291));
  }

  // ---- waiting claims

  @Rule(id = "Q-9")
  void waitingClaim_ofAFullQueue_isWokenByEachWayAJobEnds() throws InterruptedException {
    enqueue(8);
    jobs().limitConcurrency(1);
    Job<String> held = claimOne(jobs());

    held = claimWhile(held, job -> assertThat(job.ack()).isTrue());
    held = claimWhile(held, job -> assertThat(job.fail("no")).isTrue());
    held = claimWhile(held, job -> assertThat(jobs().cancel(job.id())).isTrue());
    held = claimWhile(held, job -> assertThat(jobs().ackAll(List.of(job))).isEqualTo(1));
    held = claimWhile(held, job -> honker.inTransaction(tx -> job.ack(tx)));
    held = claimWhile(held, job -> assertThat(job.retry(LONG, "later")).isTrue());
    held = claimWhile(held, job -> honker.inTransaction(tx -> job.fail(tx, "no")));

    assertThat(held.payload()).isEqualTo("job 8");
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  private interface End {
    void of(Job<String> job);
  }

  /** Ends a job while another thread waits for room, and returns what that thread claimed. */
  private Job<String> claimWhile(Job<String> held, End end) throws InterruptedException {
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());
    end.of(held);
    return waiter.get().get(0);
  }

  @Rule(id = "Q-9")
  void waitingClaim_ofAFullQueue_isWokenByRelease() throws InterruptedException {
    enqueue(1);
    jobs().limitConcurrency(1);

    Job<String> again = claimWhile(claimOne(jobs()), job -> assertThat(job.release()).isTrue());

    assertThat(again.payload()).isEqualTo("job 1");
  }

  @Rule(id = "Q-9")
  void waitingClaim_ofAFullQueue_isWokenByTheEndOfALease() throws InterruptedException {
    enqueue(1);
    jobs().limitConcurrency(1);
    claimOne(jobs());
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
    store.clock().awaitParked(waiter.thread());

    advanceSeconds(301);

    assertThat(waiter.get()).hasSize(1);
  }

  @Rule(id = "Q-9")
  void waitingClaim_ofAFullQueue_isWokenByAWiderLimit() throws InterruptedException {
    enqueue(2);
    jobs().limitConcurrency(1);

    Job<String> second = claimWhile(claimOne(jobs()), job -> jobs().limitConcurrency(2));

    assertThat(second.payload()).isEqualTo("job 2");
  }

  @Rule(id = "Q-9")
  void waitingClaim_ofAFullQueue_isWokenByAnotherRuntime() throws InterruptedException {
    Honker second = store.openSecond();
    enqueue(2);
    jobs().limitConcurrency(1);
    Job<String> theirs = claimOne(second.queue("jobs", String.class));

    Job<String> ours = claimWhile(theirs, job -> assertThat(job.ack()).isTrue());

    assertThat(ours.payload()).isEqualTo("job 2");
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  // ---- workers

  @Rule(id = "Q-9")
  void worker_ofALimitedQueue_runsNoMoreThanTheLimit() {
    enqueue(6);
    jobs().limitConcurrency(2);
    Handlers handlers = new Handlers();

    try (Worker worker = jobs().worker(handlers.staying()).concurrency(4).start()) {
      handlers.awaitRunning(2);
      handlers.mayEnd.release(1);
      handlers.awaitEnded(1);
      handlers.awaitRunning(2);
      handlers.mayEnd.release(5);
      handlers.awaitEnded(6);
    }

    assertThat(handlers.most).hasValue(2);
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "Q-9")
  void workers_ofALimitedQueue_passTheRoomOnWithoutPolling() {
    enqueue(300);
    jobs().limitConcurrency(2);
    Handlers handlers = new Handlers();

    try (Worker one = jobs().worker(handlers.passing()).concurrency(2).start();
        Worker two = jobs().worker(handlers.passing()).start();
        Worker three =
            jobs().transactionalWorker((job, tx) -> handlers.ended.incrementAndGet()).start()) {
      handlers.awaitEnded(300);
    }

    assertThat(handlers.most.get()).isLessThanOrEqualTo(2);
    assertThat(honker.queues()).isEmpty();
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "Q-9")
  void worker_waitingForRoom_beginsWhenAClaimMadeByHandEnds() {
    enqueue(3);
    jobs().limitConcurrency(1);
    Handlers handlers = new Handlers();
    handlers.mayEnd.release(3);
    Job<String> held = claimOne(jobs());

    try (Worker worker = jobs().worker(handlers.staying()).start()) {
      store.clock().awaitParked("honker-jobs-");
      assertThat(handlers.most).hasValue(0);
      held.ack();
      handlers.awaitEnded(2);
    }
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "Q-9")
  void worker_whoseJobFails_makesRoom() {
    enqueue(3);
    jobs().limitConcurrency(1);
    List<String> handled = new CopyOnWriteArrayList<>();

    try (Worker worker =
        jobs()
            .worker(
                job -> {
                  handled.add(job.payload());
                  throw new IllegalStateException("no");
                })
            .retry(RetryPolicy.none())
            .concurrency(3)
            .start()) {
      assertEventually(() -> assertThat(jobs().deadLetters().count()).isEqualTo(3));
    }

    assertThat(handled).containsExactly("job 1", "job 2", "job 3");
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "Q-9")
  void workers_ofTwoRuntimes_keepTheLimitTogether() {
    Honker second = store.openSecond();
    enqueue(40);
    jobs().limitConcurrency(3);
    Handlers handlers = new Handlers();
    handlers.mayEnd.release(40);

    try (Worker one = jobs().worker(handlers.staying()).concurrency(4).start();
        Worker two =
            second.queue("jobs", String.class).worker(handlers.staying()).concurrency(4).start()) {
      handlers.awaitEnded(40);
    }

    assertThat(handlers.most.get()).isLessThanOrEqualTo(3);
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "Q-9")
  void worker_afterTheLimitIsRemoved_runsAll() {
    enqueue(3);
    jobs().limitConcurrency(1);
    Handlers handlers = new Handlers();

    try (Worker worker = jobs().worker(handlers.staying()).concurrency(3).start()) {
      handlers.awaitRunning(1);
      jobs().removeConcurrencyLimit();
      handlers.awaitRunning(3);
      handlers.mayEnd.release(3);
      handlers.awaitEnded(3);
    }
  }
}
