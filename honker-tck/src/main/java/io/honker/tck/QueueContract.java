package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.codec.TypeRef;
import io.honker.error.HonkerConfigurationException;
import io.honker.error.PayloadException;
import io.honker.error.StoreException;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.EnqueueResult;
import io.honker.queue.Job;
import io.honker.queue.JobAttempt;
import io.honker.queue.JobQueue;
import io.honker.queue.JobSnapshot;
import io.honker.queue.JobState;
import io.honker.queue.QueueOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Rules: enqueue, claim, acknowledge, retry, fail.
 *
 * @since 0.1.0
 */
public abstract class QueueContract extends StoreContract {

  /** Creates the contract; the subclass supplies the store. */
  protected QueueContract() {}

  /** A payload with parts. */
  record Email(String to, int copies, List<String> tags) {}

  private static EnqueueOptions priority(int priority) {
    return EnqueueOptions.builder().priority(priority).build();
  }

  private static EnqueueOptions delay(Duration delay) {
    return EnqueueOptions.builder().delay(delay).build();
  }

  private static EnqueueOptions expiresAfter(Duration time) {
    return EnqueueOptions.builder().expiresAfter(time).build();
  }

  private static EnqueueOptions attempts(int attempts) {
    return EnqueueOptions.builder().maxAttempts(attempts).build();
  }

  /** Lets the default lease of every claim so far end. */
  private void letLeasesEnd() {
    advanceSeconds(301);
  }

  private String deathOf(long id) {
    JobSnapshot<String> snapshot = jobs().find(id).orElseThrow();
    assertThat(snapshot.state()).isEqualTo(JobState.DEAD);
    return String.valueOf(snapshot.lastError());
  }

  // enqueue

  @Rule(id = "Q-1")
  void enqueue_thenClaim_givesThePayloadAndItsCircumstances() {
    long id = jobs().enqueue("brew", priority(7));

    Job<String> job = claimOne(jobs());

    assertThat(job.id()).isEqualTo(id);
    assertThat(job.queue()).isEqualTo("jobs");
    assertThat(job.payload()).isEqualTo("brew");
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.maxAttempts()).isEqualTo(3);
    assertThat(job.priority()).isEqualTo(7);
    assertThat(job.runAt()).isEqualTo(now());
    assertThat(job.createdAt()).isEqualTo(now());
    assertThat(job.expiresAt()).isEmpty();
    assertThat(job.workerId()).isNotBlank();
  }

  @Rule(id = "Q-1")
  void enqueue_ofTypedPayload_comesBackEqual() {
    JobQueue<Email> emails = honker.queue("emails", Email.class);
    Email email = new Email("ä@example.com \"\\ \uD83D\uDE00", 3, List.of("a", ""));

    emails.enqueue(email);

    assertThat(claimOne(emails).payload()).isEqualTo(email);
  }

  @Rule(id = "Q-1")
  void enqueue_ofGenericPayload_comesBackEqual() {
    JobQueue<List<Email>> batches = honker.queue("batches", new TypeRef<List<Email>>() {});
    List<Email> batch = List.of(new Email("a@example.com", 1, List.of()));

    batches.enqueue(batch);

    assertThat(claimOne(batches).payload()).isEqualTo(batch);
  }

  @Rule(id = "Q-1")
  void enqueue_ofRawJson_passesThroughUntouched() {
    Json json = Json.of("{ \"b\":1,  \"a\" : [null, 1.50] }");
    JobQueue<Json> raw = honker.queue("raw", Json.class);

    raw.enqueue(json);

    assertThat(claimOne(raw).payload()).isEqualTo(json);
  }

  @Rule(id = "Q-1")
  void enqueue_ofNull_isRefused() {
    assertThatThrownBy(() -> jobs().enqueue(nothing())).isInstanceOf(NullPointerException.class);
    assertThat(jobs().stats().ready()).isZero();
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  @Rule(id = "Q-1")
  void enqueue_again_givesAHigherId() {
    long first = jobs().enqueue("one");
    long second = jobs().enqueue("two");

    assertThat(second).isGreaterThan(first).isPositive();
  }

  @Rule(id = "Q-1")
  void enqueue_afterTheLastJobIsDone_neverReusesItsId() {
    long first = jobs().enqueue("one");
    claimOne(jobs()).ack();

    assertThat(jobs().enqueue("two")).isGreaterThan(first);
  }

  @Rule(id = "Q-1")
  void queues_ofDifferentNames_areApart() {
    jobs().enqueue("brew");

    assertThat(honker.queue("other", String.class).claim()).isEmpty();
  }

  @Rule(id = "Q-1")
  void enqueue_withDelay_isDueAfterIt() {
    jobs().enqueue("later", delay(Duration.ofSeconds(60)));

    advanceSeconds(59);
    assertThat(jobs().claim()).isEmpty();
    advanceSeconds(1);
    assertThat(claimOne(jobs()).payload()).isEqualTo("later");
  }

  @Rule(id = "Q-1")
  void enqueue_withRunAt_isDueThen() {
    Instant runAt = now().plusSeconds(60);
    jobs().enqueue("later", EnqueueOptions.builder().runAt(runAt).build());

    advanceSeconds(59);
    assertThat(jobs().claim()).isEmpty();
    advanceSeconds(1);
    assertThat(claimOne(jobs()).runAt()).isEqualTo(runAt);
  }

  @Rule(id = "Q-1")
  void enqueue_withRunAtInThePast_isDueAtOnce() {
    jobs().enqueue("late", EnqueueOptions.builder().runAt(now().minusSeconds(60)).build());

    assertThat(claimOne(jobs()).payload()).isEqualTo("late");
  }

  @Rule(id = "Q-1")
  void enqueue_withDelayAndRunAt_goesByTheDelay() {
    Instant due = now().plusSeconds(60);
    long id =
        jobs()
            .enqueue(
                "later",
                EnqueueOptions.builder()
                    .runAt(now().plusSeconds(5))
                    .delay(Duration.ofSeconds(60))
                    .build());

    assertThat(jobs().find(id).orElseThrow().runAt()).isEqualTo(due);
  }

  @Rule(id = "Q-1")
  void enqueue_withFractionOfDelay_roundsUp() {
    Instant start = now();
    jobs().enqueue("later", delay(Duration.ofMillis(1500)));

    advance(Duration.ofMillis(1999));
    assertThat(jobs().claim()).isEmpty();
    advance(Duration.ofMillis(1));
    assertThat(claimOne(jobs()).runAt()).isEqualTo(start.plusSeconds(2));
  }

  @Rule(id = "Q-1")
  void enqueue_withDelayWithinASecond_neverRunsEarly() {
    advance(Duration.ofMillis(900));
    jobs().enqueue("later", delay(Duration.ofSeconds(1)));

    advance(Duration.ofMillis(999));
    assertThat(jobs().claim()).isEmpty();
    advance(Duration.ofMillis(101));
    assertThat(claimOne(jobs()).payload()).isEqualTo("later");
  }

  @Rule(id = "Q-1")
  void enqueue_withFractionOfRunAt_roundsUp() {
    Instant start = now();
    jobs().enqueue("later", EnqueueOptions.builder().runAt(start.plusMillis(1200)).build());

    advance(Duration.ofMillis(1999));
    assertThat(jobs().claim()).isEmpty();
    advance(Duration.ofMillis(1));
    assertThat(claimOne(jobs()).runAt()).isEqualTo(start.plusSeconds(2));
  }

  @Rule(id = "Q-1")
  void enqueue_withinASecond_isDueAtOnce() {
    advance(Duration.ofMillis(900));

    jobs().enqueue("now");

    assertThat(claimOne(jobs()).payload()).isEqualTo("now");
  }

  @Rule(id = "Q-1")
  void enqueue_withExpiry_canBeClaimedUntilThen() {
    Instant expiry = now().plusSeconds(60);
    jobs().enqueue("news", expiresAfter(Duration.ofSeconds(60)));
    advanceSeconds(59);

    assertThat(claimOne(jobs()).expiresAt()).contains(expiry);
  }

  @Rule(id = "Q-1")
  void enqueue_withFractionOfExpiry_roundsUp() {
    jobs().enqueue("news", expiresAfter(Duration.ofMillis(1500)));
    advance(Duration.ofMillis(1999));

    assertThat(claimOne(jobs()).payload()).isEqualTo("news");
  }

  @Rule(id = "Q-1")
  void enqueue_withMaxAttempts_winsOverTheHandlesDefault() {
    JobQueue<String> queue =
        honker.queue("jobs", String.class, QueueOptions.builder().maxAttempts(5).build());
    long byHandle = queue.enqueue("handle");
    long byOptions = queue.enqueue("options", attempts(2));

    assertThat(queue.find(byHandle).orElseThrow().maxAttempts()).isEqualTo(5);
    assertThat(queue.find(byOptions).orElseThrow().maxAttempts()).isEqualTo(2);
  }

  @Rule(id = "Q-1")
  void options_whenWrong_nameAllProblemsAtOnce() {
    assertThatThrownBy(
            () ->
                EnqueueOptions.builder()
                    .delay(Duration.ofSeconds(-1))
                    .runAt(Instant.EPOCH.minusSeconds(1))
                    .expiresAfter(Duration.ZERO)
                    .maxAttempts(0)
                    .uniqueFor(Duration.ofSeconds(-1))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("delay", "runAt", "expiresAfter", "maxAttempts", "uniqueFor");
  }

  @Rule(id = "Q-1")
  void queueOptions_whenWrong_nameAllProblemsAtOnce() {
    assertThatThrownBy(
            () -> QueueOptions.builder().visibilityTimeout(Duration.ZERO).maxAttempts(0).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("visibilityTimeout", "maxAttempts");
  }

  @Rule(id = "Q-1")
  void builder_whenWrong_namesAllProblemsAtOnce() {
    assertThatThrownBy(() -> Honker.builder(" ").maxPayloadBytes(0).open())
        .isInstanceOfSatisfying(
            HonkerConfigurationException.class, wrong -> assertThat(wrong.problems()).hasSize(2));
  }

  @Rule(id = "Q-1")
  void queue_withBlankName_isRefused() {
    assertThatThrownBy(() -> honker.queue(" ", String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "Q-1")
  void enqueue_ofPayloadAtTheLimit_isAccepted() {
    String payload = "x".repeat((1 << 20) - 2);

    jobs().enqueue(payload);

    assertThat(claimOne(jobs()).payload()).isEqualTo(payload);
  }

  @Rule(id = "Q-1")
  void enqueue_ofPayloadAboveTheLimit_isRefused() {
    assertThatThrownBy(() -> jobs().enqueue("x".repeat((1 << 20) - 1)))
        .isInstanceOfSatisfying(
            PayloadException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("HNK-PAYLOAD-TOO-LARGE");
              assertThat(refused.isRetryable()).isFalse();
            });
    assertThat(jobs().stats().ready()).isZero();
  }

  @Rule(id = "Q-1")
  void enqueue_ofPayloadAboveTheLimitInBytes_isRefused() {
    assertThatThrownBy(() -> jobs().enqueue("\u20AC".repeat(1 << 19)))
        .isInstanceOf(PayloadException.class);
  }

  // many at once

  @Rule(id = "Q-2")
  void enqueueAll_ofMany_returnsIdsInTheOrderOfThePayloads() {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < 2345; i++) {
      payloads.add("job " + i);
    }

    List<Long> ids = jobs().enqueueAll(payloads);

    assertThat(ids).hasSameSizeAs(payloads).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < payloads.size(); i += 117) {
      assertThat(jobs().find(ids.get(i)).orElseThrow().payload()).isEqualTo(payloads.get(i));
    }
    assertThat(payloads(jobs().claim(3000))).isEqualTo(payloads);
  }

  @Rule(id = "Q-2")
  void enqueueAll_ofNothing_writesNothing() {
    assertThat(jobs().enqueueAll(List.of())).isEmpty();
    honker.inTransaction(
        tx -> assertThat(jobs().enqueueAll(tx, List.of(), EnqueueOptions.defaults())).isEmpty());

    assertThat(honker.queues()).isEmpty();
  }

  @Rule(id = "Q-2")
  void enqueueAll_withOptions_givesThemToAll() {
    Instant due = now().plusSeconds(60);

    List<Long> ids =
        jobs()
            .enqueueAll(
                List.of("a", "b", "c"),
                EnqueueOptions.builder()
                    .priority(4)
                    .delay(Duration.ofSeconds(60))
                    .maxAttempts(9)
                    .build());

    assertThat(ids)
        .allSatisfy(
            id -> {
              JobSnapshot<String> job = jobs().find(id).orElseThrow();
              assertThat(job.priority()).isEqualTo(4);
              assertThat(job.runAt()).isEqualTo(due);
              assertThat(job.maxAttempts()).isEqualTo(9);
            });
  }

  @Rule(id = "Q-2")
  void enqueueAll_whenOnePayloadIsTooLarge_enqueuesNone() {
    assertThatThrownBy(() -> jobs().enqueueAll(List.of("small", "x".repeat(1 << 20))))
        .isInstanceOf(PayloadException.class);

    assertThat(jobs().stats().ready()).isZero();
  }

  @Rule(id = "Q-2")
  void enqueueAll_whenTheStoreRefusesOne_enqueuesNone() throws Exception {
    store.require(Capability.REFUSED_JOBS);
    store.refuseJobsContaining("poison");
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      payloads.add("good");
    }
    payloads.add("poison");

    assertThatThrownBy(() -> jobs().enqueueAll(payloads)).isInstanceOf(StoreException.class);

    assertThat(jobs().stats().ready()).isZero();
  }

  @Rule(id = "Q-2")
  void enqueueAll_inTransaction_commitsOrRollsBackWithIt() {
    honker.inTransaction(tx -> jobs().enqueueAll(tx, List.of("a", "b"), EnqueueOptions.defaults()));
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      jobs().enqueueAll(tx, List.of("c", "d"), EnqueueOptions.defaults());
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(payloads(jobs().claim(10))).containsExactly("a", "b");
  }

  // unique keys

  private EnqueueResult enqueueUnique(String key) {
    return jobs().enqueueUnique(key, "payload of " + key, EnqueueOptions.defaults());
  }

  @Rule(id = "Q-3")
  void enqueueUnique_withFreeKey_enqueues() {
    EnqueueResult result = enqueueUnique("key");

    assertThat(result.duplicate()).isFalse();
    assertThat(claimOne(jobs()).id()).isEqualTo(result.jobId());
  }

  @Rule(id = "Q-3")
  void enqueueUnique_whileTheFirstIsWaiting_returnsItsId() {
    EnqueueResult first = enqueueUnique("key");

    assertThat(enqueueUnique("key")).isEqualTo(new EnqueueResult(first.jobId(), true));
    assertThat(jobs().stats().ready()).isEqualTo(1);
  }

  @Rule(id = "Q-3")
  void enqueueUnique_whileTheFirstIsInFlightOrRetried_returnsItsId() {
    EnqueueResult first = enqueueUnique("key");
    Job<String> job = claimOne(jobs());

    assertThat(enqueueUnique("key")).isEqualTo(new EnqueueResult(first.jobId(), true));
    job.retry(Duration.ofSeconds(60), "not yet");
    assertThat(enqueueUnique("key")).isEqualTo(new EnqueueResult(first.jobId(), true));
  }

  @Rule(id = "Q-3")
  void enqueueUnique_afterTheFirstIsDone_enqueuesAgain() {
    EnqueueResult first = enqueueUnique("key");
    claimOne(jobs()).ack();

    EnqueueResult second = enqueueUnique("key");

    assertThat(second.duplicate()).isFalse();
    assertThat(second.jobId()).isNotEqualTo(first.jobId());
  }

  @Rule(id = "Q-3")
  void enqueueUnique_afterTheFirstDied_enqueuesAgain() {
    enqueueUnique("key");
    claimOne(jobs()).fail("broken");

    assertThat(enqueueUnique("key").duplicate()).isFalse();
  }

  @Rule(id = "Q-3")
  void enqueueUnique_afterTheFirstWasCancelled_enqueuesAgain() {
    EnqueueResult first = enqueueUnique("key");
    jobs().cancel(first.jobId());

    assertThat(enqueueUnique("key").duplicate()).isFalse();
  }

  @Rule(id = "Q-3")
  void enqueueUnique_withOtherKeyOrQueue_isNoDuplicate() {
    enqueueUnique("key");

    assertThat(enqueueUnique("KEY").duplicate()).isFalse();
    assertThat(
            honker
                .queue("other", String.class)
                .enqueueUnique("key", "x", EnqueueOptions.defaults())
                .duplicate())
        .isFalse();
  }

  @Rule(id = "Q-3")
  void enqueueUnique_withinTheWindow_isADuplicateEvenAfterTheFirstIsDone() {
    EnqueueOptions options = EnqueueOptions.builder().uniqueFor(Duration.ofSeconds(60)).build();
    EnqueueResult first = jobs().enqueueUnique("key", "first", options);
    claimOne(jobs()).ack();

    advanceSeconds(59);
    assertThat(jobs().enqueueUnique("key", "second", options))
        .isEqualTo(new EnqueueResult(first.jobId(), true));
    advanceSeconds(2);
    assertThat(jobs().enqueueUnique("key", "third", options).duplicate()).isFalse();
  }

  @Rule(id = "Q-3")
  void enqueueUnique_afterTheWindowWhileTheFirstLives_isStillADuplicate() {
    EnqueueOptions options = EnqueueOptions.builder().uniqueFor(Duration.ofSeconds(60)).build();
    EnqueueResult first = jobs().enqueueUnique("key", "first", options);

    advanceSeconds(120);

    assertThat(jobs().enqueueUnique("key", "second", options))
        .isEqualTo(new EnqueueResult(first.jobId(), true));
  }

  @Rule(id = "Q-3")
  void enqueueUnique_whenTransactionRollsBack_freesTheKey() {
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      jobs().enqueueUnique(tx, "key", "lost", EnqueueOptions.defaults());
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(enqueueUnique("key").duplicate()).isFalse();
  }

  @Rule(id = "Q-3")
  void enqueueUnique_afterAnotherProcessRemovedTheJob_enqueuesAgain() throws Exception {
    store.require(Capability.SHARED_TABLES);
    EnqueueResult first = enqueueUnique("key");
    rawExecute("DELETE FROM _honker_live WHERE id = ?", first.jobId());

    EnqueueResult second = enqueueUnique("key");

    assertThat(second.duplicate()).isFalse();
    assertThat(claimOne(jobs()).id()).isEqualTo(second.jobId());
  }

  @Rule(id = "Q-3", level = Level.STOCHASTIC, note = "threads have to meet at the writer")
  void enqueueUnique_fromManyThreads_enqueuesOne() throws Exception {
    int threads = 8;
    for (int round = 0; round < 10; round++) {
      String key = "key " + round;
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Background<EnqueueResult>> rivals = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        rivals.add(
            inBackground(
                () -> {
                  start.await();
                  return enqueueUnique(key);
                }));
      }
      List<EnqueueResult> results = new ArrayList<>();
      for (Background<EnqueueResult> rival : rivals) {
        results.add(rival.get());
      }
      assertThat(results).filteredOn(result -> !result.duplicate()).hasSize(1);
      assertThat(results).extracting(EnqueueResult::jobId).containsOnly(results.get(0).jobId());
    }
  }

  @Rule(id = "Q-3")
  void enqueueUnique_withBlankKey_isRefused() {
    assertThatThrownBy(() -> enqueueUnique(" ")).isInstanceOf(IllegalArgumentException.class);
  }

  // claim

  @Rule(id = "Q-4")
  void claim_ofNothing_isEmpty() {
    assertThat(jobs().claim()).isEmpty();
    assertThat(jobs().claim(10)).isEmpty();
  }

  @Rule(id = "Q-4")
  void claim_ofSeveral_returnsThemByPriority() {
    jobs().enqueue("zero");
    jobs().enqueue("ten", priority(10));
    jobs().enqueue("minus", priority(-1));
    jobs().enqueue("five", priority(5));
    jobs().enqueue("seven", priority(7));

    assertThat(payloads(jobs().claim(3))).containsExactly("ten", "seven", "five");
    assertThat(payloads(jobs().claim(3))).containsExactly("zero", "minus");
  }

  @Rule(id = "Q-4")
  void claim_oneByOne_goesByPriority() {
    jobs().enqueue("zero");
    jobs().enqueue("ten", priority(10));
    jobs().enqueue("five", priority(5));

    assertThat(List.of(claimOne(jobs()), claimOne(jobs()), claimOne(jobs())))
        .extracting(Job::payload)
        .containsExactly("ten", "five", "zero");
  }

  @Rule(id = "Q-4")
  void claim_ofSamePriority_goesByDueTimeThenId() {
    jobs().enqueue("third", delay(Duration.ofSeconds(10)));
    jobs().enqueue("first", delay(Duration.ofSeconds(5)));
    jobs().enqueue("second", delay(Duration.ofSeconds(5)));
    advanceSeconds(20);

    assertThat(payloads(jobs().claim(10))).containsExactly("first", "second", "third");
  }

  @Rule(id = "Q-4")
  void claim_ofManyPriorities_mixesFreshAndLapsedJobsInOrder() {
    jobs().enqueue("lapsed low", priority(1));
    jobs().enqueue("lapsed high", priority(9));
    jobs().claim(2);
    letLeasesEnd();
    jobs().enqueue("fresh middle", priority(5));
    jobs().enqueue("fresh high", priority(9));

    assertThat(payloads(jobs().claim(10)))
        .containsExactly("lapsed high", "fresh high", "fresh middle", "lapsed low");
  }

  @Rule(id = "Q-4")
  void claim_ofMoreThanThereAre_returnsAll() {
    jobs().enqueueAll(List.of("a", "b"));

    assertThat(payloads(jobs().claim(10))).containsExactly("a", "b");
  }

  @Rule(id = "Q-4")
  void claim_ofLessThanOne_isRefused() {
    assertThatThrownBy(() -> jobs().claim(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> jobs().claim(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "Q-4")
  void claim_whileLeased_isNotGivenToAnother() {
    jobs().enqueue("brew");
    claimOne(jobs());

    assertThat(jobs().claim()).isEmpty();
    assertThat(honker.queue("jobs", String.class).claim()).isEmpty();
  }

  @Rule(id = "Q-4")
  void claim_byDefault_leasesForFiveMinutes() {
    jobs().enqueue("brew");

    assertThat(claimOne(jobs()).leaseUntil()).isEqualTo(now().plusSeconds(300));
  }

  @Rule(id = "Q-4")
  void claim_withVisibilityTimeout_leasesForItRoundedUp() {
    JobQueue<String> queue =
        honker.queue(
            "jobs",
            String.class,
            QueueOptions.builder().visibilityTimeout(Duration.ofMillis(10_500)).build());
    queue.enqueue("brew");
    advance(Duration.ofMillis(700));

    assertThat(claimOne(queue).leaseUntil()).isEqualTo(ManualClock.START.plusSeconds(12));
  }

  @Rule(id = "Q-4")
  void claim_atTheLastSecondOfTheLease_isStillOwned() {
    jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    advanceSeconds(300);

    assertThat(jobs().claim()).isEmpty();
    assertThat(job.ack()).isTrue();
  }

  @Rule(id = "Q-4")
  void claim_afterTheLease_givesTheJobAgain() {
    long id = jobs().enqueue("brew");
    claimOne(jobs());

    advanceSeconds(301);

    Job<String> again = claimOne(jobs());
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.attempt()).isEqualTo(2);
  }

  @Rule(id = "Q-4")
  void claim_ofExpired_sendsItToTheDeadLetters() {
    long id = jobs().enqueue("news", expiresAfter(Duration.ofSeconds(60)));
    advanceSeconds(60);

    assertThat(jobs().claim()).isEmpty();

    assertThat(deathOf(id)).isEqualTo("expired");
  }

  @Rule(id = "Q-4")
  void claim_ofExpired_goesOnToTheNextJob() {
    jobs().enqueue("news", EnqueueOptions.builder().priority(9).expiresAfter(LONG).build());
    advance(LONG);
    jobs().enqueue("fresh");

    assertThat(claimOne(jobs()).payload()).isEqualTo("fresh");
  }

  @Rule(id = "Q-4")
  void claim_ofLapsedLastAttempt_sendsItToTheDeadLetters() {
    long id = jobs().enqueue("brew", attempts(2));
    claimOne(jobs());
    letLeasesEnd();
    claimOne(jobs());
    letLeasesEnd();

    assertThat(jobs().claim()).isEmpty();

    assertThat(deathOf(id)).isEqualTo("max attempts exceeded");
    assertThat(jobs().find(id).orElseThrow().attempts()).isEqualTo(2);
  }

  @Rule(id = "Q-4")
  void claim_besideALastAttemptThatIsLeased_leavesItToItsOwner() {
    jobs().enqueue("brew", attempts(1));
    Job<String> last = claimOne(jobs());

    assertThat(jobs().claim()).isEmpty();
    assertThat(last.ack()).isTrue();
    assertThat(jobs().deadLetters().count()).isZero();
  }

  @Rule(id = "Q-4")
  void claim_ofJobThatExpiredWhileItsLeaseLapsed_sendsItToTheDeadLetters() {
    long id = jobs().enqueue("news", expiresAfter(Duration.ofSeconds(60)));
    claimOne(jobs());
    letLeasesEnd();

    assertThat(jobs().claim()).isEmpty();

    assertThat(deathOf(id)).isEqualTo("expired");
  }

  @Rule(id = "Q-4")
  void ack_ofJobThatExpiredInFlight_isAccepted() {
    jobs().enqueue("news", expiresAfter(Duration.ofSeconds(60)));
    Job<String> job = claimOne(jobs());
    advanceSeconds(100);

    assertThat(jobs().claim()).isEmpty();
    assertThat(job.ack()).isTrue();
    assertThat(jobs().deadLetters().count()).isZero();
  }

  @Rule(id = "Q-4")
  void claim_ofUnreadablePayload_sendsItToTheDeadLettersAndGoesOn() {
    long unreadable = honker.queue("numbers", Json.class).enqueue(Json.of("{\"not\":\"it\"}"));
    long broken = honker.queue("numbers", Json.class).enqueue(Json.of("{not json"));
    JobQueue<Integer> numbers = honker.queue("numbers", Integer.class);
    numbers.enqueue(7);

    assertThat(claimOne(numbers).payload()).isEqualTo(7);

    for (long id : List.of(unreadable, broken)) {
      JobSnapshot<Integer> dead = numbers.find(id).orElseThrow();
      assertThat(dead.state()).isEqualTo(JobState.DEAD);
      assertThat(dead.payload()).isNull();
      assertThat(dead.lastError()).isNotBlank();
    }
    assertThat(numbers.find(unreadable).orElseThrow().json()).isEqualTo("{\"not\":\"it\"}");
  }

  @Rule(id = "Q-4")
  void claim_behindThousandsOfExpiredJobs_findsTheGoodOne() {
    JobQueue<String> jobs = jobs();
    EnqueueOptions shortLived =
        EnqueueOptions.builder().priority(5).expiresAfter(Duration.ofSeconds(1)).build();
    jobs.enqueueAll(Collections.nCopies(2500, "late"), shortLived);
    jobs.enqueue("good");
    store.advance(Duration.ofSeconds(2));

    assertThat(claimOne(jobs).payload()).isEqualTo("good");
    assertThat(jobs.deadLetters().count()).isEqualTo(2500);
  }

  @Rule(id = "Q-4")
  void claim_afterReopening_findsWhatWasThere() {
    jobs().enqueue("low");
    jobs().enqueue("high", priority(1));

    honker = store.reopen();

    assertThat(payloads(jobs().claim(10))).containsExactly("high", "low");
  }

  // waiting claims

  private Background<List<Job<String>>> waitingClaim() {
    Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(10, LONG));
    store.clock().awaitParked(waiter.thread());
    return waiter;
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenAnotherThreadEnqueues_wakes() throws Exception {
    Background<List<Job<String>>> waiter = waitingClaim();

    jobs().enqueue("brew");

    assertThat(payloads(waiter.get())).containsExactly("brew");
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenAJobIsDueAlready_returnsAtOnce() throws Exception {
    jobs().enqueue("brew");

    assertThat(payloads(jobs().claim(10, LONG))).containsExactly("brew");
  }

  @Rule(id = "Q-4")
  void waitingClaim_ofDelayedJob_wakesWhenItIsDue() throws Exception {
    jobs().enqueue("later", delay(Duration.ofSeconds(60)));
    Background<List<Job<String>>> waiter = waitingClaim();

    advanceSeconds(60);

    assertThat(payloads(waiter.get())).containsExactly("later");
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenAnEarlierJobComes_wakesForIt() throws Exception {
    jobs().enqueue("much later", delay(Duration.ofHours(2)));
    Background<List<Job<String>>> waiter = waitingClaim();
    jobs().enqueue("later", delay(Duration.ofSeconds(60)));
    store.clock().awaitParked(waiter.thread());

    advanceSeconds(60);

    assertThat(payloads(waiter.get())).containsExactly("later");
  }

  @Rule(id = "Q-4")
  void waitingClaim_ofLeasedJob_wakesWhenTheLeaseHasEnded() throws Exception {
    jobs().enqueue("brew");
    claimOne(jobs());
    Background<List<Job<String>>> waiter = waitingClaim();

    advanceSeconds(301);

    List<Job<String>> again = waiter.get();
    assertThat(payloads(again)).containsExactly("brew");
    assertThat(again.get(0).attempt()).isEqualTo(2);
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenAJobIsHandedBack_wakes() throws Exception {
    jobs().enqueue("released");
    Job<String> job = claimOne(jobs());
    Background<List<Job<String>>> waiter = waitingClaim();

    job.release();

    assertThat(payloads(waiter.get())).containsExactly("released");
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenAJobIsRetriedAtOnce_wakes() throws Exception {
    jobs().enqueue("retried");
    Job<String> job = claimOne(jobs());
    Background<List<Job<String>>> waiter = waitingClaim();

    job.retry(Duration.ZERO, "again");

    assertThat(payloads(waiter.get())).containsExactly("retried");
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenADeadJobIsRequeued_wakes() throws Exception {
    long id = jobs().enqueue("dead");
    claimOne(jobs()).fail("broken");
    Background<List<Job<String>>> waiter = waitingClaim();

    jobs().deadLetters().requeue(id);

    assertThat(payloads(waiter.get())).containsExactly("dead");
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenAnotherProcessEnqueues_wakes() throws Exception {
    Honker second = store.openSecond();
    Background<List<Job<String>>> waiter = waitingClaim();

    second.queue("jobs", String.class).enqueue("from afar");

    assertThat(payloads(waiter.get())).containsExactly("from afar");
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenNothingComes_isEmptyAfterTheTimeout() throws Exception {
    Background<List<Job<String>>> waiter =
        inBackground(() -> jobs().claim(1, Duration.ofSeconds(5)));
    store.clock().awaitParked(waiter.thread());

    advance(Duration.ofMillis(4999));
    store.clock().awaitParked(waiter.thread());
    assertThat(waiter.isDone()).isFalse();
    advance(Duration.ofMillis(1));

    assertThat(waiter.get()).isEmpty();
  }

  @Rule(id = "Q-4")
  void waitingClaim_withoutLimit_givesWhatIsThere() throws Exception {
    jobs().enqueue("brew");

    assertThat(payloads(jobs().claim(1, ENDLESS))).containsExactly("brew");
  }

  @Rule(id = "Q-4")
  void waitingClaim_ofNegativeTime_isRefused() {
    assertThatThrownBy(() -> jobs().claim(1, Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wait must not be negative, but is PT-0.000000001S");
  }

  @Rule(id = "Q-4")
  void waitingClaim_withoutTime_doesNotWait() throws Exception {
    assertThat(jobs().claim(1, Duration.ZERO)).isEmpty();
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenInterrupted_throwsAndClaimsNothing() throws Exception {
    Background<List<Job<String>>> waiter = waitingClaim();

    waiter.interrupt();

    assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
    jobs().enqueue("brew");
    assertThat(claimOne(jobs()).attempt()).isEqualTo(1);
  }

  @Rule(id = "Q-4")
  void waitingClaims_ofSeveralThreads_shareTheJobs() throws Exception {
    List<Background<List<Job<String>>>> waiters = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Background<List<Job<String>>> waiter = inBackground(() -> jobs().claim(1, LONG));
      store.clock().awaitParked(waiter.thread());
      waiters.add(waiter);
    }

    for (int i = 0; i < 4; i++) {
      jobs().enqueue("job " + i);
    }

    List<String> all = new ArrayList<>();
    for (Background<List<Job<String>>> waiter : waiters) {
      all.addAll(payloads(waiter.get()));
    }
    assertThat(all).containsExactlyInAnyOrder("job 0", "job 1", "job 2", "job 3");
  }

  @Rule(id = "Q-4")
  void waitingClaim_whenTheDatabaseIsClosed_ends() throws Exception {
    Background<List<Job<String>>> waiter = waitingClaim();

    honker.close();

    assertThat(waiter.failure()).isInstanceOf(IllegalStateException.class);
  }

  // whose claim it is

  @Rule(id = "Q-5")
  void ack_afterAnotherClaim_isLostAndChangesNothing() {
    jobs().enqueue("brew");
    Job<String> first = claimOne(jobs());
    letLeasesEnd();
    Job<String> second = claimOne(jobs());

    assertThat(first.ack()).isFalse();
    assertThat(second.ack()).isTrue();
  }

  @Rule(id = "Q-5")
  void lateCalls_afterAnotherClaim_changeNothing() {
    long id = jobs().enqueue("brew");
    Job<String> first = claimOne(jobs());
    letLeasesEnd();
    Job<String> second = claimOne(jobs());
    JobSnapshot<String> before = jobs().find(id).orElseThrow();

    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(first.retry(Duration.ZERO, "late")).as("retry").isFalse();
    softly.assertThat(first.fail("late")).as("fail").isFalse();
    softly.assertThat(first.release()).as("release").isFalse();
    softly.assertThat(first.extendLease(LONG)).as("extendLease").isFalse();
    softly.assertThat(jobs().ackAll(List.of(first))).as("ackAll").isZero();
    softly.assertAll();
    assertThat(jobs().find(id).orElseThrow()).isEqualTo(before);
    assertThat(second.ack()).isTrue();
  }

  @Rule(id = "Q-5")
  void lateCalls_afterTheLeaseLapsed_areLost() {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    letLeasesEnd();

    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(job.ack()).as("ack").isFalse();
    softly.assertThat(job.retry(Duration.ZERO, "late")).as("retry").isFalse();
    softly.assertThat(job.fail("late")).as("fail").isFalse();
    softly.assertThat(job.release()).as("release").isFalse();
    softly.assertThat(job.extendLease(LONG)).as("extendLease").isFalse();
    softly.assertAll();
    assertThat(claimOne(jobs()).id()).isEqualTo(id);
  }

  @Rule(id = "Q-5")
  void lateCalls_inTransaction_areLostAndLeaveItUsable() {
    jobs().enqueue("brew");
    Job<String> first = claimOne(jobs());
    letLeasesEnd();
    Job<String> second = claimOne(jobs());

    honker.inTransaction(
        tx -> {
          assertThat(first.ack(tx)).isFalse();
          assertThat(first.retry(tx, Duration.ZERO, "late")).isFalse();
          assertThat(first.fail(tx, "late")).isFalse();
          assertThat(jobs().ackAll(tx, List.of(first))).isZero();
          assertThat(second.ack(tx)).isTrue();
        });
    assertThat(honker.queues()).isEmpty();
  }

  @Rule(id = "Q-5")
  void secondCall_afterTheFirst_isLost() {
    jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    assertThat(job.ack()).isTrue();
    assertThat(job.ack()).isFalse();
    assertThat(job.retry(Duration.ZERO, "late")).isFalse();
    assertThat(jobs().stats().ready()).isZero();
  }

  @Rule(id = "Q-5")
  void workerIds_ofTwoProcesses_differ() {
    jobs().enqueueAll(List.of("a", "b"));
    Honker second = store.openSecond();

    String ours = claimOne(jobs()).workerId();
    String theirs = claimOne(second.queue("jobs", String.class)).workerId();

    assertThat(ours).isNotEqualTo(theirs);
  }

  @Rule(id = "Q-5")
  void workerIds_beforeAndAfterReopening_differ() {
    jobs().enqueueAll(List.of("a", "b"));
    String before = claimOne(jobs()).workerId();

    honker = store.reopen();

    assertThat(claimOne(jobs()).workerId()).isNotEqualTo(before);
  }

  @Rule(id = "Q-5")
  void extendLease_whileOwned_movesItsEnd() {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    advanceSeconds(200);

    assertThat(job.extendLease(Duration.ofSeconds(300))).isTrue();

    assertThat(job.leaseUntil()).isEqualTo(now().plusSeconds(300));
    assertThat(jobs().find(id).orElseThrow().leaseUntil()).isEqualTo(job.leaseUntil());
    advanceSeconds(300);
    assertThat(jobs().claim()).isEmpty();
    assertThat(job.ack()).isTrue();
  }

  @Rule(id = "Q-5")
  void extendLease_byLessThanIsLeft_neverShortensIt() {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    Instant end = job.leaseUntil();

    assertThat(job.extendLease(Duration.ofSeconds(10))).isTrue();

    assertThat(job.leaseUntil()).isEqualTo(end);
    assertThat(jobs().find(id).orElseThrow().leaseUntil()).isEqualTo(end);
  }

  @Rule(id = "Q-5")
  void extendLease_byFraction_roundsUp() {
    jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    job.extendLease(Duration.ofMillis(400_100));

    assertThat(job.leaseUntil()).isEqualTo(now().plusSeconds(401));
  }

  @Rule(id = "Q-5")
  void extendLease_byNothing_isRefused() {
    jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    assertThatThrownBy(() -> job.extendLease(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> job.extendLease(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // the end of an attempt

  @Rule(id = "Q-6")
  void ack_removesTheJob() {
    long id = jobs().enqueue("brew");

    assertThat(claimOne(jobs()).ack()).isTrue();

    assertThat(jobs().find(id)).isEmpty();
    assertThat(honker.queues()).isEmpty();
  }

  @Rule(id = "Q-6")
  void ackAll_ofMany_countsThoseStillOurs() {
    jobs().enqueueAll(List.of("a", "b", "c"));
    List<Job<String>> jobs = new ArrayList<>(jobs().claim(3));
    jobs().cancel(jobs.get(1).id());

    assertThat(jobs().ackAll(jobs)).isEqualTo(2);

    assertThat(honker.queues()).isEmpty();
  }

  @Rule(id = "Q-6")
  void ackAll_ofNothing_isZero() {
    assertThat(jobs().ackAll(List.of())).isZero();
  }

  @Rule(id = "Q-6")
  void ackAll_ofHundreds_removesThem() {
    List<String> payloads = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      payloads.add("job " + i);
    }
    jobs().enqueueAll(payloads);
    jobs().enqueue("left");

    assertThat(jobs().ackAll(jobs().claim(1500))).isEqualTo(1500);

    assertThat(payloads(jobs().claim(10))).containsExactly("left");
  }

  @Rule(id = "Q-6")
  void ackInTransaction_whenRolledBack_leavesTheClaim() {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      assertThat(job.ack(tx)).isTrue();
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(jobs().find(id).orElseThrow().state()).isEqualTo(JobState.IN_FLIGHT);
    assertThat(job.ack()).isTrue();
  }

  @Rule(id = "Q-6")
  void ackAllInTransaction_commitsWithIt() {
    jobs().enqueueAll(List.of("a", "b"));
    List<Job<String>> jobs = jobs().claim(2);

    honker.inTransaction(tx -> assertThat(jobs().ackAll(tx, jobs)).isEqualTo(2));

    assertThat(honker.queues()).isEmpty();
  }

  @Rule(id = "Q-6")
  void retry_withDelay_isDueAfterIt() {
    long id = jobs().enqueue("brew");
    assertThat(claimOne(jobs()).retry(Duration.ofSeconds(60), "no milk")).isTrue();

    advanceSeconds(59);
    assertThat(jobs().claim()).isEmpty();
    advanceSeconds(1);
    Job<String> again = claimOne(jobs());
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.attempt()).isEqualTo(2);
  }

  @Rule(id = "Q-6")
  void retry_withError_keepsItInTheHistory() {
    long id = jobs().enqueue("brew");
    Job<String> first = claimOne(jobs());
    advanceSeconds(5);
    Instant firstFailure = now();
    first.retry(Duration.ZERO, "no milk");
    Job<String> second = claimOne(jobs());
    advanceSeconds(5);
    second.retry(Duration.ofSeconds(60), null);

    JobSnapshot<String> job = jobs().find(id).orElseThrow();

    assertThat(job.state()).isEqualTo(JobState.DELAYED);
    assertThat(job.attempts()).isEqualTo(2);
    assertThat(job.history())
        .containsExactly(
            new JobAttempt(1, first.workerId(), firstFailure, "no milk"),
            new JobAttempt(2, second.workerId(), now(), null));
  }

  @Rule(id = "Q-6")
  void retry_whenFound_tellsTheLastError() {
    long id = jobs().enqueue("brew");
    claimOne(jobs()).retry(Duration.ZERO, "no milk");
    claimOne(jobs()).retry(Duration.ZERO, "no tea");

    assertThat(jobs().find(id).orElseThrow().lastError()).isEqualTo("no tea");
  }

  @Rule(id = "Q-6")
  void retry_ofTheLastAttempt_sendsItToTheDeadLettersWithTheError() {
    long id = jobs().enqueue("brew", attempts(2));
    claimOne(jobs()).retry(Duration.ZERO, "no milk");

    assertThat(claimOne(jobs()).retry(Duration.ZERO, "no tea")).isTrue();

    assertThat(deathOf(id)).isEqualTo("no tea");
    assertThat(jobs().find(id).orElseThrow().history())
        .extracting(JobAttempt::error)
        .contains("no milk");
  }

  @Rule(id = "Q-6")
  void retry_withFractionOfDelay_roundsUp() {
    long id = jobs().enqueue("brew");
    claimOne(jobs()).retry(Duration.ofMillis(100), "no milk");

    assertThat(jobs().find(id).orElseThrow().runAt()).isEqualTo(now().plusSeconds(1));
  }

  @Rule(id = "Q-6")
  void retry_withNegativeDelay_isRefused() {
    jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    assertThatThrownBy(() -> job.retry(Duration.ofSeconds(-1), "no milk"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(job.ack()).isTrue();
  }

  @Rule(id = "Q-6")
  void retryInTransaction_whenRolledBack_leavesClaimAndHistory() {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      assertThat(job.retry(tx, Duration.ZERO, "no milk")).isTrue();
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(jobs().find(id).orElseThrow().history()).isEmpty();
    assertThat(job.ack()).isTrue();
  }

  @Rule(id = "Q-6")
  void history_ofJobThatIsDone_isGoneWithIt() throws Exception {
    store.require(Capability.SHARED_TABLES);
    jobs().enqueue("brew");
    claimOne(jobs()).retry(Duration.ZERO, "no milk");
    claimOne(jobs()).ack();
    long next = jobs().enqueue("pour");

    assertThat(jobs().find(next).orElseThrow().history()).isEmpty();
  }

  @Rule(id = "Q-6")
  void fail_withAttemptsLeft_sendsItToTheDeadLettersWithTheError() {
    long id = jobs().enqueue("brew", attempts(99));

    assertThat(claimOne(jobs()).fail("no cups")).isTrue();

    assertThat(deathOf(id)).isEqualTo("no cups");
    assertThat(jobs().claim()).isEmpty();
  }

  @Rule(id = "Q-6")
  void fail_withoutError_isKeptWithoutOne() {
    long id = jobs().enqueue("brew");

    assertThat(claimOne(jobs()).fail(null)).isTrue();

    assertThat(jobs().find(id).orElseThrow().lastError()).isNull();
  }

  @Rule(id = "Q-6")
  void failInTransaction_whenRolledBack_leavesTheClaim() {
    jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      assertThat(job.fail(tx, "no cups")).isTrue();
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(jobs().deadLetters().count()).isZero();
    assertThat(job.ack()).isTrue();
  }

  @Rule(id = "Q-5")
  void release_thenClaimedAgain_leavesNothingToTheFirstClaim() {
    JobQueue<String> jobs = jobs();
    jobs.enqueue("job");
    Job<String> first = claimOne(jobs);
    assertThat(first.release()).isTrue();
    Job<String> second = claimOne(jobs);

    assertThat(first.ack()).isFalse();
    assertThat(first.fail("late")).isFalse();
    assertThat(first.retry(Duration.ZERO, "late")).isFalse();
    assertThat(first.extendLease(Duration.ofSeconds(9))).isFalse();
    assertThat(jobs.ackAll(List.of(first))).isZero();
    assertThat(second.ack()).isTrue();
  }

  @Rule(id = "Q-6")
  void release_makesTheJobDueAndUndoesTheAttempt() {
    long id = jobs().enqueue("brew", attempts(1));

    assertThat(claimOne(jobs()).release()).isTrue();

    JobSnapshot<String> released = jobs().find(id).orElseThrow();
    assertThat(released.state()).isEqualTo(JobState.READY);
    assertThat(released.attempts()).isZero();
    assertThat(released.workerId()).isNull();
    Job<String> again = claimOne(jobs());
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.attempt()).isEqualTo(1);
  }

  @Rule(id = "Q-5")
  void lateCalls_afterReleaseAndAnotherClaim_areLost() {
    jobs().enqueue("brew");
    Job<String> first = claimOne(jobs());
    first.release();
    Job<String> second = claimOne(store.openSecond().queue("jobs", String.class));

    assertThat(first.ack()).isFalse();
    assertThat(second.ack()).isTrue();
  }

  // T-5: use after close

  @Rule(id = "T-5")
  void queue_afterCloseOfTheDatabase_isRefused() {
    jobs().enqueueAll(List.of("a", "b"));
    JobQueue<String> queue = jobs();
    Job<String> job = claimOne(queue);
    honker.close();
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("enqueue", () -> queue.enqueue("x"));
    uses.put("enqueueAll", () -> queue.enqueueAll(List.of("x")));
    uses.put("enqueueUnique", () -> queue.enqueueUnique("key", "x", EnqueueOptions.defaults()));
    uses.put("claim", () -> queue.claim(1));
    uses.put("claim and wait", () -> queue.claim(1, Duration.ofSeconds(1)));
    uses.put("ack", job::ack);
    uses.put("ackAll", () -> queue.ackAll(List.of(job)));
    uses.put("retry", () -> job.retry(Duration.ZERO, "x"));
    uses.put("fail", () -> job.fail("x"));
    uses.put("release", job::release);
    uses.put("extendLease", () -> job.extendLease(Duration.ofSeconds(1)));
    uses.put("cancel", () -> queue.cancel(job.id()));
    uses.put("find", () -> queue.find(job.id()));
    uses.put("stats", queue::stats);
    uses.put("dead letters", () -> queue.deadLetters().count());
    uses.put("sweepExpired", queue::sweepExpired);
    uses.put("pause", queue::pause);
    uses.put("isPaused", queue::isPaused);
    uses.put("nextDue", queue::nextDue);
    uses.put("worker", () -> queue.worker(claimed -> {}).start());

    SoftAssertions softly = new SoftAssertions();
    uses.forEach(
        (name, use) ->
            softly.assertThatThrownBy(use).as(name).isInstanceOf(IllegalStateException.class));
    softly.assertAll();
  }
}
