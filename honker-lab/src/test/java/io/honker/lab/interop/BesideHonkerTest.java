package io.honker.lab.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.lock.HeldLock;
import io.honker.lock.LockInfo;
import io.honker.lock.LockOptions;
import io.honker.lock.RateLimit;
import io.honker.lock.RateLimiter;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.JobSnapshot;
import io.honker.queue.Worker;
import io.honker.task.TaskArguments;
import io.honker.task.TaskQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Locks, rate limits, task envelopes and claims of the real honker and of this library on one file
 * (rules L-1, L-2, Q-9, Q-12, Q-13). Real time passes here, because honker knows no other.
 */
class BesideHonkerTest {

  private static final Duration SOON = Duration.ofSeconds(90);

  /** So long that no window ends while a test runs. */
  private static final Duration AGES = Duration.ofSeconds(1_000_000_000);

  @TempDir private Path folder;
  private @Nullable HonkerProcess process;
  private @Nullable Honker honker;

  @BeforeEach
  void openBoth() throws IOException {
    process = HonkerProcess.on(folder.resolve("app.db"));
    honker = Honker.open(folder.resolve("app.db"));
  }

  @AfterEach
  void closeBoth() throws Exception {
    if (honker != null) {
      honker.close();
    }
    if (process != null) {
      process.close();
    }
  }

  private Honker ours() {
    return Objects.requireNonNull(honker);
  }

  private @Nullable Object theirs(String sql, @Nullable Object... parameters) throws IOException {
    return Objects.requireNonNull(process).call(sql, parameters);
  }

  // ---- locks

  @Test
  void lock_ofHonker_isRespected() throws IOException {
    assertThat(theirs("SELECT honker_lock_acquire(?,?,?)", "report", "node", 60)).isEqualTo(1);

    assertThat(ours().locks().tryLock("report")).isEmpty();
    assertThat(ours().locks().find("report")).map(LockInfo::owner).contains("node");
    assertThat(theirs("SELECT honker_lock_release(?,?)", "report", "node")).isEqualTo(1);
    assertThat(ours().locks().tryLock("report")).isPresent();
  }

  @Test
  void lock_ofOurs_isRespectedByHonker() throws IOException {
    HeldLock lock = ours().locks().tryLock("report").orElseThrow();

    assertThat(theirs("SELECT honker_lock_acquire(?,?,?)", "report", "node", 60)).isEqualTo(0);
    assertThat(theirs("SELECT honker_lock_release(?,?)", "report", "node")).isEqualTo(0);
    assertThat(theirs("SELECT honker_lock_renew(?,?,?)", "report", lock.owner(), 600)).isEqualTo(1);
    assertThat(lock.isHeld()).isTrue();
    lock.close();
    assertThat(theirs("SELECT honker_lock_acquire(?,?,?)", "report", "node", 60)).isEqualTo(1);
  }

  @Test
  void lock_whenHonkerReleases_isWokenLongBeforeTheLeaseEnds() throws Exception {
    assertThat(theirs("SELECT honker_lock_acquire(?,?,?)", "report", "node", 3600)).isEqualTo(1);
    CompletableFuture<Optional<HeldLock>> waiter = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                waiter.complete(ours().locks().lock("report", SOON));
              } catch (InterruptedException | RuntimeException e) {
                waiter.completeExceptionally(e);
              }
            });
    thread.start();
    await().atMost(SOON).until(() -> thread.getState() == Thread.State.TIMED_WAITING);

    assertThat(theirs("SELECT honker_lock_release(?,?)", "report", "node")).isEqualTo(1);

    assertThat(waiter.get(SOON.toSeconds(), TimeUnit.SECONDS)).isPresent();
    thread.join();
  }

  @Test
  void lock_thatHonkerLeftBehind_isTakenOverWhenItsLeaseEnds() throws Exception {
    assertThat(theirs("SELECT honker_lock_acquire(?,?,?)", "report", "node", 1)).isEqualTo(1);

    assertThat(ours().locks().lock("report", SOON)).isPresent();
    assertThat(theirs("SELECT honker_lock_renew(?,?,?)", "report", "node", 60)).isEqualTo(0);
  }

  @Test
  void lock_thatHonkerTookOver_isNotRevived() {
    LockOptions brief = LockOptions.builder().ttl(Duration.ofSeconds(1)).build();
    HeldLock lock = ours().locks().tryLock("report", brief).orElseThrow();
    await()
        .atMost(SOON)
        .until(
            () ->
                Integer.valueOf(1)
                    .equals(theirs("SELECT honker_lock_acquire(?,?,?)", "report", "node", 60)));

    assertThat(lock.heartbeat(Duration.ofSeconds(60))).isFalse();
    assertThat(lock.release()).isFalse();
    assertThat(ours().locks().find("report")).map(LockInfo::owner).contains("node");
  }

  // ---- rate limits

  @Test
  void fixedWindow_isCountedTogetherWithHonker() throws IOException {
    RateLimiter limiter = ours().rateLimiter("api", RateLimit.fixedWindow(4, AGES));
    String theirUse = "SELECT honker_rate_limit_try(?,?,?)";
    assertThat(theirs(theirUse, "api", 4, AGES.toSeconds())).isEqualTo(1);
    assertThat(limiter.tryAcquire().allowed()).isTrue();
    assertThat(theirs(theirUse, "api", 4, AGES.toSeconds())).isEqualTo(1);
    assertThat(limiter.tryAcquire().allowed()).isTrue();

    assertThat(limiter.tryAcquire().allowed()).isFalse();
    assertThat(theirs(theirUse, "api", 4, AGES.toSeconds())).isEqualTo(0);
  }

  // ---- tasks

  @Test
  void task_thatHonkerEnqueued_isRunHere_andItsResultReadThere() throws Exception {
    TaskQueue tasks = ours().tasks("default");
    tasks.register(
        "shop.greet",
        call -> "hello " + call.argument(0, "who", String.class) + call.argument("n", int.class));
    String envelope =
        "{\"__honker_task__\": {\"task\": \"shop.greet\", \"args\": [\"gr\\u00fcn\"],"
            + " \"kwargs\": {\"n\": 3}}}";

    try (Worker worker = tasks.worker().start()) {
      Object id =
          theirs(
              "SELECT honker_enqueue(?,?,?,?,?,?,?)", "default", envelope, null, null, 0, 3, null);
      long job = ((Number) Objects.requireNonNull(id)).longValue();
      assertThat(tasks.await(job, String.class, SOON).value()).isEqualTo("hello grün3");
      assertThat(theirs("SELECT honker_result_get(?)", job)).isEqualTo("\"hello grün3\"");
    }
  }

  @Test
  void task_thatWeCall_isWhatHonkersWorkersExpect() throws IOException {
    long id = ours().tasks("default").call("shop.add", TaskArguments.of(2, 3).with("note", "grün"));

    Object claimed = theirs("SELECT honker_claim_batch(?,?,?,?)", "default", "node", 1, 60);

    assertThat(String.valueOf(claimed))
        .contains("\"id\":" + id)
        .contains("__honker_task__")
        .contains("\\\"args\\\":[2,3]");
    assertThat(
            theirs(
                "SELECT json_extract(payload, '$.__honker_task__.kwargs.note') FROM _honker_live"
                    + " WHERE id = ?",
                id))
        .isEqualTo("grün");
    assertThat(theirs("SELECT honker_ack(?,?)", id, "node")).isEqualTo(1);
  }

  @Test
  void task_thatNobodyKnows_isADeadLetterForHonkerToo() throws IOException {
    TaskQueue tasks = ours().tasks("default").register("known", call -> null);
    long id = tasks.call("unknown", TaskArguments.of());

    try (Worker worker = tasks.worker().start()) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(ours().queue("default", Json.class).deadLetters().count())
                      .isEqualTo(1));
    }
    assertThat(theirs("SELECT last_error FROM _honker_dead WHERE id = ?", id))
        .isEqualTo("unknown task: 'unknown'. Registered tasks: ['known']");
  }

  // ---- queues

  @Test
  void concurrencyLimit_countsHonkersClaims_andIsWokenByItsAcks() throws Exception {
    JobQueue<String> jobs = ours().queue("jobs", String.class);
    jobs.enqueueAll(List.of("a", "b", "c"));
    jobs.limitConcurrency(2);
    theirs("SELECT honker_claim_batch(?,?,?,?)", "jobs", "node", 2, 3600);

    assertThat(jobs.claim(2)).isEmpty();
    theirs("SELECT honker_ack(?,?)", 1, "node");
    List<Job<String>> claimed = jobs.claim(2, SOON);

    assertThat(claimed).extracting(Job::payload).containsExactly("c");
  }

  @Test
  void deliveryQueue_isHonkersOutbox() throws IOException {
    JobQueue<String> mails = ours().deliveryQueue("mails", String.class);
    Object id =
        theirs(
            "SELECT honker_enqueue(?,?,?,?,?,?,?)",
            "_outbox:mails",
            "\"hi\"",
            null,
            null,
            0,
            5,
            null);

    assertThat(mails.claim()).map(Job::payload).contains("hi");
    assertThat(mails.find(((Number) Objects.requireNonNull(id)).longValue()))
        .map(JobSnapshot::maxAttempts)
        .contains(5);
  }
}
