package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.honker.queue.DrainReport;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.JobSnapshot;
import io.honker.queue.JobState;
import io.honker.queue.Worker;
import io.honker.retry.GiveUpException;
import io.honker.retry.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Rule Q-8: workers whose handler runs in the transaction that acknowledges the job.
 *
 * @since 0.1.0
 */
public abstract class TransactionalWorkerContract extends StoreContract {

  private static final String INSERT = "INSERT INTO orders(note) VALUES (?)";

  /** Creates the contract; the subclass supplies the store. */
  protected TransactionalWorkerContract() {}

  private JobSnapshot<String> find(long id) {
    return jobs().find(id).orElseThrow(() -> new AssertionError("job " + id + " is gone"));
  }

  private JobSnapshot<String> awaitState(long id, JobState state) {
    assertEventually(() -> assertThat(find(id).state()).isEqualTo(state));
    return find(id);
  }

  private void awaitQueueEmpty() {
    assertEventually(() -> assertThat(honker.queues()).isEmpty());
  }

  @Rule(id = "Q-8")
  void handler_thatReturns_commitsItsWritesWithTheAck() {
    createOrders();
    jobs().enqueueAll(List.of("tea", "milk", "sugar"));

    try (Worker worker =
        jobs().transactionalWorker((job, tx) -> tx.execute(INSERT, job.payload())).start()) {
      awaitQueueEmpty();
    }

    assertThat(orders()).containsExactly("tea", "milk", "sugar");
  }

  @Rule(id = "Q-8")
  void handler_whileItRuns_showsNeitherItsWritesNorItsAck() {
    createOrders();
    long id = jobs().enqueue("tea");
    List<String> seen = new CopyOnWriteArrayList<>();

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  seen.add(orders() + " " + find(id).state());
                })
            .start()) {
      awaitQueueEmpty();
    }

    assertThat(seen).containsExactly("[] IN_FLIGHT");
    assertThat(orders()).containsExactly("tea");
  }

  @Rule(id = "Q-8")
  void handler_thatThrows_rollsBackAndCountsTheAttempt() {
    createOrders();
    long id = jobs().enqueue("tea");

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  jobs().enqueue(tx, "never");
                  throw new IOException("no milk");
                })
            .retry(RetryPolicy.fixed(Duration.ofSeconds(30)))
            .start()) {
      JobSnapshot<String> retried = awaitState(id, JobState.DELAYED);
      assertThat(retried.attempts()).isEqualTo(1);
      assertThat(retried.runAt()).isEqualTo(now().plusSeconds(30));
      assertThat(retried.history()).hasSize(1);
      assertThat(retried.history().get(0).error()).contains("no milk");
      assertThat(retried.history().get(0).workerId()).isEqualTo(worker.id());
    }

    assertThat(orders()).isEmpty();
    assertThat(jobs().stats().ready()).isZero();
  }

  @Rule(id = "Q-8")
  void handler_thatSucceedsAtItsSecondAttempt_takesEffectOnce() {
    createOrders();
    jobs().enqueue("tea");

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload() + " " + job.attempt());
                  if (job.attempt() == 1) {
                    throw new IOException("no milk");
                  }
                })
            .retry(RetryPolicy.fixed(Duration.ZERO))
            .start()) {
      awaitQueueEmpty();
    }

    assertThat(orders()).containsExactly("tea 2");
  }

  @Rule(id = "Q-8")
  void handler_thatFailsAtItsLastAttempt_sendsTheJobToTheDeadLetters() {
    createOrders();
    long id = jobs().enqueue("tea", EnqueueOptions.builder().maxAttempts(1).build());

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  throw new IOException("no milk");
                })
            .start()) {
      assertThat(awaitState(id, JobState.DEAD).lastError()).contains("no milk");
    }

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "Q-8")
  void handler_thatGivesUp_sendsTheJobToTheDeadLettersAtOnce() {
    createOrders();
    long id = jobs().enqueue("tea");

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  throw new GiveUpException("no cups");
                })
            .start()) {
      JobSnapshot<String> dead = awaitState(id, JobState.DEAD);
      assertThat(dead.attempts()).isEqualTo(1);
      assertThat(dead.lastError()).contains("no cups");
    }

    assertThat(orders()).isEmpty();
  }

  @Rule(id = "Q-8")
  void handler_thatThrowsError_rollsBackAndTheWorkerGoesOn() {
    createOrders();
    jobs().enqueue("broken");
    jobs().enqueue("tea");

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  if (job.payload().equals("broken")) {
                    throw new AssertionError("broken");
                  }
                })
            .start()) {
      assertEventually(() -> assertThat(orders()).containsExactly("tea"));
      assertEventually(() -> assertThat(jobs().stats().delayed()).isEqualTo(1));
    }
  }

  @Rule(id = "Q-8")
  void handler_thatEnqueues_commitsItWithTheAck() {
    jobs().enqueue("first");

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> honker.queue("next", String.class).enqueue(tx, "second"))
            .start()) {
      assertEventually(() -> assertThat(honker.queues()).containsExactly("next"));
    }
  }

  @Rule(id = "Q-8")
  void handler_whoseJobWasTaken_isNotRun() {
    store.require(Capability.SHARED_TABLES);
    createOrders();
    long first = jobs().enqueue("first");
    long second = jobs().enqueue("second");
    long third = jobs().enqueue("third");

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  if (job.id() == first) {
                    tx.execute(
                        "UPDATE _honker_live SET state = 'processing', worker_id = 'thief',"
                            + " attempts = attempts + 1, claim_expires_at = ? WHERE id = ?",
                        nowSecond() + 3600,
                        second);
                  }
                })
            .maxBatch(10)
            .start()) {
      assertEventually(() -> assertThat(jobs().find(third)).isEmpty());
    }

    assertThat(orders()).containsExactly("first", "third");
    assertThat(find(second).workerId()).isEqualTo("thief");
    assertThat(find(second).history()).isEmpty();
  }

  @Rule(id = "Q-8")
  void handler_whoseLeaseLapsedBeforeItsTurn_isNotRunOnTheOldClaim() throws Exception {
    store.require(Capability.SINGLE_WRITER);
    createOrders();
    long id = jobs().enqueue("tea");
    CountDownLatch release = new CountDownLatch(1);

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> tx.execute(INSERT, job.payload() + " " + job.attempt()))
            .start()) {
      Background<?> holder = holdWriter(release);
      advanceSeconds(400);
      release.countDown();
      holder.get();
      advanceUntil(Duration.ofSeconds(100), "the job's end", () -> jobs().find(id).isEmpty());
    }

    assertThat(orders()).hasSize(1);
  }

  @Rule(id = "Q-8")
  void handlers_whateverTheConcurrency_runOneAtATime() {
    store.require(Capability.SINGLE_WRITER);
    createOrders();
    for (int i = 0; i < 40; i++) {
      jobs().enqueue("job " + i);
    }
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  most.accumulateAndGet(running.incrementAndGet(), Math::max);
                  tx.execute(INSERT, job.payload());
                  running.decrementAndGet();
                })
            .concurrency(4)
            .start()) {
      awaitQueueEmpty();
    }

    assertThat(most).hasValue(1);
    assertThat(orders()).hasSize(40).doesNotHaveDuplicates();
  }

  @Rule(id = "T-3")
  void standAloneWrite_inTheHandler_failsTheAttempt() {
    store.require(Capability.SINGLE_WRITER);
    long id = jobs().enqueue("tea");

    try (Worker worker =
        jobs().transactionalWorker((job, tx) -> jobs().enqueue("deadlock")).start()) {
      JobSnapshot<String> retried = awaitState(id, JobState.DELAYED);
      assertThat(retried.history().get(0).error()).contains("tx");
    }

    assertThat(jobs().stats().ready()).isZero();
  }

  @Rule(id = "Q-7")
  void drain_whenTheGraceEnds_rollsBackAndHandsBack() throws Exception {
    createOrders();
    long id = jobs().enqueue("tea");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  begun.countDown();
                  never.await();
                })
            .start();
    awaitLatch(begun);

    assertThat(worker.drain(Duration.ZERO)).isEqualTo(new DrainReport(0, 1));

    assertThat(orders()).isEmpty();
    assertThat(find(id).state()).isEqualTo(JobState.READY);
    assertThat(find(id).attempts()).isZero();
  }

  @Rule(id = "Q-8")
  void handlerTimeout_whenItPasses_rollsBackAndRetries() throws Exception {
    createOrders();
    long id = jobs().enqueue("tea");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);

    try (Worker worker =
        jobs()
            .transactionalWorker(
                (job, tx) -> {
                  tx.execute(INSERT, job.payload());
                  begun.countDown();
                  never.await();
                })
            .handlerTimeout(Duration.ofSeconds(5))
            .start()) {
      awaitLatch(begun);
      advanceSeconds(6);
      JobSnapshot<String> retried = awaitState(id, JobState.DELAYED);
      assertThat(retried.history().get(0).error()).startsWith("timeout after");
    }

    assertThat(orders()).isEmpty();
  }
}
