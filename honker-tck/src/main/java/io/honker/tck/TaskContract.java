package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.codec.Json;
import io.honker.error.PayloadException;
import io.honker.queue.AwaitedResult;
import io.honker.queue.AwaitedResult.Status;
import io.honker.queue.JobQueue;
import io.honker.queue.JobSnapshot;
import io.honker.queue.JobState;
import io.honker.queue.Worker;
import io.honker.retry.GiveUpException;
import io.honker.retry.RetryPolicy;
import io.honker.task.TaskArguments;
import io.honker.task.TaskCall;
import io.honker.task.TaskOptions;
import io.honker.task.TaskQueue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/**
 * Rule Q-12: named tasks in honker's envelope.
 *
 * @since 0.1.0
 */
public abstract class TaskContract extends StoreContract {

  private static final Duration SOON = Duration.ofMinutes(5);

  /** An argument with properties. */
  private record Cup(String size, int shots) {}

  private TaskQueue tasks;

  /** Creates the contract; the subclass supplies the store. */
  @SuppressWarnings("NullAway.Init") // set before each test
  protected TaskContract() {}

  @BeforeEach
  void takeTasks() {
    tasks = honker.tasks("tasks");
  }

  /** The same queue as documents. */
  private JobQueue<Json> raw() {
    return honker.queue("tasks", Json.class);
  }

  private JobSnapshot<Json> awaitDead(long id) {
    assertEventually(
        () -> assertThat(raw().find(id)).map(JobSnapshot::state).contains(JobState.DEAD));
    return raw().find(id).orElseThrow();
  }

  /** Looks at a call inside its handler. */
  private interface Look {
    void at(TaskCall call) throws Exception;
  }

  /** Runs one call of a task; what the look throws fails the test. */
  private void see(TaskArguments arguments, Look look) throws InterruptedException {
    see(Json.of(payload("see", arguments)), look);
  }

  private void see(Json payload, Look look) throws InterruptedException {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    TaskQueue fresh =
        honker
            .tasks("tasks")
            .register(
                "see",
                call -> {
                  try {
                    look.at(call);
                  } catch (Exception | AssertionError e) {
                    failure.set(e);
                  }
                  return "seen";
                });
    long id = raw().enqueue(payload);
    try (Worker worker = fresh.worker().start()) {
      assertThat(fresh.await(id, String.class, SOON))
          .isEqualTo(new AwaitedResult<>(Status.COMPLETED, "seen", null));
    }
    assertThat(failure.get()).isNull();
  }

  private static int number(TaskCall call, int index) {
    return call.argument(index, Integer.class);
  }

  /** What a call writes. */
  private String payload(String task, TaskArguments arguments) {
    long id = tasks.call(task, arguments);
    String json = raw().find(id).map(JobSnapshot::payload).orElseThrow().text();
    raw().cancel(id);
    return json;
  }

  // ---- the envelope

  @Rule(id = "Q-12")
  void call_writesHonkersEnvelope() {
    assertThat(payload("shop.add", TaskArguments.of(2, "x", null).with("rate", 1.5).with("to", 3L)))
        .isEqualTo(
            "{\"__honker_task__\":{\"task\":\"shop.add\",\"args\":[2,\"x\",null],"
                + "\"kwargs\":{\"rate\":1.5,\"to\":3}}}");
    assertThat(payload("say \"hi\"", TaskArguments.of()))
        .isEqualTo("{\"__honker_task__\":{\"task\":\"say \\\"hi\\\"\",\"args\":[],\"kwargs\":{}}}");
  }

  @Rule(id = "Q-12")
  void arguments_areReadAsTheTypeThatIsAskedFor() throws InterruptedException {
    TaskArguments arguments =
        TaskArguments.of(2, 2.5, "grüße", true, new Cup("big", 3), List.of(1, 2), null)
            .with("big", new BigInteger("123456789012345678901234567890"))
            .with("exact", new BigDecimal("0.1000000000000000000000000001"));

    see(
        arguments,
        call -> {
          assertThat(call.positionalCount()).isEqualTo(7);
          assertThat(call.keywords()).containsExactly("big", "exact");
          assertThat(call.argument(0, Integer.class)).isEqualTo(2);
          assertThat(call.argument(0, int.class)).isEqualTo(2);
          assertThat(call.argument(0, Long.class)).isEqualTo(2L);
          assertThat(call.argument(0, Double.class)).isEqualTo(2.0);
          assertThat(call.argument(1, double.class)).isEqualTo(2.5);
          assertThat(call.argument(2, String.class)).isEqualTo("grüße");
          assertThat(call.argument(3, boolean.class)).isTrue();
          assertThat(call.argument(4, Cup.class)).isEqualTo(new Cup("big", 3));
          assertThat(call.argument(5, int[].class)).containsExactly(1, 2);
          assertThat(call.findArgument(2, "name", String.class)).hasValue("grüße");
          assertThat(call.findArgument(9, "big", BigInteger.class)).isPresent();
          assertThat(call.findArgument(6, "none", String.class)).isEmpty();
          assertThat(call.findArgument(9, "nobody", String.class)).isEmpty();
          assertThatThrownBy(() -> call.argument(6, String.class))
              .isInstanceOf(PayloadException.class)
              .hasMessageContaining("place 6");
          assertThat(call.argument("big", BigInteger.class))
              .isEqualTo(new BigInteger("123456789012345678901234567890"));
          assertThat(call.argument("exact", BigDecimal.class))
              .isEqualTo(new BigDecimal("0.1000000000000000000000000001"));
          assertThat(call.argument(5, Json.class)).isEqualTo(Json.of("[1,2]"));
        });
  }

  @Rule(id = "Q-12")
  void argument_byPlaceOrKeyword_isFoundEitherWay() throws InterruptedException {
    see(TaskArguments.of(1, 2), call -> assertThat(both(call)).isEqualTo("1 2"));
    see(TaskArguments.of(1).with("b", 2), call -> assertThat(both(call)).isEqualTo("1 2"));
    see(
        TaskArguments.of().with("b", 2).with("a", 1),
        call -> assertThat(both(call)).isEqualTo("1 2"));
  }

  private static String both(TaskCall call) {
    return call.argument(0, "a", Integer.class) + " " + call.argument(1, "b", Integer.class);
  }

  @Rule(id = "Q-12")
  void argument_thatIsMissingOrDoesNotFit_isAnError() throws InterruptedException {
    see(
        TaskArguments.of("text"),
        call -> {
          assertThatThrownBy(() -> call.argument(1, String.class))
              .isInstanceOf(PayloadException.class)
              .hasMessageContaining("see")
              .hasMessageContaining("HNK-TASK-ARGUMENT");
          assertThatThrownBy(() -> call.argument("who", String.class))
              .isInstanceOf(PayloadException.class)
              .hasMessageContaining("\"who\"");
          assertThatThrownBy(() -> call.argument(1, "who", String.class))
              .isInstanceOf(PayloadException.class)
              .hasMessageContaining("\"who\"")
              .hasMessageContaining("1");
          assertThatThrownBy(() -> call.argument(0, Cup.class))
              .isInstanceOf(PayloadException.class)
              .hasMessageContaining("HNK-PAYLOAD-UNREADABLE");
        });
  }

  @Rule(id = "Q-12")
  void call_writtenByPython_isRead() throws InterruptedException {
    Json python =
        Json.of(
            "{\"__honker_task__\": {\"task\": \"see\", \"args\": [2, 1.0, \"gr\\u00fc\\u00dfe\"],"
                + " \"kwargs\": {\"\\u00fcber\": {\"size\": \"big\", \"shots\": 3}, \"x\": NaN}}}");

    see(
        python,
        call -> {
          assertThat(call.name()).isEqualTo("see");
          assertThat(call.argument(0, int.class)).isEqualTo(2);
          assertThat(call.argument(1, double.class)).isEqualTo(1.0);
          assertThat(call.argument(2, String.class)).isEqualTo("grüße");
          assertThat(call.argument("über", Cup.class)).isEqualTo(new Cup("big", 3));
          assertThat(call.argument("x", double.class)).isNaN();
        });
  }

  @Rule(id = "Q-12")
  void call_withoutArguments_mayLeaveThemOut() throws InterruptedException {
    Json brief = Json.of("{\"__honker_task__\":{\"task\":\"see\"}}");

    see(
        brief,
        call -> {
          assertThat(call.positionalCount()).isZero();
          assertThat(call.keywords()).isEmpty();
        });
  }

  // ---- running

  @Rule(id = "Q-12")
  void worker_runsTheTask_andKeepsItsResult() throws InterruptedException {
    tasks.register("add", call -> number(call, 0) + number(call, 1));

    try (Worker worker = tasks.worker().concurrency(2).start()) {
      long first = tasks.call("add", TaskArguments.of(2, 3));
      long second = honker.fromTransaction(tx -> tasks.call(tx, "add", TaskArguments.of(20, 30)));

      assertThat(tasks.await(first, Integer.class, SOON).value()).isEqualTo(5);
      assertThat(tasks.await(second, Integer.class, SOON).value()).isEqualTo(50);
    }
    assertThat(honker.queues()).isEmpty();
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "Q-12")
  void call_tellsItsJobAndAttempt() throws InterruptedException {
    List<String> seen = new CopyOnWriteArrayList<>();
    tasks.register(
        "flaky",
        call -> {
          seen.add(call.jobId() + "/" + call.attempt());
          if (call.attempt() == 1) {
            throw new IllegalStateException("no");
          }
          return null;
        },
        TaskOptions.builder().retry(RetryPolicy.fixed(Duration.ZERO)).build());
    long id = tasks.call("flaky", TaskArguments.of());

    try (Worker worker = tasks.worker().start()) {
      assertThat(tasks.await(id, String.class, SOON).status()).isEqualTo(Status.COMPLETED);
    }

    assertThat(seen).containsExactly(id + "/1", id + "/2");
  }

  @Rule(id = "Q-12")
  void call_inATransactionThatRollsBack_isGone() {
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      tasks.call(tx, "add", TaskArguments.of(1));
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");

    assertThat(honker.queues()).isEmpty();
  }

  @Rule(id = "Q-12")
  void call_ofUnknownTask_diesWithHonkersText() {
    tasks.register("add", call -> null).register("brew", call -> null);
    long id = tasks.call("it's", TaskArguments.of());
    long other = tasks.call("missing", TaskArguments.of(1));

    try (Worker worker = tasks.worker().start()) {
      assertThat(awaitDead(other).lastError())
          .isEqualTo("unknown task: 'missing'. Registered tasks: ['add', 'brew']");
      assertThat(awaitDead(id).lastError())
          .isEqualTo("unknown task: \"it's\". Registered tasks: ['add', 'brew']");
      assertThat(awaitDead(id).attempts()).isEqualTo(1);
    }
  }

  @Rule(id = "Q-12")
  void rawPayload_diesWithHonkersText() {
    tasks.register("add", call -> null);
    List<Long> ids = new ArrayList<>();
    for (String json :
        List.of(
            "{\"task\":\"add\"}",
            "42",
            "not json",
            "{\"__honker_task__\":1}",
            "{\"__honker_task__\":{\"task\":\"add\",\"args\":{}}}")) {
      ids.add(raw().enqueue(Json.of(json)));
    }

    try (Worker worker = tasks.worker().start()) {
      for (long id : ids) {
        assertThat(awaitDead(id).lastError())
            .isEqualTo("raw (non-decorated) payload on a decorated-task queue");
      }
    }
  }

  @Rule(id = "Q-12")
  void tasks_haveTheirOwnAttemptsAndRetries() {
    tasks.register(
        "twice",
        call -> {
          throw new IllegalStateException("no");
        },
        TaskOptions.builder()
            .maxAttempts(2)
            .priority(5)
            .retry(RetryPolicy.fixed(Duration.ofSeconds(7)))
            .build());
    tasks.register(
        "hopeless",
        call -> {
          throw new GiveUpException("never");
        });
    long twice = tasks.call("twice", TaskArguments.of());
    long hopeless = tasks.call("hopeless", TaskArguments.of());
    assertThat(raw().find(twice).orElseThrow().maxAttempts()).isEqualTo(2);
    assertThat(raw().find(twice).orElseThrow().priority()).isEqualTo(5);

    try (Worker worker =
        tasks.worker().retry(RetryPolicy.fixed(LONG)).start()) { // of no effect here
      assertThat(awaitDead(hopeless).attempts()).isEqualTo(1);
      assertEventually(
          () ->
              assertThat(raw().find(twice).orElseThrow().runAt()).isEqualTo(now().plusSeconds(7)));
      advanceSeconds(7);
      assertThat(awaitDead(twice).attempts()).isEqualTo(2);
    }
  }

  @Rule(id = "Q-12")
  void results_areKeptAsTheTaskSays() throws InterruptedException {
    tasks.register(
        "brief", call -> "result", TaskOptions.builder().resultTtl(Duration.ofSeconds(10)).build());
    tasks.register("none", call -> "result", TaskOptions.builder().storeResult(false).build());
    tasks.register("null", call -> null);
    long brief = tasks.call("brief", TaskArguments.of());
    long none = tasks.call("none", TaskArguments.of());
    long nothing = tasks.call("null", TaskArguments.of());

    try (Worker worker = tasks.worker().start()) {
      assertThat(tasks.await(nothing, String.class, SOON))
          .isEqualTo(new AwaitedResult<String>(Status.COMPLETED, null, null));
      assertThat(tasks.await(brief, String.class, SOON).value()).isEqualTo("result");
      assertEventually(() -> assertThat(honker.queues()).isEmpty());
    }
    assertThat(honker.results().find(none, String.class)).isEmpty();
    advanceSeconds(10);
    assertThat(honker.results().find(brief, String.class)).isEmpty();
  }

  @Rule(id = "Q-12")
  void call_thatExpires_isNotRun() {
    tasks.register(
        "late", call -> null, TaskOptions.builder().expiresAfter(Duration.ofSeconds(10)).build());
    long id = tasks.call("late", TaskArguments.of());
    advanceSeconds(10);

    try (Worker worker = tasks.worker().start()) {
      assertThat(awaitDead(id).lastError()).isEqualTo("expired");
    }
  }

  @Rule(id = "Q-12")
  void await_ofACallThatDied_tellsWhy() throws InterruptedException {
    tasks.register(
        "hopeless",
        call -> {
          throw new GiveUpException("never");
        });
    long id = tasks.call("hopeless", TaskArguments.of());

    try (Worker worker = tasks.worker().start()) {
      AwaitedResult<String> result = tasks.await(id, String.class, SOON);
      assertThat(result.status()).isEqualTo(Status.DEAD);
      assertThat(result.reason()).contains("never");
    }
  }

  // ---- registering

  @Rule(id = "Q-12")
  void register_ofATakenName_isRefused() {
    tasks.register("b", call -> null).register("a", call -> null);

    assertThatThrownBy(() -> tasks.register("a", call -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a\"");
    assertThatThrownBy(() -> tasks.register(" ", call -> null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tasks.call("", TaskArguments.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(tasks.registered()).containsExactly("a", "b");
    assertThat(honker.tasks("tasks").registered()).isEmpty();
    assertThat(tasks.queue()).isEqualTo("tasks");
  }

  @Rule(id = "Q-12")
  void worker_withoutTasks_isRefused() {
    assertThatThrownBy(() -> tasks.worker())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("tasks");
  }

  @Rule(id = "Q-12")
  void call_withTooLargeArguments_isRefused() {
    String half = "x".repeat(600_000);

    assertThat(tasks.call("add", TaskArguments.of(half))).isPositive();
    assertThatThrownBy(() -> tasks.call("add", TaskArguments.of(half, half)))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("HNK-PAYLOAD-TOO-LARGE");
  }

  @Rule(id = "T-5")
  void tasks_afterCloseOfTheDatabase_areRefused() {
    tasks.register("add", call -> null);
    honker.close();

    assertThatThrownBy(() -> tasks.call("add", TaskArguments.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tasks.worker().start()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> honker.tasks("tasks")).isInstanceOf(IllegalStateException.class);
  }

  // ---- delivery queues

  @Rule(id = "Q-13")
  void deliveryQueue_isHonkersOutboxQueue() {
    JobQueue<String> mails = honker.deliveryQueue("mails", String.class);

    long id = mails.enqueue("hello");

    assertThat(mails.name()).isEqualTo("_outbox:mails");
    assertThat(honker.queues()).containsExactly("_outbox:mails");
    assertThat(mails.find(id).orElseThrow().maxAttempts()).isEqualTo(5);
    assertThat(claimOne(mails).leaseUntil()).isEqualTo(now().plusSeconds(60));
    assertThatThrownBy(() -> honker.deliveryQueue(" ", String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "Q-13")
  void deliveryQueue_whenDeliveryFails_waitsFiveSecondsDoublingThenDies() {
    JobQueue<String> mails = honker.deliveryQueue("mails", String.class);
    long id = mails.enqueue("hello");
    List<Long> attemptsAt = new CopyOnWriteArrayList<>();

    try (Worker worker =
        mails
            .worker(
                job -> {
                  attemptsAt.add(Duration.between(ManualClock.START, now()).toSeconds());
                  throw new IllegalStateException("no network");
                })
            .start()) {
      for (int seconds : new int[] {5, 10, 20, 40}) {
        assertEventually(
            () ->
                assertThat(mails.find(id).orElseThrow().runAt())
                    .isEqualTo(now().plusSeconds(seconds)));
        advanceSeconds(seconds);
      }
      assertEventually(() -> assertThat(mails.deadLetters().count()).isEqualTo(1));
    }

    assertThat(attemptsAt).containsExactly(0L, 5L, 15L, 35L, 75L);
    assertThat(mails.find(id).orElseThrow().lastError()).contains("no network");
  }

  @Rule(id = "Q-13")
  void deliveryQueue_whoseWorkerHasAPolicyOfItsOwn_goesByThat() {
    JobQueue<String> mails = honker.deliveryQueue("mails", String.class);
    long id = mails.enqueue("hello");

    try (Worker worker =
        mails
            .worker(
                job -> {
                  throw new IllegalStateException("no network");
                })
            .retry(RetryPolicy.none())
            .start()) {
      assertEventually(() -> assertThat(mails.deadLetters().count()).isEqualTo(1));
    }

    assertThat(mails.find(id).orElseThrow().attempts()).isEqualTo(1);
  }
}
