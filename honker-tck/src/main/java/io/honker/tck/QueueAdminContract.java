package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.DeadLetters;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.JobSnapshot;
import io.honker.queue.JobState;
import io.honker.queue.QueueStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/**
 * Rules: looking after queues and their dead letters.
 *
 * @since 0.1.0
 */
public abstract class QueueAdminContract extends StoreContract {

  /** Creates the contract; the subclass supplies the store. */
  protected QueueAdminContract() {}

  private JobQueue<String> other() {
    return honker.queue("other", String.class);
  }

  private static EnqueueOptions delay(Duration delay) {
    return EnqueueOptions.builder().delay(delay).build();
  }

  private static EnqueueOptions expiresAfter(Duration time) {
    return EnqueueOptions.builder().expiresAfter(time).build();
  }

  private long enqueueDead(String payload, String error) {
    long id = jobs().enqueue(payload);
    Job<String> job = claimOne(jobs());
    assertThat(job.id()).isEqualTo(id);
    assertThat(job.fail(error)).isTrue();
    return id;
  }

  private DeadLetters<String> dead() {
    return jobs().deadLetters();
  }

  private static List<Long> ids(List<JobSnapshot<String>> page) {
    return page.stream().map(JobSnapshot::id).toList();
  }

  // cancel

  @Rule(id = "Q-9")
  void cancel_ofWaitingJob_removesIt() {
    long id = jobs().enqueue("brew");

    assertThat(jobs().cancel(id)).isTrue();

    assertThat(jobs().claim()).isEmpty();
    assertThat(jobs().find(id)).isEmpty();
    assertThat(jobs().cancel(id)).isFalse();
  }

  @Rule(id = "Q-9")
  void cancel_ofJobInFlight_makesItsAckLost() {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    assertThat(jobs().cancel(id)).isTrue();

    assertThat(job.ack()).isFalse();
    assertThat(dead().count()).isZero();
  }

  @Rule(id = "Q-9")
  void cancel_ofUnknownDeadOrForeignJob_isFalse() {
    long dead = enqueueDead("brew", "broken");
    long foreign = other().enqueue("pour");

    assertThat(jobs().cancel(4711)).isFalse();
    assertThat(jobs().cancel(dead)).isFalse();
    assertThat(jobs().cancel(foreign)).isFalse();
    assertThat(other().find(foreign)).isPresent();
    assertThat(jobs().find(dead)).isPresent();
  }

  @Rule(id = "Q-9")
  void cancelInTransaction_whenRolledBack_leavesTheJob() {
    long id = jobs().enqueue("brew");

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      assertThat(jobs().cancel(tx, id)).isTrue();
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(claimOne(jobs()).id()).isEqualTo(id);
  }

  // find

  @Rule(id = "Q-9")
  void find_ofWaitingJob_isReady() {
    Instant created = now();
    long id =
        jobs()
            .enqueue(
                "brew",
                EnqueueOptions.builder()
                    .priority(3)
                    .maxAttempts(4)
                    .expiresAfter(Duration.ofSeconds(60))
                    .build());

    assertThat(jobs().find(id))
        .contains(
            new JobSnapshot<>(
                id,
                "jobs",
                JobState.READY,
                "\"brew\"",
                "brew",
                3,
                0,
                4,
                created,
                created,
                created.plusSeconds(60),
                null,
                null,
                null,
                null,
                List.of()));
  }

  @Rule(id = "Q-9")
  void find_ofDelayedJob_isDelayedUntilDue() {
    long id = jobs().enqueue("later", delay(Duration.ofSeconds(60)));

    assertThat(jobs().find(id).orElseThrow().state()).isEqualTo(JobState.DELAYED);
    advanceSeconds(60);
    assertThat(jobs().find(id).orElseThrow().state()).isEqualTo(JobState.READY);
  }

  @Rule(id = "Q-9")
  void find_ofClaimedJob_tellsOwnerAndLease() {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    JobSnapshot<String> found = jobs().find(id).orElseThrow();

    assertThat(found.state()).isEqualTo(JobState.IN_FLIGHT);
    assertThat(found.workerId()).isEqualTo(job.workerId());
    assertThat(found.leaseUntil()).isEqualTo(job.leaseUntil());
    assertThat(found.attempts()).isEqualTo(1);
  }

  @Rule(id = "Q-9")
  void find_afterTheLeaseLapsed_isNotInFlight() {
    long id = jobs().enqueue("brew");
    claimOne(jobs());
    advanceSeconds(301);

    assertThat(jobs().find(id).orElseThrow().state()).isEqualTo(JobState.READY);
  }

  @Rule(id = "Q-9")
  void find_ofDeadJob_tellsWhenAndWhy() {
    Instant created = now();
    long id = jobs().enqueue("brew", EnqueueOptions.builder().priority(3).build());
    Job<String> job = claimOne(jobs());
    advanceSeconds(7);
    job.fail("no cups");

    JobSnapshot<String> found = jobs().find(id).orElseThrow();

    assertThat(found.state()).isEqualTo(JobState.DEAD);
    assertThat(found.payload()).isEqualTo("brew");
    assertThat(found.priority()).isEqualTo(3);
    assertThat(found.attempts()).isEqualTo(1);
    assertThat(found.createdAt()).isEqualTo(created);
    assertThat(found.diedAt()).isEqualTo(now());
    assertThat(found.lastError()).isEqualTo("no cups");
    assertThat(found.workerId()).isNull();
    assertThat(found.leaseUntil()).isNull();
  }

  @Rule(id = "Q-9")
  void find_ofUnknownDoneOrForeignJob_isEmpty() {
    long done = jobs().enqueue("brew");
    claimOne(jobs()).ack();
    long foreign = other().enqueue("pour");

    assertThat(jobs().find(4711)).isEmpty();
    assertThat(jobs().find(done)).isEmpty();
    assertThat(jobs().find(foreign)).isEmpty();
  }

  @Rule(id = "Q-9")
  void find_ofUnreadablePayload_givesTheJsonOnly() {
    long id = honker.queue("numbers", Json.class).enqueue(Json.of("{\"not\":\"it\"}"));

    JobSnapshot<Integer> found = honker.queue("numbers", Integer.class).find(id).orElseThrow();

    assertThat(found.payload()).isNull();
    assertThat(found.json()).isEqualTo("{\"not\":\"it\"}");
  }

  // stats, queues, next due

  @Rule(id = "Q-9")
  void stats_ofNewQueue_areZero() {
    assertThat(jobs().stats()).isEqualTo(new QueueStats("jobs", 0, 0, 0, 0, null));
  }

  @Rule(id = "Q-9")
  void stats_countJobsByState() {
    enqueueDead("dead", "broken");
    jobs().enqueue("in flight", EnqueueOptions.builder().priority(9).build());
    claimOne(jobs());
    jobs().enqueueAll(List.of("a", "b", "c"));
    jobs().enqueueAll(List.of("later", "later too"), delay(LONG));
    other().enqueue("not ours");
    advanceSeconds(42);

    assertThat(jobs().stats())
        .isEqualTo(new QueueStats("jobs", 3, 2, 1, 1, Duration.ofSeconds(42)));
  }

  @Rule(id = "Q-9")
  void stats_ofOldestReadyJob_countFromWhenItWasDue() {
    jobs().enqueue("low and old", delay(Duration.ofSeconds(10)));
    advanceSeconds(30);
    jobs().enqueue("high and new", EnqueueOptions.builder().priority(9).build());

    assertThat(jobs().stats().oldestReadyAge()).isEqualTo(Duration.ofSeconds(20));
  }

  @Rule(id = "Q-9")
  void stats_ofLongBacklog_stopAtTheLimit() {
    jobs().enqueueAll(Collections.nCopies(QueueStats.COUNT_LIMIT + 7, "x"));

    QueueStats stats = jobs().stats();

    assertThat(stats.ready()).isEqualTo(QueueStats.COUNT_LIMIT);
    assertThat(stats.oldestReadyAge()).isEqualTo(Duration.ZERO);
  }

  @Rule(id = "Q-9")
  void queues_withJobsLiveOrDead_areListedInOrder() {
    honker.queue("c live", String.class).enqueue("x");
    honker.queue("a delayed", String.class).enqueue("x", delay(LONG));
    JobQueue<String> dead = honker.queue("b dead", String.class);
    dead.enqueue("x");
    claimOne(dead).fail("broken");
    honker.queue("d unused", String.class);

    assertThat(honker.queues()).containsExactly("a delayed", "b dead", "c live");
  }

  @Rule(id = "Q-9")
  void nextDue_ofNothing_isEmpty() {
    enqueueDead("dead", "broken");

    assertThat(jobs().nextDue()).isEmpty();
  }

  @Rule(id = "Q-9")
  void nextDue_ofDueJob_isNotInTheFuture() {
    jobs().enqueue("later", delay(LONG));
    jobs().enqueue("now");
    advanceSeconds(5);

    assertThat(jobs().nextDue().orElseThrow()).isBeforeOrEqualTo(now());
  }

  @Rule(id = "Q-9")
  void nextDue_ofDelayedJobs_isTheEarliest() {
    jobs().enqueue("much later", delay(Duration.ofSeconds(90)));
    jobs().enqueue("later", delay(Duration.ofSeconds(60)));
    other().enqueue("not ours", delay(Duration.ofSeconds(1)));

    assertThat(jobs().nextDue()).contains(now().plusSeconds(60));
  }

  @Rule(id = "Q-9")
  void nextDue_ofJobInFlight_isTheSecondAfterItsLease() {
    jobs().enqueue("brew");
    claimOne(jobs());

    assertThat(jobs().nextDue()).contains(now().plusSeconds(301));
    advanceSeconds(300);
    assertThat(jobs().nextDue()).contains(now().plusSeconds(1));
  }

  // pause

  @Rule(id = "Q-9")
  void pause_thenResume_isTold() {
    assertThat(jobs().isPaused()).isFalse();
    jobs().pause();
    jobs().pause();
    assertThat(jobs().isPaused()).isTrue();
    assertThat(other().isPaused()).isFalse();
    jobs().resume();
    jobs().resume();
    assertThat(jobs().isPaused()).isFalse();
  }

  @Rule(id = "Q-9")
  void pause_enqueueingGoesOn() {
    jobs().pause();

    long id = jobs().enqueue("brew");

    assertThat(jobs().find(id)).isPresent();
  }

  @Rule(id = "Q-9")
  void pause_afterReopening_stillHolds() {
    jobs().pause();

    honker = store.reopen();

    assertThat(jobs().isPaused()).isTrue();
  }

  @Rule(id = "Q-9")
  void pause_inAnotherProcess_isSeenHere() {
    Honker second = store.openSecond();

    second.queue("jobs", String.class).pause();

    assertThat(jobs().isPaused()).isTrue();
  }

  // dead letters

  @Rule(id = "Q-10")
  void deadLetters_ofNewQueue_areNone() {
    assertThat(dead().count()).isZero();
    assertThat(dead().list(0, 10)).isEmpty();
  }

  @Rule(id = "Q-10")
  void list_ofDeadJobs_goesPageByPageInOrderOfId() {
    long first = enqueueDead("a", "broken");
    long second = enqueueDead("b", "broken");
    long third = enqueueDead("c", "broken");

    assertThat(ids(dead().list(0, 2))).containsExactly(first, second);
    assertThat(ids(dead().list(second, 2))).containsExactly(third);
    assertThat(dead().list(third, 2)).isEmpty();
    assertThat(dead().list(0, 1).get(0).payload()).isEqualTo("a");
  }

  @Rule(id = "Q-10")
  void list_withFilter_comparesTheReasonExactly() {
    long timeout = enqueueDead("a", "timeout after 5s");
    enqueueDead("b", "TIMEOUT");
    long percent = enqueueDead("c", "100%_ done");
    enqueueDead("d", "100 percent done");
    long other = enqueueDead("e", "a timeout again");

    assertThat(ids(dead().list("timeout", 0, 10))).containsExactly(timeout, other);
    assertThat(ids(dead().list("timeout", timeout, 10))).containsExactly(other);
    assertThat(ids(dead().list("0%_", 0, 10))).containsExactly(percent);
  }

  @Rule(id = "Q-10")
  void list_ofLessThanOne_isRefused() {
    assertThatThrownBy(() -> dead().list(0, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> dead().list("x", 0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "Q-10")
  void count_ofDeadJobs_isThatOfThisQueueOnly() {
    enqueueDead("a", "broken");
    enqueueDead("b", "broken");
    other().enqueue("c");
    claimOne(other()).fail("broken");

    assertThat(dead().count()).isEqualTo(2);
  }

  @Rule(id = "Q-10")
  void requeue_ofDeadJob_givesItFreshAttempts() {
    long id = jobs().enqueue("brew", EnqueueOptions.builder().maxAttempts(2).priority(5).build());
    claimOne(jobs()).retry(Duration.ZERO, "no milk");
    claimOne(jobs()).retry(Duration.ZERO, "no milk");
    advanceSeconds(5);

    assertThat(dead().requeue(id)).isTrue();

    assertThat(dead().count()).isZero();
    Job<String> again = claimOne(jobs());
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.payload()).isEqualTo("brew");
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.maxAttempts()).isEqualTo(2);
    assertThat(again.priority()).isEqualTo(5);
    assertThat(again.runAt()).isEqualTo(now());
  }

  @Rule(id = "Q-10")
  void requeue_ofExpiredJob_letsItRun() {
    long id = jobs().enqueue("news", expiresAfter(Duration.ofSeconds(60)));
    advanceSeconds(60);
    assertThat(jobs().claim()).isEmpty();

    assertThat(dead().requeue(id)).isTrue();

    assertThat(claimOne(jobs()).id()).isEqualTo(id);
  }

  @Rule(id = "Q-10")
  void requeue_ofUnknownLiveOrForeignJob_isFalse() {
    long live = jobs().enqueue("brew");
    other().enqueue("pour");
    Job<String> foreign = claimOne(other());
    foreign.fail("broken");

    assertThat(dead().requeue(4711)).isFalse();
    assertThat(dead().requeue(live)).isFalse();
    assertThat(dead().requeue(foreign.id())).isFalse();
    assertThat(other().deadLetters().count()).isEqualTo(1);
  }

  @Rule(id = "Q-10")
  void requeueInTransaction_whenRolledBack_leavesItDead() {
    long id = enqueueDead("brew", "broken");

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      assertThat(dead().requeue(tx, id)).isTrue();
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(dead().count()).isEqualTo(1);
    assertThat(jobs().claim()).isEmpty();
  }

  @Rule(id = "Q-10")
  void requeueAll_withLimit_takesTheOldest() {
    enqueueDead("a", "broken");
    enqueueDead("b", "broken");
    enqueueDead("c", "broken");

    assertThat(dead().requeueAll(2)).isEqualTo(2);

    assertThat(payloads(jobs().claim(10))).containsExactly("a", "b");
    assertThat(dead().requeueAll(10)).isEqualTo(1);
    assertThat(dead().requeueAll(10)).isZero();
  }

  @Rule(id = "Q-10")
  void requeueAll_ofLessThanOne_isRefused() {
    assertThatThrownBy(() -> dead().requeueAll(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "Q-10")
  void purgeOlderThan_deletesWhatDiedBefore() {
    enqueueDead("old", "broken");
    advanceSeconds(60);
    long young = enqueueDead("young", "broken");
    advanceSeconds(30);

    assertThat(dead().purgeOlderThan(Duration.ofSeconds(45))).isEqualTo(1);

    assertThat(ids(dead().list(0, 10))).containsExactly(young);
  }

  @Rule(id = "Q-10")
  void purgeOlderThan_withoutAge_deletesAll() {
    enqueueDead("a", "broken");
    long live = jobs().enqueue("live");
    other().enqueue("pour");
    claimOne(other()).fail("broken");

    assertThat(dead().purgeOlderThan(Duration.ZERO)).isEqualTo(1);

    assertThat(dead().count()).isZero();
    assertThat(other().deadLetters().count()).isEqualTo(1);
    assertThat(jobs().find(live)).isPresent();
  }

  @Rule(id = "Q-10")
  void purgeOlderThan_withNegativeAge_isRefused() {
    assertThatThrownBy(() -> dead().purgeOlderThan(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "Q-10")
  void purgeKeeping_deletesTheOldest() {
    enqueueDead("a", "broken");
    enqueueDead("b", "broken");
    long newest = enqueueDead("c", "broken");

    assertThat(dead().purgeKeeping(1)).isEqualTo(2);
    assertThat(ids(dead().list(0, 10))).containsExactly(newest);
    assertThat(dead().purgeKeeping(5)).isZero();
    assertThat(dead().purgeKeeping(0)).isEqualTo(1);
  }

  @Rule(id = "Q-10")
  void purgeKeeping_ofLessThanNothing_isRefused() {
    assertThatThrownBy(() -> dead().purgeKeeping(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "Q-10")
  void sweepExpired_movesExpiredJobsOnly() {
    long expired = jobs().enqueue("news", expiresAfter(Duration.ofSeconds(60)));
    long delayed =
        jobs()
            .enqueue(
                "news too",
                EnqueueOptions.builder().delay(LONG).expiresAfter(Duration.ofSeconds(60)).build());
    long fresh = jobs().enqueue("fresh", expiresAfter(Duration.ofSeconds(61)));
    long eternal = jobs().enqueue("eternal");
    other().enqueue("not ours", expiresAfter(Duration.ofSeconds(1)));
    advanceSeconds(60);

    assertThat(jobs().sweepExpired()).isEqualTo(2);
    assertThat(jobs().sweepExpired()).isZero();

    assertThat(ids(dead().list("expired", 0, 10))).containsExactly(expired, delayed);
    assertThat(payloads(jobs().claim(10))).containsExactly("fresh", "eternal");
    assertThat(List.of(fresh, eternal)).doesNotContain(expired, delayed);
    assertThat(other().deadLetters().count()).isZero();
  }
}
