package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.error.PayloadException;
import io.honker.observe.HonkerEvent;
import io.honker.queue.JobSnapshot;
import io.honker.retry.GiveUpException;
import io.honker.retry.RetryLaterException;
import io.honker.retry.RetryPolicy;
import io.honker.stream.EventHandler;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.Subscription;
import io.honker.stream.SubscriptionBuilder;
import io.honker.stream.SubscriptionBuilder.WhenExhausted;
import io.honker.stream.TransactionalEventHandler;
import io.honker.stream.TrimOptions;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Rules S-3, S-4 and S-7: subscriptions that deliver at least once, and those whose effects happen
 * exactly once.
 *
 * @since 0.1.0
 */
public abstract class SubscriptionContract extends StoreContract {

  private static final String NO_MILK = "no milk";
  private static final String BILLING = "billing";

  /** Payloads that handlers have been given, in order. */
  private final List<String> handled = new CopyOnWriteArrayList<>();

  /** Creates the contract; the subclass supplies the store. */
  protected SubscriptionContract() {}

  private EventStream<String> topic() {
    return honker.stream("orders", String.class);
  }

  private void handle(StreamEvent<String> event) {
    handled.add(event.payload());
  }

  private SubscriptionBuilder billing() {
    return topic().subscribe(BILLING, this::handle);
  }

  private void awaitHandled(String... payloads) {
    assertEventually(() -> assertThat(handled).containsExactly(payloads));
  }

  private void awaitSaved(long offset) {
    assertEventually(() -> assertThat(topic().savedOffset(BILLING)).hasValue(offset));
  }

  private void awaitIdle() {
    store.clock().awaitParked("honker-stream-orders-");
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "e" + i).toList();
  }

  // S-3: delivery

  @Rule(id = "S-3")
  void subscription_deliversStoredAndLaterEventsInOrder() {
    topic().publishAll(List.of("a", "b"));
    try (Subscription subscription = billing().start()) {
      awaitHandled("a", "b");
      topic().publish("c");
      honker.stream("returns", String.class).publish("other");
      long last = topic().publish("d");

      awaitHandled("a", "b", "c", "d");
      assertEventually(() -> assertThat(subscription.position()).isEqualTo(last));
      assertThat(subscription.isRunning()).isTrue();
      assertThat(subscription.consumer()).isEqualTo(BILLING);
    }
  }

  @Rule(id = "S-3")
  void subscription_ofManyEvents_deliversEachOnceInOrder() {
    topic().publishAll(texts(2500));
    try (Subscription subscription = billing().start()) {
      assertEventually(() -> assertThat(handled).hasSize(2500));
      assertThat(handled).isEqualTo(texts(2500));
      assertThat(subscription.failure()).isEmpty();
    }
  }

  @Rule(id = "S-3")
  void subscription_startsAtTheSavedOffset() {
    List<Long> offsets = topic().publishAll(List.of("a", "b", "c"));
    topic().saveOffset(BILLING, offsets.get(1));
    try (Subscription ignored = billing().startAt(StreamPosition.end()).start()) {
      awaitHandled("c");
    }
  }

  @Rule(id = "S-3")
  void subscription_ofNewConsumer_startsWhereItIsTold() {
    List<Long> offsets = topic().publishAll(List.of("a", "b"));
    try (Subscription end = billing().startAt(StreamPosition.end()).start();
        Subscription after =
            topic()
                .subscribe("other", this::handle)
                .startAt(StreamPosition.after(offsets.get(0)))
                .start()) {
      awaitHandled("b");
      topic().publish("c");

      awaitHandled("b", "c", "c");
      assertThat(end.isRunning() && after.isRunning()).isTrue();
    }
  }

  @Rule(id = "S-3")
  void subscription_ofNewConsumer_isKnownFromItsStart() {
    List<Long> offsets = topic().publishAll(List.of("a", "b"));
    CountDownLatch mayGo = new CountDownLatch(1);
    try (Subscription subscription =
        topic().subscribe(BILLING, event -> awaitLatch(mayGo)).start()) {
      assertThat(topic().savedOffset(BILLING)).hasValue(0);
      assertThat(topic().trim(TrimOptions.builder().keepLatest(0).build())).isZero();
      mayGo.countDown();
      assertEventually(() -> assertThat(subscription.position()).isEqualTo(offsets.get(1)));
    }
    assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(1));
  }

  @Rule(id = "S-3")
  void subscription_ofForeignOffset_goesOnFromThere() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    List<Long> offsets = topic().publishAll(List.of("a", "b"));
    rawExecute(
        "INSERT INTO _honker_stream_consumers(name, topic, offset) VALUES ('billing', 'orders', ?)",
        offsets.get(0));
    try (Subscription ignored = billing().start()) {
      awaitHandled("b");
    }
  }

  // S-3: saving

  @Rule(id = "S-3")
  void offset_isSavedEverySoManyEvents() {
    List<Long> offsets = topic().publishAll(texts(5));
    try (Subscription ignored = billing().saveEvery(2).start()) {
      assertEventually(() -> assertThat(handled).hasSize(5));
      awaitSaved(offsets.get(3));
      awaitIdle();
      assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(3));
    }
    assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(4));
  }

  @Rule(id = "S-3")
  void offset_isSavedAfterTheInterval_withoutFurtherEvents() {
    long offset = topic().publish("a");
    try (Subscription ignored = billing().saveInterval(Duration.ofSeconds(3)).start()) {
      awaitHandled("a");
      awaitIdle();
      advance(Duration.ofMillis(2999));
      awaitIdle();
      assertThat(topic().savedOffset(BILLING)).hasValue(0);

      advance(Duration.ofMillis(1));

      awaitSaved(offset);
    }
  }

  @Rule(id = "S-3")
  void offset_isNotSavedBeforeTheHandlerReturned() throws InterruptedException {
    List<Long> offsets = topic().publishAll(List.of("a", "b"));
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch mayGo = new CountDownLatch(1);
    try (Subscription subscription =
        topic()
            .subscribe(
                BILLING,
                event -> {
                  begun.countDown();
                  if (event.payload().equals("b")) {
                    awaitLatch(mayGo);
                  }
                })
            .saveEvery(1)
            .start()) {
      awaitLatch(begun);
      assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(0));
      assertThat(subscription.position()).isEqualTo(offsets.get(0));
      mayGo.countDown();
      awaitSaved(offsets.get(1));
    }
  }

  @Rule(id = "S-3")
  void offset_isSavedWhenHonkerCloses() {
    long offset = topic().publish("a");
    Subscription subscription = billing().start();
    awaitHandled("a");

    honker = store.reopen();

    assertThat(subscription.isRunning()).isFalse();
    assertThat(topic().savedOffset(BILLING)).hasValue(offset);
  }

  @Rule(id = "S-3")
  void offset_savedByAnother_isNeverMovedBack() {
    topic().publishAll(texts(2));
    try (Subscription ignored = billing().start()) {
      awaitHandled("e0", "e1");
      topic().saveOffset(BILLING, 1000);
    }
    assertThat(topic().savedOffset(BILLING)).hasValue(1000);
  }

  @Rule(id = "S-3")
  void offset_thatCannotBeSavedNow_isSavedLater() throws InterruptedException {
    store.require(Capability.SINGLE_WRITER);
    long offset = topic().publish("a");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    try (Subscription ignored =
        topic()
            .subscribe(
                BILLING,
                event -> {
                  begun.countDown();
                  awaitLatch(mayGo);
                })
            .saveEvery(1)
            .start()) {
      awaitLatch(begun);
      CountDownLatch writerFree = new CountDownLatch(1);
      Background<?> holder = holdWriter(writerFree);
      mayGo.countDown();
      assertThat(topic().savedOffset(BILLING)).hasValue(0);
      writerFree.countDown();
      holder.get();

      awaitSaved(offset);
    }
  }

  // S-3: failures

  private EventHandler<String> failingOn(String payload, int times, Exception failure) {
    AtomicInteger failures = new AtomicInteger();
    return event -> {
      handled.add(event.payload());
      if (event.payload().equals(payload) && failures.incrementAndGet() <= times) {
        throw failure;
      }
    };
  }

  @Rule(id = "S-3")
  void failingHandler_getsTheSameEventAgainAfterTheBackoff() {
    topic().publishAll(List.of("a", "b"));
    try (Subscription ignored =
        topic()
            .subscribe(BILLING, failingOn("a", 2, new IOException(NO_MILK)))
            .retry(RetryPolicy.exponential(Duration.ofSeconds(4)).jitter(0))
            .start()) {
      awaitHandled("a");
      awaitIdle();
      advance(Duration.ofMillis(3999));
      awaitIdle();
      awaitHandled("a");
      advance(Duration.ofMillis(1));
      awaitHandled("a", "a");
      awaitIdle();
      advance(Duration.ofMillis(7999));
      awaitIdle();
      awaitHandled("a", "a");

      advance(Duration.ofMillis(1));

      awaitHandled("a", "a", "a", "b");
      assertThat(store.observer().events(HonkerEvent.EventRetried.class))
          .extracting(HonkerEvent.EventRetried::attempt)
          .containsExactly(1, 2);
    }
  }

  @Rule(id = "S-3")
  void failingHandler_savesWhatIsDoneWhileItWaits() {
    List<Long> offsets = topic().publishAll(List.of("a", "b"));
    try (Subscription ignored =
        topic()
            .subscribe(BILLING, failingOn("b", 1, new IOException(NO_MILK)))
            .retry(RetryPolicy.fixed(Duration.ofMinutes(10)))
            .start()) {
      awaitHandled("a", "b");
      awaitIdle();
      advanceSeconds(2);

      awaitSaved(offsets.get(0));
    }
  }

  @Rule(id = "S-3")
  void handlerThatAsksForLater_getsItThen() {
    topic().publish("a");
    RetryLaterException later = new RetryLaterException(Duration.ofMinutes(5), NO_MILK);
    try (Subscription ignored = topic().subscribe(BILLING, failingOn("a", 1, later)).start()) {
      awaitHandled("a");
      awaitIdle();
      advance(Duration.ofMinutes(4));
      awaitIdle();
      awaitHandled("a");

      advance(Duration.ofMinutes(1));

      awaitHandled("a", "a");
    }
  }

  @Rule(id = "S-3")
  void handlerThatAsksForNever_isNotGivenItAgain() throws InterruptedException {
    topic().publish("a");
    RetryLaterException never = new RetryLaterException(ENDLESS, NO_MILK);
    try (Subscription ignored = topic().subscribe(BILLING, failingOn("a", 1, never)).start()) {
      store.observer().await(HonkerEvent.EventRetried.class, event -> true);
      awaitIdle();
      advance(LONG);
      awaitIdle();
    }

    assertThat(handled).containsExactly("a");
    assertThat(store.observer().events(HonkerEvent.LoopFailed.class)).isEmpty();
  }

  @Rule(id = "S-3")
  void handlerThatThrowsAnError_doesNotEndTheSubscription() {
    topic().publish("a");
    AtomicBoolean thrown = new AtomicBoolean();
    try (Subscription ignored =
        topic()
            .subscribe(
                BILLING,
                event -> {
                  if (thrown.compareAndSet(false, true)) {
                    throw new StackOverflowError(NO_MILK);
                  }
                  handle(event);
                })
            .retry(RetryPolicy.fixed(Duration.ZERO))
            .start()) {
      awaitHandled("a");
    }
  }

  @Rule(id = "S-3")
  void exhaustedEvent_stopsTheSubscription_whichBeginsWithItAgain() {
    List<Long> offsets = topic().publishAll(List.of("a", "b", "c"));
    IOException failure = new IOException(NO_MILK);
    try (Subscription subscription =
        topic()
            .subscribe(BILLING, failingOn("b", 9, failure))
            .retry(RetryPolicy.fixed(Duration.ZERO))
            .maxAttempts(2)
            .start()) {
      HonkerEvent.SubscriptionStopped stopped =
          store.observer().await(HonkerEvent.SubscriptionStopped.class, event -> true);
      assertThat(stopped.offset()).isEqualTo(offsets.get(1));
      assertThat(stopped.reason()).contains(NO_MILK);
      assertThat(subscription.isRunning()).isFalse();
      assertThat(subscription.failure()).contains(failure);
      awaitHandled("a", "b", "b");
    }
    assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(0));
    handled.clear();
    try (Subscription ignored = billing().start()) {
      awaitHandled("b", "c");
    }
  }

  @Rule(id = "S-3")
  void handlerThatGivesUp_stopsAtOnce() {
    topic().publish("a");
    try (Subscription subscription =
        topic().subscribe(BILLING, failingOn("a", 9, new GiveUpException(NO_MILK))).start()) {
      assertEventually(() -> assertThat(subscription.failure()).isPresent());
      awaitHandled("a");
    }
  }

  @Rule(id = "S-3")
  void exhaustedEvent_becomesADeadLetter_andTheNextFollows() {
    topic().publish("first");
    long offset = topic().publish("alice", "b");
    topic().publish("c");
    try (Subscription subscription =
        topic()
            .subscribe(BILLING, failingOn("b", 9, new IOException(NO_MILK)))
            .retry(RetryPolicy.fixed(Duration.ZERO))
            .maxAttempts(2)
            .whenExhausted(WhenExhausted.DEAD_LETTER)
            .start()) {
      awaitHandled("first", "b", "b", "c");
      assertThat(subscription.isRunning()).isTrue();
    }
    List<JobSnapshot<Json>> dead = deadLetters();
    assertThat(dead).hasSize(1);
    assertThat(dead.get(0).lastError()).contains(NO_MILK);
    assertThat(dead.get(0).attempts()).isEqualTo(2);
    assertThat(dead.get(0).json())
        .isEqualTo(
            "{\"offset\":"
                + offset
                + ",\"key\":\"alice\",\"payload\":\"b\",\"published_at\":"
                + nowSecond()
                + "}");
    HonkerEvent.EventDeadLettered told =
        store.observer().await(HonkerEvent.EventDeadLettered.class, event -> true);
    assertThat(told.offset()).isEqualTo(offset);
    assertThat(told.jobId()).isEqualTo(dead.get(0).id());
  }

  private List<JobSnapshot<Json>> deadLetters() {
    return honker.queue("_stream:orders:billing", Json.class).deadLetters().list(0, 10);
  }

  @Rule(id = "S-3")
  void undecodableEvent_isExhaustedAtOnce() {
    EventStream<Json> raw = honker.stream("orders", Json.class);
    raw.publishAll(List.of(Json.of("[1]"), Json.of("\"fine\"")));
    try (Subscription subscription = billing().start()) {
      assertEventually(
          () ->
              assertThat(subscription.failure())
                  .hasValueSatisfying(
                      failure -> assertThat(failure).isInstanceOf(PayloadException.class)));
    }
    assertThat(handled).isEmpty();
    try (Subscription ignored = billing().whenExhausted(WhenExhausted.DEAD_LETTER).start()) {
      awaitHandled("fine");
    }
    assertThat(deadLetters().get(0).json()).contains("\"payload\":[1],");
  }

  @Rule(id = "S-3")
  void eventThatIsNoJson_isADeadLetterThatIsJson() {
    honker.stream("orders", Json.class).publish(Json.of("{broken"));
    try (Subscription ignored = billing().whenExhausted(WhenExhausted.DEAD_LETTER).start()) {
      assertEventually(() -> assertThat(deadLetters()).hasSize(1));
    }
    assertThat(deadLetters().get(0).json()).contains("\"key\":null,\"payload\":\"{broken\",");
  }

  // S-3: the end

  @Rule(id = "S-3")
  void close_waitsForTheRunningHandler() throws InterruptedException {
    long offset = topic().publish("a");
    topic().publish("b");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    Subscription subscription =
        topic()
            .subscribe(
                BILLING,
                event -> {
                  begun.countDown();
                  awaitLatch(mayGo);
                  handle(event);
                })
            .start();
    awaitLatch(begun);
    Background<?> closer = closing(subscription);
    store.clock().awaitParked(closer.thread());
    mayGo.countDown();

    closer.get();

    awaitHandled("a");
    assertThat(topic().savedOffset(BILLING)).hasValue(offset);
  }

  private Background<?> closing(Subscription subscription) {
    return inBackground(
        () -> {
          subscription.close();
          return "closed";
        });
  }

  @Rule(id = "S-3")
  void close_afterTheGrace_interruptsTheHandler_whoseEventComesAgain() throws Exception {
    List<Long> offsets = topic().publishAll(List.of("a", "b"));
    CountDownLatch begun = new CountDownLatch(2);
    Subscription subscription =
        topic()
            .subscribe(
                BILLING,
                event -> {
                  begun.countDown();
                  if (event.payload().equals("b")) {
                    new CountDownLatch(1).await();
                  }
                })
            .maxAttempts(1)
            .shutdownGrace(Duration.ofSeconds(5))
            .start();
    awaitLatch(begun);
    Background<?> closer = closing(subscription);
    store.clock().awaitParked(closer.thread());

    advanceSeconds(5);
    closer.get();

    assertThat(subscription.failure()).isEmpty();
    assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(0));
    try (Subscription ignored = billing().start()) {
      awaitHandled("b");
    }
  }

  @Rule(id = "S-3")
  void close_ofSubscriptionWithoutLimits_saves() {
    long offset = topic().publish("a");
    try (Subscription ignored = billing().saveInterval(ENDLESS).shutdownGrace(ENDLESS).start()) {
      awaitHandled("a");
    }

    assertThat(topic().savedOffset(BILLING)).hasValue(offset);
    assertThat(store.observer().events(HonkerEvent.LoopFailed.class)).isEmpty();
  }

  @Rule(id = "S-3")
  void close_byTheHandler_isRefused() {
    topic().publish("a");
    AtomicReference<Subscription> self = new AtomicReference<>();
    CountDownLatch known = new CountDownLatch(1);
    Subscription subscription =
        topic()
            .subscribe(
                BILLING,
                event -> {
                  awaitLatch(known);
                  self.get().close();
                })
            .maxAttempts(1)
            .start();
    self.set(subscription);
    known.countDown();

    assertEventually(
        () ->
            assertThat(subscription.failure())
                .hasValueSatisfying(
                    failure -> assertThat(failure).isInstanceOf(IllegalStateException.class)));
    subscription.close();
    subscription.close();
  }

  @Rule(id = "S-3")
  void start_withNonsense_listsAllProblems() {
    SubscriptionBuilder builder =
        billing()
            .saveEvery(0)
            .saveInterval(Duration.ZERO)
            .maxAttempts(0)
            .concurrency(33)
            .memberLease(Duration.ofMillis(1999))
            .shutdownGrace(Duration.ofSeconds(-1));

    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "saveEvery",
            "saveInterval",
            "maxAttempts",
            "concurrency",
            "memberLease",
            "shutdownGrace");
    assertThatThrownBy(() -> topic().subscribe(" ", this::handle))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // S-7

  @Rule(id = "S-7")
  void subscriptionAtTheEnd_getsEverythingCommittedAfterItsStart() {
    for (int i = 0; i < 20; i++) {
      String payload = "e" + i;
      try (Subscription ignored =
          topic().subscribe("c" + i, this::handle).startAt(StreamPosition.end()).start()) {
        topic().publish(payload);
        assertEventually(() -> assertThat(handled).contains(payload));
      }
    }
    assertThat(handled).isEqualTo(texts(20));
  }

  @Rule(id = "S-7")
  void subscription_isWokenByAnotherProcess() {
    Honker second = store.openSecond();
    try (Subscription ignored = billing().start()) {
      awaitIdle();
      second.stream("orders", String.class).publish("from afar");

      awaitHandled("from afar");
    }
  }

  // S-4

  private static TransactionalEventHandler<String> order() {
    return (event, tx) -> tx.execute("INSERT INTO orders(note) VALUES (?)", event.payload());
  }

  private SubscriptionBuilder ordering(Honker of) {
    return of.stream("orders", String.class).subscribeInTransaction(BILLING, order());
  }

  @Rule(id = "S-4")
  void transactionalHandler_commitsItsWritesWithTheOffset() {
    createOrders();
    List<Long> offsets = topic().publishAll(texts(50));
    try (Subscription subscription = ordering(honker).start()) {
      assertEventually(() -> assertThat(orders()).isEqualTo(texts(50)));
      assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(49));
      assertEventually(() -> assertThat(subscription.position()).isEqualTo(offsets.get(49)));
    }
  }

  @Rule(id = "S-4")
  void transactionalHandlerThatThrows_undoesBoth_andGetsTheEventAgain() {
    createOrders();
    topic().publish("a");
    AtomicInteger calls = new AtomicInteger();
    try (Subscription ignored =
        topic()
            .subscribeInTransaction(
                BILLING,
                (event, tx) -> {
                  order().handle(event, tx);
                  if (calls.incrementAndGet() == 1) {
                    throw new IOException(NO_MILK);
                  }
                })
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)))
            .start()) {
      store.observer().await(HonkerEvent.EventRetried.class, event -> true);
      awaitIdle();
      assertThat(orders()).isEmpty();
      assertThat(topic().savedOffset(BILLING)).hasValue(0);

      advanceSeconds(5);

      assertEventually(() -> assertThat(orders()).containsExactly("a"));
      assertThat(calls).hasValue(2);
    }
  }

  @Rule(id = "S-4")
  void transactionalHandler_whoseOffsetWasMoved_goesOnFromThere() throws InterruptedException {
    createOrders();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    List<Long> offsets = topic().publishAll(List.of("a", "b", "c"));
    try (Subscription ignored =
        topic()
            .subscribeInTransaction(
                BILLING,
                (event, tx) -> {
                  order().handle(event, tx);
                  if (event.payload().equals("a") && begun.getCount() > 0) {
                    begun.countDown();
                    awaitLatch(mayGo);
                    throw new IOException(NO_MILK);
                  }
                })
            .retry(RetryPolicy.fixed(Duration.ofSeconds(5)))
            .start()) {
      awaitLatch(begun);
      mayGo.countDown();
      store.observer().await(HonkerEvent.EventRetried.class, event -> true);
      topic().saveOffset(BILLING, offsets.get(1));
      awaitIdle();
      advanceSeconds(5);

      assertEventually(() -> assertThat(orders()).containsExactly("c"));
    }
  }

  @Rule(id = "S-4")
  void twoTransactionalSubscribers_ofOneConsumer_haveEachEffectOnce() {
    Honker second = store.openSecond();
    createOrders();
    try (Subscription one = ordering(honker).start();
        Subscription two = ordering(second).start()) {
      for (String payload : texts(300)) {
        topic().publish(payload);
      }
      assertEventually(() -> assertThat(orders()).hasSizeGreaterThanOrEqualTo(300));
      assertThat(one.isRunning() && two.isRunning()).isTrue();
    }
    assertThat(orders()).isEqualTo(texts(300));
  }

  @Rule(id = "S-4")
  void exhaustedEventOfATransactionalSubscription_becomesADeadLetter() {
    createOrders();
    List<Long> offsets = topic().publishAll(List.of("bad", "good"));
    try (Subscription ignored =
        topic()
            .subscribeInTransaction(
                BILLING,
                (event, tx) -> {
                  order().handle(event, tx);
                  if (event.payload().equals("bad")) {
                    throw new GiveUpException(NO_MILK);
                  }
                })
            .whenExhausted(WhenExhausted.DEAD_LETTER)
            .start()) {
      assertEventually(() -> assertThat(orders()).containsExactly("good"));
    }
    assertThat(deadLetters()).hasSize(1);
    assertThat(topic().savedOffset(BILLING)).hasValue(offsets.get(1));
  }

  @Rule(id = "S-4")
  void transactionalHandler_mayPublishInItsTransaction() {
    topic().publish("a");
    EventStream<String> bills = honker.stream("bills", String.class);
    try (Subscription ignored =
            topic()
                .subscribeInTransaction(
                    BILLING, (event, tx) -> bills.publish(tx, "bill of " + event.payload()))
                .start();
        Subscription reader = bills.subscribe("mail", this::handle).start()) {
      awaitHandled("bill of a");
      assertThat(reader.isRunning()).isTrue();
    }
  }
}
