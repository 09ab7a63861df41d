package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.channel.Channel;
import io.honker.channel.Listener;
import io.honker.channel.ListenerHandle;
import io.honker.channel.MissedNotifications;
import io.honker.channel.Notification;
import io.honker.channel.NotificationHandler;
import io.honker.channel.PruneOptions;
import io.honker.error.NestedWriteException;
import io.honker.error.PayloadException;
import io.honker.observe.HonkerEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * Rule S-6: channels, their listeners, and pruning.
 *
 * @since 0.1.0
 */
public abstract class ChannelContract extends StoreContract {

  private static final String PLANT =
      "INSERT INTO _honker_notifications(channel, payload, created_at) VALUES ('prices', ?, ?)";

  /** What handlers of this test have been given. */
  private final List<String> heard = new CopyOnWriteArrayList<>();

  /** Creates the contract; the subclass supplies the store. */
  protected ChannelContract() {}

  private Channel<String> prices() {
    return honker.channel("prices", String.class);
  }

  private void hear(Notification<String> notification) {
    heard.add(notification.payload());
  }

  private void awaitHeard(String... payloads) {
    assertEventually(() -> assertThat(heard).containsExactly(payloads));
  }

  private void send(int count) {
    honker.inTransaction(
        tx -> {
          for (int i = 0; i < count; i++) {
            prices().notify(tx, "n" + i);
          }
        });
  }

  private static List<String> texts(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "n" + i).toList();
  }

  /** Everything that a listener has to give now. */
  private static List<String> drain(Listener<String> listener) throws InterruptedException {
    List<String> all = new ArrayList<>();
    Optional<Notification<String>> next = listener.next(Duration.ZERO);
    while (next.isPresent()) {
      all.add(next.get().payload());
      next = listener.next(Duration.ZERO);
    }
    return all;
  }

  private long prune(PruneOptions.Builder options) {
    return honker.notifications().prune(options.build());
  }

  private static PruneOptions.Builder keepLatest(long notifications) {
    return PruneOptions.builder().keepLatest(notifications);
  }

  // notify and listen

  @Rule(id = "S-6")
  void listener_hearsWhatIsSentFromItsStartOn_inOrder() throws InterruptedException {
    prices().notify("before");
    try (Listener<String> listener = prices().listen()) {
      long first = prices().notify("a");
      honker.channel("news", String.class).notify("other");
      long second = prices().notify("b");

      assertThat(listener.next(Duration.ZERO))
          .contains(new Notification<>(first, "prices", "a", ManualClock.START));
      assertThat(listener.next(Duration.ZERO)).map(Notification::id).contains(second);
      assertThat(listener.next(Duration.ZERO)).isEmpty();
      assertThat(first).isLessThan(second);
    }
  }

  @Rule(id = "S-6")
  void next_withoutLimit_givesWhatIsThere() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      prices().notify("a");

      assertThat(listener.next(ENDLESS)).map(Notification::payload).contains("a");
    }
  }

  @Rule(id = "S-6")
  void next_ofNegativeTime_isRefused() {
    try (Listener<String> listener = prices().listen()) {
      assertThatThrownBy(() -> listener.next(Duration.ofNanos(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("timeout must not be negative, but is PT-0.000000001S");
    }
  }

  @Rule(id = "S-6")
  void notifyInTransaction_isHeardAfterTheCommit_andNeverAfterRollback()
      throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      assertThatThrownBy(
              () ->
                  honker.inTransaction(
                      tx -> {
                        prices().notify(tx, "never");
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      honker.inTransaction(
          tx -> {
            prices().notify(tx, "a");
            assertThat(listener.next(Duration.ZERO)).isEmpty();
          });

      assertThat(drain(listener)).containsExactly("a");
    }
  }

  @Rule(id = "S-6")
  @SuppressWarnings("NullAway") // the point of the test
  void notify_ofNonsense_isRefused() {
    assertThatThrownBy(() -> prices().notify((String) null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> prices().notify("x".repeat(1 << 20)))
        .isInstanceOf(PayloadException.class);
    assertThatThrownBy(() -> honker.channel(" ", String.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> honker.inTransaction(tx -> prices().notify("nested")))
        .isInstanceOf(NestedWriteException.class)
        .hasMessageContaining("notify(tx");
  }

  @Rule(id = "S-6")
  void handlerListeners_allHearEverythingInOrder() {
    List<String> also = new CopyOnWriteArrayList<>();
    try (ListenerHandle one = prices().listen(this::hear);
        ListenerHandle two = prices().listen(n -> also.add(n.payload()))) {
      for (String payload : texts(0, 50)) {
        prices().notify(payload);
      }
      assertEventually(() -> assertThat(heard).isEqualTo(texts(0, 50)));
      assertEventually(() -> assertThat(also).isEqualTo(texts(0, 50)));
      assertThat(one.isRunning() && two.isRunning()).isTrue();
    }
  }

  @Rule(id = "S-6")
  void quietChannel_isHeardAmongLoudOnes() throws InterruptedException {
    Channel<String> loud = honker.channel("loud", String.class);
    try (Listener<String> listener = prices().listen()) {
      honker.inTransaction(
          tx -> {
            for (int i = 0; i < 3000; i++) {
              loud.notify(tx, "noise");
            }
            prices().notify(tx, "quiet");
          });

      assertThat(drain(listener)).containsExactly("quiet");
      assertThat(honker.notifications().channels()).containsExactly("loud", "prices");
      assertThat(honker.notifications().count()).isEqualTo(3001);
    }
  }

  @Rule(id = "S-6")
  void listener_isWokenByNotifyInThisAndOtherProcesses() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      Background<Optional<Notification<String>>> waiter = inBackground(() -> listener.next(LONG));
      store.clock().awaitParked(waiter.thread());
      prices().notify("near");
      assertThat(waiter.get()).map(Notification::payload).contains("near");

      Honker second = store.openSecond();
      Background<Optional<Notification<String>>> again = inBackground(() -> listener.next(LONG));
      store.clock().awaitParked(again.thread());
      second.channel("prices", String.class).notify("far");
      assertThat(again.get()).map(Notification::payload).contains("far");
    }
  }

  @Rule(id = "S-6")
  void foreignNotification_isHeard_andOursLooksLikeTheirs() throws Exception {
    store.require(Capability.SHARED_TABLES);
    try (ListenerHandle ignored = prices().listen(this::hear)) {
      rawExecute(PLANT, "\"by hand\"", nowSecond());
      awaitHeard("by hand");
    }
    long id = prices().notify("tea");
    Row row = rawQuery("SELECT * FROM _honker_notifications WHERE id = ?", id).get(0);
    assertThat(row.text("channel")).isEqualTo("prices");
    assertThat(row.text("payload")).isEqualTo("\"tea\"");
    assertThat(row.number("created_at")).isEqualTo(nowSecond());
  }

  @Rule(id = "S-6")
  void listener_withTimeout_waitsForIt() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      Background<Optional<Notification<String>>> waiter =
          inBackground(() -> listener.next(Duration.ofSeconds(5)));
      store.clock().awaitParked(waiter.thread());

      advanceSeconds(5);

      assertThat(waiter.get()).isEmpty();
    }
  }

  @Rule(id = "S-6")
  void undecodableNotification_isToldAndLeftBehind() throws InterruptedException {
    Channel<Integer> numbers = honker.channel("prices", Integer.class);
    try (Listener<Integer> listener = numbers.listen();
        ListenerHandle ignored = numbers.listen(n -> heard.add(n.payload().toString()))) {
      long bad = prices().notify("no number");
      numbers.notify(7);

      assertThatThrownBy(() -> listener.next(Duration.ZERO))
          .isInstanceOf(PayloadException.class)
          .hasMessageContaining("notification " + bad);
      assertThat(listener.next(Duration.ZERO)).map(Notification::payload).contains(7);
      awaitHeard("7");
      assertThat(store.observer().events(HonkerEvent.NotificationFailed.class))
          .extracting(HonkerEvent.NotificationFailed::id)
          .containsExactly(bad);
    }
  }

  @Rule(id = "S-6")
  void handlerThatThrows_isToldToTheObserver_andHearsTheNext() {
    try (ListenerHandle ignored =
        prices()
            .listen(
                n -> {
                  hear(n);
                  if (n.payload().equals("a")) {
                    throw new IOException("no milk");
                  }
                  if (n.payload().equals("b")) {
                    throw new StackOverflowError("no tea");
                  }
                })) {
      prices().notify("a");
      prices().notify("b");
      prices().notify("c");

      awaitHeard("a", "b", "c");
      assertThat(store.observer().events(HonkerEvent.NotificationFailed.class)).hasSize(2);
    }
  }

  // the end

  @Rule(id = "S-6")
  void close_endsAWait() throws InterruptedException {
    Listener<String> listener = prices().listen();
    Background<?> waiter = inBackground(() -> listener.next(LONG));
    store.clock().awaitParked(waiter.thread());

    listener.close();
    listener.close();

    assertThat(waiter.failure()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> listener.next(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "S-6")
  void interruptedListener_missesNothing() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      Background<?> waiter = inBackground(() -> listener.next(LONG));
      store.clock().awaitParked(waiter.thread());
      waiter.interrupt();
      assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);

      prices().notify("a");

      assertThat(drain(listener)).containsExactly("a");
    }
  }

  @Rule(id = "S-6")
  void closeOfHonker_endsListeners() throws InterruptedException {
    Listener<String> listener = prices().listen();
    ListenerHandle handle = prices().listen(this::hear);
    Background<?> waiter = inBackground(() -> listener.next(LONG));
    store.clock().awaitParked(waiter.thread());

    honker.close();

    assertThat(waiter.failure()).isInstanceOf(IllegalStateException.class);
    assertThat(handle.isRunning()).isFalse();
  }

  @Rule(id = "S-6")
  void closeOfAHandler_interruptsItAfterTenSeconds() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    ListenerHandle handle =
        prices()
            .listen(
                n -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                });
    prices().notify("a");
    awaitLatch(begun);
    Background<?> closer =
        inBackground(
            () -> {
              handle.close();
              return "closed";
            });
    store.clock().awaitParked(closer.thread());
    advance(Duration.ofMillis(9999));
    store.clock().awaitParked(closer.thread());
    assertThat(interrupted.getCount()).isEqualTo(1);

    advance(Duration.ofMillis(1));

    awaitLatch(interrupted);
    closer.get();
  }

  // prune

  @Rule(id = "S-6")
  void prune_byCount_goesByRankOverAllChannels() {
    send(5);
    honker.channel("news", String.class).notify("newest");

    assertThat(prune(keepLatest(10))).isZero();
    assertThat(prune(keepLatest(Long.MAX_VALUE))).isZero();
    assertThat(prune(keepLatest(3))).isEqualTo(3);
    assertThat(prune(keepLatest(3))).isZero();
    assertThat(honker.notifications().count()).isEqualTo(3);
    assertThat(prune(keepLatest(0))).isEqualTo(3);
    assertThat(honker.notifications().channels()).isEmpty();
  }

  @Rule(id = "S-6")
  void prune_byCount_isNotFooledByGaps() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    rawExecute(
        "INSERT INTO _honker_notifications(id, channel, payload)"
            + " VALUES (90, 'prices', '1'), (100, 'prices', '2')");

    assertThat(prune(keepLatest(5))).isZero();
    assertThat(prune(keepLatest(2))).isZero();
    assertThat(prune(keepLatest(1))).isEqualTo(1);
    assertThat(rawQuery("SELECT id FROM _honker_notifications").get(0).number("id")).isEqualTo(100);
  }

  @Rule(id = "S-6")
  void prune_byAgeOrCount_removesWhatMeetsEither() {
    prices().notify("old");
    advanceSeconds(10);
    send(3);
    PruneOptions.Builder old = PruneOptions.builder().olderThan(Duration.ofMillis(9500));
    assertThat(prune(old)).isZero();
    advanceSeconds(1);
    assertThat(prune(PruneOptions.builder().olderThan(Duration.ofSeconds(10)).keepLatest(2)))
        .isEqualTo(2);
    assertThat(honker.notifications().count()).isEqualTo(2);
  }

  // what was missed

  @Rule(id = "S-6")
  void listenerThatIsPruned_knowsHowManyItMissed() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      long first = prices().notify("first");
      assertThat(listener.next(Duration.ZERO)).isPresent();
      send(10);
      long last = prices().notify("last");
      prune(keepLatest(1));

      assertThat(drain(listener)).containsExactly("last");
      assertThat(listener.missed())
          .containsExactly(new MissedNotifications("prices", first, last - 1, 10));
      assertThat(listener.missed()).isEmpty();
      assertThat(store.observer().events(HonkerEvent.NotificationsMissed.class))
          .containsExactly(new HonkerEvent.NotificationsMissed("prices", first, last - 1, 10));
    }
  }

  @Rule(id = "S-6")
  void handlerThatIsPruned_isToldWhatItMissed_beforeWhatFollows() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    NotificationHandler<String> handler =
        new NotificationHandler<>() {
          @Override
          public void handle(Notification<String> notification) throws InterruptedException {
            begun.countDown();
            awaitLatch(mayGo);
            hear(notification);
          }

          @Override
          public void missed(MissedNotifications missed) {
            heard.add("missed " + missed.atMost());
          }
        };
    try (ListenerHandle ignored = prices().listen(handler)) {
      prices().notify("a");
      awaitLatch(begun);
      send(5);
      prune(keepLatest(0));
      prices().notify("z");
      mayGo.countDown();

      awaitHeard("a", "missed 5", "z");
    }
  }

  @Rule(id = "S-6")
  void listenerThatIsUpToDate_orStartsLater_missedNothing() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      send(10);
      assertThat(drain(listener)).hasSize(10);
      prune(keepLatest(0));
      try (Listener<String> late = prices().listen()) {
        prices().notify("next");

        assertThat(drain(listener)).containsExactly("next");
        assertThat(drain(late)).containsExactly("next");
        assertThat(listener.missed()).isEmpty();
        assertThat(late.missed()).isEmpty();
      }
    }
  }

  @Rule(id = "S-6")
  void pruningOfOtherChannels_isNoMiss() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      Channel<String> loud = honker.channel("loud", String.class);
      for (int i = 0; i < 20; i++) {
        loud.notify("noise");
      }
      prune(keepLatest(0));
      prices().notify("quiet");

      assertThat(drain(listener)).containsExactly("quiet");
      assertThat(listener.missed()).isEmpty();
    }
  }

  @Rule(id = "S-6")
  void listenerOfManyPrunes_knowsAtLeastHowManyItMissed() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      for (int i = 0; i < 30; i++) {
        send(3);
        prune(keepLatest(0));
      }
      assertThat(drain(listener)).isEmpty();

      List<MissedNotifications> missed = listener.missed();
      assertThat(missed).hasSize(1);
      assertThat(missed.get(0).atMost()).isEqualTo(90);
      send(3);
      prune(keepLatest(0));
      assertThat(drain(listener)).isEmpty();
      assertThat(listener.missed()).extracting(MissedNotifications::atMost).containsExactly(3L);
    }
  }

  @Rule(id = "S-6")
  void pruneByAnotherProgram_isNoticedWhereItIsCertain() throws Exception {
    store.require(Capability.SHARED_TABLES);
    try (Listener<String> listener = prices().listen()) {
      send(1500);
      assertThat(listener.next(Duration.ZERO)).isPresent(); // and has read on to the 1001st
      rawExecute("DELETE FROM _honker_notifications");
      long last = prices().notify("last");

      assertThat(drain(listener)).hasSize(1000).endsWith("n999", "last");
      List<MissedNotifications> missed = listener.missed();
      assertThat(missed).hasSize(1);
      assertThat(missed.get(0).atMost()).isEqualTo(-1);
      assertThat(missed.get(0).upToId()).isLessThan(last);

      rawExecute("DELETE FROM _honker_notifications");
      prices().notify("next");
      assertThat(drain(listener)).containsExactly("next");
      assertThat(listener.missed()).isEmpty();
    }
  }

  @Rule(id = "S-6")
  void listener_ofMoreThanAPage_hearsAllInOrder() throws InterruptedException {
    try (Listener<String> listener = prices().listen()) {
      send(2500);

      assertThat(drain(listener)).isEqualTo(texts(0, 2500));
      assertThat(listener.missed()).isEmpty();
    }
  }
}
