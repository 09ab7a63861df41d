package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.error.NestedWriteException;
import io.honker.error.PayloadException;
import io.honker.observe.HonkerEvent;
import io.honker.stream.EventStream;
import io.honker.stream.StreamConsumer;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.StreamReader;
import io.honker.stream.TrimOptions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rules S-1, S-2 and S-7: events published, read, trimmed, and the offsets of consumers.
 *
 * @since 0.1.0
 */
public abstract class StreamContract extends StoreContract {

  private static final String PLANT =
      "INSERT INTO _honker_stream(topic, key, payload, created_at) VALUES (?, ?, ?, ?)";

  /** Creates the contract; the subclass supplies the store. */
  protected StreamContract() {}

  private EventStream<String> topic() {
    return topic(honker);
  }

  private static EventStream<String> topic(Honker of) {
    return of.stream("orders", String.class);
  }

  private List<String> stored() {
    return payloadsOf(topic().read(0, 100_000));
  }

  private static List<String> payloadsOf(List<StreamEvent<String>> events) {
    return events.stream().map(StreamEvent::payload).toList();
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "e" + i).toList();
  }

  // S-1: publish

  @Rule(id = "S-1")
  void publish_returnsAscendingOffsetsOverAllTopics() {
    long first = topic().publish("a");
    long other = honker.stream("returns", String.class).publish("b");
    long last = topic().publish("c");

    assertThat(first).isPositive().isLessThan(other);
    assertThat(other).isLessThan(last);
    assertThat(stored()).containsExactly("a", "c");
  }

  @Rule(id = "S-1")
  void publish_keepsKeyAndTime() {
    advance(Duration.ofMillis(2700));
    long offset = topic().publish("alice", "tea");

    assertThat(topic().read(0, 10))
        .containsExactly(
            new StreamEvent<>(offset, "orders", "alice", "tea", ManualClock.START.plusSeconds(2)));
  }

  @Rule(id = "S-1")
  void publishInTransaction_isThereAfterTheCommit() {
    honker.inTransaction(tx -> topic().publish(tx, "alice", "tea"));

    assertThat(topic().read(0, 10)).extracting(StreamEvent::key).containsExactly("alice");
  }

  @Rule(id = "S-1")
  void publishInTransaction_thatRollsBack_isNever() {
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      topic().publish(tx, "tea");
                      topic().publishAll(tx, List.of("milk", "sugar"), payload -> payload);
                      throw new IllegalStateException("no tea");
                    }))
        .hasMessage("no tea");

    assertThat(stored()).isEmpty();
    assertThat(store.observer().events(HonkerEvent.EventsPublished.class)).isEmpty();
  }

  @Rule(id = "S-1")
  void publishAll_returnsOffsetsInTheOrderOfThePayloads() {
    List<String> payloads = texts(301);

    List<Long> offsets = topic().publishAll(payloads, payload -> "key of " + payload);

    assertThat(offsets).hasSize(301).isSorted().doesNotHaveDuplicates();
    List<StreamEvent<String>> events = topic().read(0, 1000);
    assertThat(events).extracting(StreamEvent::offset).isEqualTo(offsets);
    assertThat(payloadsOf(events)).isEqualTo(payloads);
    assertThat(events).allMatch(event -> ("key of " + event.payload()).equals(event.key()));
  }

  @Rule(id = "S-1")
  void publishAll_withoutKeysOrPayloads_works() {
    assertThat(topic().publishAll(List.of())).isEmpty();
    assertThat(topic().publishAll(List.of("a", "b"))).hasSize(2);

    assertThat(topic().read(0, 10)).extracting(StreamEvent::key).containsOnlyNulls();
  }

  @Rule(id = "S-1")
  void publishAll_withOnePayloadThatCannotBeWritten_publishesNothing() {
    assertThatThrownBy(() -> topic().publishAll(List.of("fine", "x".repeat(1 << 20))))
        .isInstanceOf(PayloadException.class);

    assertThat(stored()).isEmpty();
  }

  @Rule(id = "S-1")
  @SuppressWarnings("NullAway") // the point of the test
  void publish_ofNull_isRefused() {
    assertThatThrownBy(() -> topic().publish(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> honker.stream(" ", String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "S-1")
  void publish_insideATransaction_asksForTheTransaction() {
    assertThatThrownBy(() -> honker.inTransaction(tx -> topic().publish("tea")))
        .isInstanceOf(NestedWriteException.class)
        .hasMessageContaining("publish(tx");
  }

  @Rule(id = "S-1")
  void publish_tellsTheObserverAfterTheCommit() {
    topic().publish("a");
    honker.inTransaction(tx -> topic().publishAll(tx, List.of("b", "c"), payload -> payload));

    assertThat(store.observer().events(HonkerEvent.EventsPublished.class))
        .containsExactly(
            new HonkerEvent.EventsPublished("orders", 1),
            new HonkerEvent.EventsPublished("orders", 2));
  }

  @Rule(id = "S-1")
  void topics_listsThoseThatHoldEvents() {
    assertThat(honker.topics()).isEmpty();
    honker.stream("returns", String.class).publish("b");
    topic().publishAll(List.of("a", "c"));

    assertThat(honker.topics()).containsExactly("orders", "returns");
  }

  @Rule(id = "S-1")
  void foreignEvent_isRead_andOursLookLikeTheirs() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    rawExecute(PLANT, "orders", "k", "{\"from\": \"afar\"}", 1_600_000_000L);
    long ours = topic().publish("k2", "tea");

    List<StreamEvent<Json>> events = honker.stream("orders", Json.class).read(0, 10);
    assertThat(events.get(0).payload().text()).isEqualTo("{\"from\": \"afar\"}");
    assertThat(events.get(0).publishedAt().getEpochSecond()).isEqualTo(1_600_000_000L);
    Row row = rawQuery("SELECT * FROM _honker_stream WHERE offset = ?", ours).get(0);
    assertThat(row.text("topic")).isEqualTo("orders");
    assertThat(row.text("key")).isEqualTo("k2");
    assertThat(row.text("payload")).isEqualTo("\"tea\"");
    assertThat(row.number("created_at")).isEqualTo(nowSecond());
  }

  // S-2: read

  @Rule(id = "S-2")
  void read_givesEventsAfterAnOffsetUpToALimit() {
    List<Long> offsets = topic().publishAll(texts(5));

    assertThat(payloadsOf(topic().read(offsets.get(1), 2))).containsExactly("e2", "e3");
    assertThat(topic().read(offsets.get(4), 10)).isEmpty();
    assertThatThrownBy(() -> topic().read(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "S-2")
  void read_ofUndecodableEvent_namesIt() {
    long offset = topic().publish("tea");

    assertThatThrownBy(() -> honker.stream("orders", int[].class).read(0, 10))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining("event " + offset + " of topic");
  }

  @Rule(id = "S-2")
  void lastOffset_isThatOfTheTopic() {
    assertThat(topic().lastOffset()).isZero();
    long last = topic().publish("a");
    honker.stream("returns", String.class).publish("b");

    assertThat(topic().lastOffset()).isEqualTo(last);
  }

  @Rule(id = "S-2")
  void reader_givesStoredEventsInOrder_andNoneBeyond() throws InterruptedException {
    List<Long> offsets = topic().publishAll(texts(1500));
    try (StreamReader<String> reader = topic().reader(StreamPosition.beginning())) {
      List<String> read = new ArrayList<>();
      for (String payload = next(reader); payload != null; payload = next(reader)) {
        read.add(payload);
      }

      assertThat(read).isEqualTo(texts(1500));
      assertThat(reader.position()).isEqualTo(offsets.get(1499));
    }
  }

  private static @Nullable String next(StreamReader<String> reader) throws InterruptedException {
    Optional<StreamEvent<String>> event = reader.next(Duration.ZERO);
    return event.isPresent() ? event.get().payload() : null;
  }

  @Rule(id = "S-2")
  void reader_startsWhereItIsTold() throws InterruptedException {
    List<Long> offsets = topic().publishAll(List.of("a", "b"));
    try (StreamReader<String> afterFirst = topic().reader(StreamPosition.after(offsets.get(0)));
        StreamReader<String> atEnd = topic().reader(StreamPosition.end())) {
      topic().publish("c");

      assertThat(payloadsOf(afterFirst.next(10, Duration.ZERO))).containsExactly("b", "c");
      assertThat(payloadsOf(atEnd.next(10, Duration.ZERO))).containsExactly("c");
    }
  }

  @Rule(id = "S-2")
  void reader_withMax_givesNoMore() throws InterruptedException {
    topic().publishAll(texts(5));
    try (StreamReader<String> reader = topic().reader(StreamPosition.beginning())) {
      assertThat(payloadsOf(reader.next(3, Duration.ZERO))).containsExactly("e0", "e1", "e2");
      assertThat(payloadsOf(reader.next(3, Duration.ZERO))).containsExactly("e3", "e4");
      assertThat(reader.next(3, Duration.ZERO)).isEmpty();
      assertThatThrownBy(() -> reader.next(0, Duration.ZERO))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Rule(id = "S-2")
  void reader_withTimeout_waitsForIt() throws InterruptedException {
    try (StreamReader<String> reader = topic().reader(StreamPosition.beginning())) {
      Background<Optional<StreamEvent<String>>> waiter =
          inBackground(() -> reader.next(Duration.ofSeconds(5)));
      store.clock().awaitParked(waiter.thread());

      advanceSeconds(5);

      assertThat(waiter.get()).isEmpty();
    }
  }

  @Rule(id = "S-2")
  void reader_withoutLimit_givesWhatIsThere() throws InterruptedException {
    topic().publish("a");
    try (StreamReader<String> reader = topic().reader(StreamPosition.beginning())) {
      assertThat(reader.next(ENDLESS)).map(StreamEvent::payload).contains("a");
    }
  }

  @Rule(id = "S-2")
  void reader_withNegativeTime_isRefused() {
    try (StreamReader<String> reader = topic().reader(StreamPosition.beginning())) {
      assertThatThrownBy(() -> reader.next(Duration.ofNanos(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("timeout must not be negative, but is PT-0.000000001S");
    }
  }

  @Rule(id = "S-2")
  void reader_thatMeetsAnUndecodableEvent_throwsAndGoesOnBehindIt() throws InterruptedException {
    EventStream<Json> raw = honker.stream("orders", Json.class);
    raw.publishAll(List.of(Json.of("1"), Json.of("\"two\""), Json.of("3")));
    try (StreamReader<Integer> reader =
        honker.stream("orders", Integer.class).reader(StreamPosition.beginning())) {
      assertThat(reader.next(10, Duration.ZERO))
          .extracting(StreamEvent::payload)
          .containsExactly(1);
      assertThatThrownBy(() -> reader.next(10, Duration.ZERO)).isInstanceOf(PayloadException.class);
      assertThat(reader.next(10, Duration.ZERO))
          .extracting(StreamEvent::payload)
          .containsExactly(3);
    }
  }

  @Rule(id = "S-2")
  void reader_closedWhileOneWaits_endsTheWait() throws InterruptedException {
    StreamReader<String> reader = topic().reader(StreamPosition.end());
    Background<?> waiter = inBackground(() -> reader.next(LONG));
    store.clock().awaitParked(waiter.thread());

    reader.close();

    assertThat(waiter.failure()).isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "S-2")
  void reader_ofClosedHonker_endsTheWait() throws InterruptedException {
    try (StreamReader<String> reader = topic().reader(StreamPosition.end())) {
      Background<?> waiter = inBackground(() -> reader.next(LONG));
      store.clock().awaitParked(waiter.thread());

      honker.close();

      assertThat(waiter.failure()).isInstanceOf(IllegalStateException.class);
    }
  }

  @Rule(id = "S-2")
  void reader_interruptedWhileWaiting_skipsNothing() throws InterruptedException {
    try (StreamReader<String> reader = topic().reader(StreamPosition.end())) {
      Background<?> waiter = inBackground(() -> reader.next(LONG));
      store.clock().awaitParked(waiter.thread());
      waiter.interrupt();
      assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);

      topic().publish("tea");

      assertThat(next(reader)).isEqualTo("tea");
    }
  }

  // S-2: consumers

  @Rule(id = "S-2")
  void saveOffset_movesForwardOnly() {
    assertThat(topic().savedOffset("billing")).isEmpty();
    assertThat(topic().saveOffset("billing", 5)).isTrue();
    assertThat(topic().saveOffset("billing", 3)).isFalse();
    assertThat(topic().saveOffset("billing", 5)).isFalse();
    assertThat(topic().saveOffset("billing", 10)).isTrue();

    assertThat(topic().savedOffset("billing")).hasValue(10);
    assertThat(honker.stream("returns", String.class).savedOffset("billing")).isEmpty();
  }

  @Rule(id = "S-2")
  void saveOffset_inATransaction_sharesItsFate() {
    honker.inTransaction(tx -> topic().saveOffset(tx, "billing", 5));
    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      topic().saveOffset(tx, "billing", 9);
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");

    assertThat(topic().savedOffset("billing")).hasValue(5);
  }

  @Rule(id = "S-2")
  void saveOffset_ofNonsense_isRefused() {
    assertThatThrownBy(() -> topic().saveOffset("billing", -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> topic().saveOffset(" ", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "S-2")
  void foreignOffset_isRespected_andOursIsSeen() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    rawExecute(
        "INSERT INTO _honker_stream_consumers(name, topic, offset) VALUES ('theirs', 'orders', 7)");
    topic().saveOffset("ours", 9);

    assertThat(topic().savedOffset("theirs")).hasValue(7);
    assertThat(topic().saveOffset("theirs", 6)).isFalse();
    Row row = rawQuery("SELECT * FROM _honker_stream_consumers WHERE name = 'ours'").get(0);
    assertThat(row.number("offset")).isEqualTo(9);
    assertThat(row.text("topic")).isEqualTo("orders");
  }

  @Rule(id = "S-2")
  void lagAndConsumers_countWhatIsNotDone() {
    List<Long> offsets = topic().publishAll(texts(5));
    honker.stream("returns", String.class).publish("other");
    topic().saveOffset("slow", 0);
    topic().saveOffset("fast", offsets.get(3));

    assertThat(topic().lag("fast")).isEqualTo(1);
    assertThat(topic().lag("unknown")).isEqualTo(5);
    assertThat(topic().consumers())
        .containsExactly(
            new StreamConsumer("fast", offsets.get(3), 1), new StreamConsumer("slow", 0, 5));
  }

  @Rule(id = "S-2")
  void lag_ofVeryMany_stopsCounting() {
    topic().publishAll(texts(EventStream.COUNT_LIMIT + 5));

    assertThat(topic().lag("billing")).isEqualTo(EventStream.COUNT_LIMIT);
  }

  // S-2: trim

  private static TrimOptions keepLatest(long events) {
    return TrimOptions.builder().keepLatest(events).build();
  }

  @Rule(id = "S-2")
  void trim_byCount_keepsTheNewest() {
    topic().publishAll(texts(5));
    honker.stream("returns", String.class).publish("other");

    assertThat(topic().trim(keepLatest(2))).isEqualTo(3);
    assertThat(topic().trim(keepLatest(2))).isZero();

    assertThat(stored()).containsExactly("e3", "e4");
    assertThat(honker.topics()).contains("returns");
  }

  @Rule(id = "S-2")
  void trim_byAge_keepsTheYoung() {
    topic().publish("old");
    advanceSeconds(10);
    topic().publish("young");
    TrimOptions options = TrimOptions.builder().olderThan(Duration.ofSeconds(10)).build();
    assertThat(topic().trim(options)).isZero();
    advanceSeconds(1);

    assertThat(topic().trim(options)).isEqualTo(1);

    assertThat(stored()).containsExactly("young");
  }

  @Rule(id = "S-2")
  void trim_neverPassesAConsumer_unlessForced() {
    List<Long> offsets = topic().publishAll(texts(5));
    topic().saveOffset("slow", offsets.get(1));
    topic().saveOffset("fast", offsets.get(4));

    assertThat(topic().trim(keepLatest(0))).isEqualTo(2);
    assertThat(stored()).containsExactly("e2", "e3", "e4");

    assertThat(topic().trim(TrimOptions.builder().keepLatest(1).evenUnread().build())).isEqualTo(2);
    assertThat(stored()).containsExactly("e4");
  }

  @Rule(id = "S-2")
  void trim_byReaders_removesWhatAllHaveRead() {
    TrimOptions readByAll = TrimOptions.builder().readByAll().build();
    List<Long> offsets = topic().publishAll(texts(5));
    assertThat(topic().trim(readByAll)).isZero();
    topic().saveOffset("slow", offsets.get(1));
    topic().saveOffset("fast", offsets.get(4));

    assertThat(topic().trim(readByAll)).isEqualTo(2);

    assertThat(stored()).containsExactly("e2", "e3", "e4");
  }

  @Rule(id = "S-2")
  void forgetConsumer_noLongerHoldsBackTrim() {
    List<Long> offsets = topic().publishAll(texts(3));
    topic().saveOffset("slow", offsets.get(0));

    assertThat(topic().forgetConsumer("slow")).isTrue();
    assertThat(topic().forgetConsumer("slow")).isFalse();

    assertThat(topic().trim(keepLatest(0))).isEqualTo(3);
  }

  @Rule(id = "S-2")
  void trim_ofVeryMany_removesThemAll() {
    topic().publishAll(texts(20_500));

    assertThat(topic().trim(keepLatest(500))).isEqualTo(20_000);

    assertThat(topic().read(0, 1)).extracting(StreamEvent::payload).containsExactly("e20000");
  }

  @Rule(id = "S-2")
  void publishAfterTrimmingAll_neverReusesAnOffset() {
    long before = topic().publish("a");
    topic().trim(keepLatest(0));

    assertThat(topic().publish("b")).isGreaterThan(before);
  }

  // S-7: nothing is missed

  @Rule(id = "S-7")
  void reader_whileOthersPublish_missesNothing() throws InterruptedException {
    try (StreamReader<String> reader = topic().reader(StreamPosition.end())) {
      Background<List<String>> waiter =
          inBackground(
              () -> {
                List<String> read = new ArrayList<>();
                while (read.size() < 300) {
                  read.addAll(payloadsOf(reader.next(100, LONG)));
                }
                return read;
              });
      for (String payload : texts(300)) {
        topic().publish(payload);
      }

      assertThat(waiter.get()).isEqualTo(texts(300));
    }
  }

  @Rule(id = "S-7")
  void reader_isWokenByAnotherProcess() throws InterruptedException {
    Honker second = store.openSecond();
    try (StreamReader<String> reader = topic().reader(StreamPosition.end())) {
      Background<Optional<StreamEvent<String>>> waiter = inBackground(() -> reader.next(LONG));
      store.clock().awaitParked(waiter.thread());

      topic(second).publish("from afar");

      assertThat(waiter.get()).map(StreamEvent::payload).contains("from afar");
    }
  }

  @Rule(id = "S-7")
  void reader_isWokenByPlainSql() throws Exception {
    store.require(Capability.SHARED_TABLES);
    try (StreamReader<String> reader = topic().reader(StreamPosition.end())) {
      Background<Optional<StreamEvent<String>>> waiter = inBackground(() -> reader.next(LONG));
      store.clock().awaitParked(waiter.thread());

      rawExecute(PLANT, "orders", null, "\"by hand\"", nowSecond());

      assertThat(waiter.get()).map(StreamEvent::payload).contains("by hand");
    }
  }
}
