package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.PayloadException;
import io.honker.queue.AwaitedResult;
import io.honker.queue.AwaitedResult.Status;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.Job;
import io.honker.queue.JobResults;
import io.honker.queue.JobState;
import io.honker.queue.Worker;
import io.honker.retry.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Rule Q-11: results of jobs, saved, found and awaited.
 *
 * @since 0.1.0
 */
public abstract class ResultContract extends StoreContract {

  private static final Duration MINUTE = Duration.ofSeconds(60);

  /** Creates the contract; the subclass supplies the store. */
  protected ResultContract() {}

  private JobResults results() {
    return honker.results();
  }

  private static AwaitedResult<String> completed(String value) {
    return new AwaitedResult<>(Status.COMPLETED, value, null);
  }

  private Background<AwaitedResult<String>> waiter(long id) {
    Background<AwaitedResult<String>> waiter =
        inBackground(() -> results().await(id, String.class, LONG));
    store.clock().awaitParked(waiter.thread());
    return waiter;
  }

  /** What a handler of these tests returns. */
  record Cup(String tea, int sugar) {}

  // save and find

  @Rule(id = "Q-11")
  void save_thenFind_givesTheValue() {
    results().save(7, new Cup("green", 2), MINUTE);

    assertThat(results().find(7, Cup.class)).contains(new Cup("green", 2));
  }

  @Rule(id = "Q-11")
  void find_ofNothing_isEmpty() {
    assertThat(results().find(7, String.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void find_ofNull_isEmpty() {
    results().save(7, null, MINUTE);

    assertThat(results().find(7, String.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void find_asWrongType_isRefused() {
    results().save(7, "green", MINUTE);

    assertThatThrownBy(() -> results().find(7, Cup.class)).isInstanceOf(PayloadException.class);
  }

  @Rule(id = "Q-11")
  void save_again_replacesTheValueAndItsEnd() {
    results().save(7, "green", Duration.ofSeconds(1));
    results().save(7, "black", MINUTE);
    advanceSeconds(59);

    assertThat(results().find(7, String.class)).contains("black");
  }

  @Rule(id = "Q-11")
  void save_again_canMakeItEternal() {
    results().save(7, "green", MINUTE);
    results().save(7, "black", Duration.ZERO);
    advance(LONG);

    assertThat(results().find(7, String.class)).contains("black");
  }

  @Rule(id = "Q-11")
  void find_untilTheEndOfTheTtl_givesTheValue() {
    results().save(7, "green", MINUTE);
    advanceSeconds(59);
    assertThat(results().find(7, String.class)).contains("green");

    advanceSeconds(1);

    assertThat(results().find(7, String.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void save_withFractionOfTtl_roundsUp() {
    results().save(7, "green", Duration.ofMillis(1500));
    advance(Duration.ofMillis(1999));

    assertThat(results().find(7, String.class)).contains("green");
  }

  @Rule(id = "Q-11")
  void save_withNegativeTtl_isRefused() {
    assertThatThrownBy(() -> results().save(7, "green", Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(results().find(7, String.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void save_ofValueAboveTheLimit_isRefused() {
    assertThatThrownBy(() -> results().save(7, "x".repeat(1 << 20), MINUTE))
        .isInstanceOf(PayloadException.class);
  }

  @Rule(id = "Q-11")
  void saveInTransaction_commitsOrRollsBackWithIt() {
    honker.inTransaction(tx -> results().save(tx, 7, "green", MINUTE));
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      results().save(tx, 7, "black", MINUTE);
                      results().save(tx, 8, "black", MINUTE);
                      throw new IllegalStateException("no tea");
                    }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(results().find(7, String.class)).contains("green");
    assertThat(results().find(8, String.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void sweep_deletesExpiredResultsOnly() {
    results().save(1, "old", Duration.ofSeconds(1));
    results().save(2, "old too", MINUTE);
    results().save(3, "fresh", Duration.ofSeconds(61));
    results().save(4, "eternal", Duration.ZERO);
    advanceSeconds(60);

    assertThat(results().sweep()).isEqualTo(2);
    assertThat(results().sweep()).isZero();

    assertThat(results().find(3, String.class)).contains("fresh");
    assertThat(results().find(4, String.class)).contains("eternal");
  }

  @Rule(id = "Q-11")
  void save_afterReopening_isStillThere() {
    results().save(7, "green", Duration.ZERO);

    honker = store.reopen();

    assertThat(results().find(7, String.class)).contains("green");
  }

  // await

  @Rule(id = "Q-11")
  void await_ofSavedResult_returnsAtOnce() throws Exception {
    results().save(7, "green", MINUTE);

    assertThat(results().await(7, String.class, LONG)).isEqualTo(completed("green"));
  }

  @Rule(id = "Q-11")
  void await_withoutLimit_returnsWhatIsThere() throws Exception {
    results().save(7, "green", MINUTE);

    assertThat(results().await(7, String.class, ENDLESS)).isEqualTo(completed("green"));
  }

  @Rule(id = "Q-11")
  void await_ofNegativeTime_isRefused() {
    assertThatThrownBy(() -> results().await(7, String.class, Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout must not be negative, but is PT-0.000000001S");
  }

  @Rule(id = "Q-11")
  void await_ofSavedNull_isCompletedWithoutValue() throws Exception {
    results().save(7, null, MINUTE);

    assertThat(results().await(7, String.class, LONG))
        .isEqualTo(new AwaitedResult<String>(Status.COMPLETED, null, null));
  }

  @Rule(id = "Q-11")
  void await_whenTheResultIsSaved_wakes() throws Exception {
    long id = jobs().enqueue("brew");
    Background<AwaitedResult<String>> waiter = waiter(id);

    results().save(id, "green", MINUTE);

    assertThat(waiter.get()).isEqualTo(completed("green"));
  }

  @Rule(id = "Q-11")
  void await_whenTheResultIsSavedWithTheAck_wakes() throws Exception {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    Background<AwaitedResult<String>> waiter = waiter(id);

    honker.inTransaction(
        tx -> {
          results().save(tx, id, "green", MINUTE);
          assertThat(job.ack(tx)).isTrue();
        });

    assertThat(waiter.get()).isEqualTo(completed("green"));
  }

  @Rule(id = "Q-11")
  void await_whenAnotherProcessSaves_wakes() throws Exception {
    long id = jobs().enqueue("brew");
    Honker second = store.openSecond();
    Background<AwaitedResult<String>> waiter = waiter(id);

    second.results().save(id, "from afar", MINUTE);

    assertThat(waiter.get()).isEqualTo(completed("from afar"));
  }

  @Rule(id = "Q-11")
  void await_whenNothingHappens_timesOut() throws Exception {
    long id = jobs().enqueue("brew");
    Background<AwaitedResult<String>> waiter =
        inBackground(() -> results().await(id, String.class, Duration.ofSeconds(5)));
    store.clock().awaitParked(waiter.thread());

    advanceSeconds(5);

    assertThat(waiter.get()).isEqualTo(new AwaitedResult<String>(Status.TIMEOUT, null, null));
  }

  @Rule(id = "Q-11")
  void await_ofUnknownJob_waitsForTheTimeout() throws Exception {
    Background<AwaitedResult<String>> waiter =
        inBackground(() -> results().await(4711, String.class, Duration.ofSeconds(5)));
    store.clock().awaitParked(waiter.thread());

    advanceSeconds(5);

    assertThat(waiter.get().status()).isEqualTo(Status.TIMEOUT);
  }

  @Rule(id = "Q-11")
  void await_ofUnknownJobWhoseResultComes_isCompleted() throws Exception {
    Background<AwaitedResult<String>> waiter = waiter(4711);

    results().save(4711, "green", MINUTE);

    assertThat(waiter.get()).isEqualTo(completed("green"));
  }

  @Rule(id = "Q-11")
  void await_withoutTime_onlyLooks() throws Exception {
    long id = jobs().enqueue("brew");

    assertThat(results().await(id, String.class, Duration.ZERO).status()).isEqualTo(Status.TIMEOUT);
  }

  @Rule(id = "Q-11")
  void await_whenTheJobDies_endsWithTheReason() throws Exception {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    Background<AwaitedResult<String>> waiter = waiter(id);

    job.fail("no cups");

    assertThat(waiter.get()).isEqualTo(new AwaitedResult<String>(Status.DEAD, null, "no cups"));
  }

  @Rule(id = "Q-11")
  void await_ofDeadJob_endsAtOnceWithTheReason() throws Exception {
    long id = jobs().enqueue("brew");
    claimOne(jobs()).fail("no cups");

    assertThat(results().await(id, String.class, LONG))
        .isEqualTo(new AwaitedResult<String>(Status.DEAD, null, "no cups"));
  }

  @Rule(id = "Q-11")
  void await_whenTheJobIsDoneWithoutResult_isGone() throws Exception {
    long id = jobs().enqueue("brew");
    Job<String> job = claimOne(jobs());
    Background<AwaitedResult<String>> waiter = waiter(id);

    job.ack();

    assertThat(waiter.get()).isEqualTo(new AwaitedResult<String>(Status.GONE, null, null));
  }

  @Rule(id = "Q-11")
  void await_whenTheJobIsCancelled_isGone() throws Exception {
    long id = jobs().enqueue("brew");
    Background<AwaitedResult<String>> waiter = waiter(id);

    jobs().cancel(id);

    assertThat(waiter.get().status()).isEqualTo(Status.GONE);
  }

  @Rule(id = "Q-11")
  void await_whenTheJobIsRetried_goesOnWaiting() throws Exception {
    long id = jobs().enqueue("brew");
    Background<AwaitedResult<String>> waiter = waiter(id);

    claimOne(jobs()).retry(Duration.ZERO, "no milk");
    Job<String> again = claimOne(jobs());
    assertThat(waiter.isDone()).isFalse();
    honker.inTransaction(
        tx -> {
          results().save(tx, id, "green", MINUTE);
          again.ack(tx);
        });

    assertThat(waiter.get()).isEqualTo(completed("green"));
  }

  @Rule(id = "Q-11")
  void await_asWrongType_isRefused() throws Exception {
    results().save(7, "green", MINUTE);

    assertThatThrownBy(() -> results().await(7, Cup.class, LONG))
        .isInstanceOf(PayloadException.class);
  }

  @Rule(id = "Q-11")
  void await_whenInterrupted_throws() throws Exception {
    Background<AwaitedResult<String>> waiter = waiter(7);

    waiter.interrupt();

    assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
  }

  @Rule(id = "Q-11")
  void await_whenTheDatabaseIsClosed_ends() throws Exception {
    Background<AwaitedResult<String>> waiter = waiter(7);

    honker.close();

    assertThat(waiter.failure()).isInstanceOf(IllegalStateException.class);
  }

  // workers with results

  @Rule(id = "Q-11")
  void workerWithResult_keepsWhatTheHandlerReturns() throws Exception {
    long id = jobs().enqueue("green");
    Background<AwaitedResult<Cup>> waiter =
        inBackground(() -> results().await(id, Cup.class, LONG));
    store.clock().awaitParked(waiter.thread());

    try (Worker worker =
        jobs().workerWithResult(job -> new Cup(job.payload(), 2), MINUTE).start()) {
      assertThat(waiter.get())
          .isEqualTo(new AwaitedResult<>(Status.COMPLETED, new Cup("green", 2), null));
    }

    advanceSeconds(60);
    assertThat(results().find(id, Cup.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void workerWithResult_commitsTheResultWithTheAck() {
    try (Worker worker = jobs().workerWithResult(Job::payload, Duration.ZERO).start()) {
      for (int i = 0; i < 50; i++) {
        String payload = "job " + i;
        long id = jobs().enqueue(payload);
        assertEventually(() -> assertThat(jobs().find(id)).isEmpty());
        assertThat(results().find(id, String.class)).contains(payload);
      }
    }
  }

  @Rule(id = "Q-11")
  void workerWithResult_ofNull_isCompletedWithoutValue() throws Exception {
    long id = jobs().enqueue("green");

    try (Worker worker = jobs().workerWithResult(job -> null, MINUTE).start()) {
      assertEventually(
          () ->
              assertThat(results().await(id, String.class, Duration.ZERO).status())
                  .isEqualTo(Status.COMPLETED));
    }
  }

  @Rule(id = "Q-11")
  void workerWithResult_whenTheHandlerFails_keepsNone() {
    long id = jobs().enqueue("green");

    try (Worker worker =
        jobs()
            .workerWithResult(
                job -> {
                  throw new IOException("no milk");
                },
                MINUTE)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(30)))
            .start()) {
      assertEventually(
          () -> assertThat(jobs().find(id).orElseThrow().state()).isEqualTo(JobState.DELAYED));
    }

    assertThat(results().find(id, String.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void workerWithResult_whenTheClaimWasLost_keepsNone() throws Exception {
    long id = jobs().enqueue("green");

    try (Worker worker =
        jobs()
            .workerWithResult(
                job -> {
                  jobs().cancel(id);
                  return "late";
                },
                MINUTE)
            .start()) {
      long next = jobs().enqueue("next");
      assertEventually(() -> assertThat(results().find(next, String.class)).isPresent());
    }

    assertThat(results().find(id, String.class)).isEmpty();
  }

  @Rule(id = "Q-11")
  void workerWithResult_ofUnwritableResult_failsTheAttempt() {
    long id = jobs().enqueue("green", EnqueueOptions.builder().maxAttempts(1).build());

    try (Worker worker = jobs().workerWithResult(job -> "x".repeat(1 << 20), MINUTE).start()) {
      assertEventually(
          () -> assertThat(jobs().find(id).orElseThrow().state()).isEqualTo(JobState.DEAD));
    }

    assertThat(results().find(id, String.class)).isEmpty();
  }

  // T-5: use after close

  @Rule(id = "T-5")
  void results_afterCloseOfTheDatabase_areRefused() {
    JobResults results = results();
    honker.close();
    Map<String, ThrowingCallable> uses = new LinkedHashMap<>();
    uses.put("save", () -> results.save(7, "green", MINUTE));
    uses.put("find", () -> results.find(7, String.class));
    uses.put("await", () -> results.await(7, String.class, MINUTE));
    uses.put("sweep", results::sweep);

    SoftAssertions softly = new SoftAssertions();
    uses.forEach(
        (name, use) ->
            softly.assertThatThrownBy(use).as(name).isInstanceOf(IllegalStateException.class));
    softly.assertAll();
  }
}
