package io.honker.transport.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.brokers.NatsServer;
import io.honker.tck.NoSurvivingThreads;
import io.honker.tck.Rule;
import io.honker.transport.Broadcast;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to NATS: streams and consumers, and hands that reach into them. */
@ExtendWith(NoSurvivingThreads.class)
class NatsLogTest {

  private static final Source SOURCE = new Source("db.1", "orders");
  private static final String SUBJECT = "honker.log.log.db=2E1.orders";
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir static Path folder;
  private static NatsServer server;
  private static Connection raw;
  private static JetStreamManagement streams;
  private Transport transport;
  private RemoteLog log;

  @BeforeAll
  static void start() throws Exception {
    server = new NatsServer(folder);
    server.start();
    raw = Nats.connect(server.uri(""));
    streams = raw.jetStreamManagement();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      raw.close();
      server.close();
    }
  }

  @BeforeEach
  void open() {
    transport = Transport.builder(server.uri("")).timeout(Duration.ofSeconds(5)).open();
    log = transport.log("log");
  }

  @AfterEach
  void close() throws Exception {
    transport.close();
    for (String name : streams.getStreamNames()) {
      streams.deleteStream(name);
    }
  }

  private static List<RemoteEvent> chain(long from, long to) {
    List<RemoteEvent> events = new ArrayList<>();
    for (long offset = from + 1; offset <= to; offset++) {
      events.add(new RemoteEvent(offset, offset - 1, null, "1", Instant.EPOCH));
    }
    return events;
  }

  private static List<Long> offsets(List<ReceivedEvent> events) {
    return events.stream().map(received -> received.event().offset()).toList();
  }

  @Rule(id = "B-7")
  void log_createsAStreamOnFilesThatKeepsEverything() throws Exception {
    StreamConfiguration stream = streams.getStreamInfo("honker-log").getConfiguration();

    assertThat(stream.getSubjects()).containsExactly("honker.log.log.*.*");
    assertThat(stream.getStorageType()).isEqualTo(StorageType.File);
    assertThat(stream.getMaxAge()).isZero();
    assertThat(stream.getMaxMsgs()).isEqualTo(-1);
    assertThat(stream.getDuplicateWindow()).isEqualTo(Duration.ofMinutes(2));
  }

  @Rule(id = "B-7")
  void append_writesThePayloadAsBodyAndTheRestAsHeaders() throws Exception {
    log.append(
        SOURCE,
        List.of(new RemoteEvent(4, 0, "ä", "{\"a\":1}", Instant.parse("2026-11-21T05:00:00Z"))));

    MessageInfo message = streams.getLastMessage("honker-log", SUBJECT);
    assertThat(new String(message.getData(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
    assertThat(message.getHeaders().getFirst("Honker-Offset")).isEqualTo("4");
    assertThat(message.getHeaders().getFirst("Honker-Previous")).isEqualTo("0");
    assertThat(message.getHeaders().getFirst("Honker-Key")).isEqualTo("=C3=A4");
    assertThat(message.getHeaders().getFirst("Honker-At")).isEqualTo("2026-11-21T05:00:00Z");
    assertThat(message.getHeaders().getFirst("Nats-Msg-Id")).isEqualTo(SUBJECT + ".4");
  }

  @Rule(id = "B-7")
  void log_thatIsSetUpDifferently_showsTheDifferences() throws Exception {
    streams.addStream(
        StreamConfiguration.builder()
            .name("honker-odd")
            .subjects("honker.log.odd.>")
            .storageType(StorageType.Memory)
            .maxMessages(10)
            .build());

    assertThatThrownBy(() -> transport.log("odd"))
        .isInstanceOfSatisfying(
            TransportException.class, failure -> assertThat(failure.isRetryable()).isFalse())
        .hasMessageContainingAll(
            "log odd (stream honker-odd)",
            "subjects is [honker.log.odd.>], must be [honker.log.odd.*.*]",
            "storage is memory, must be file",
            "maximum of messages is 10, must be -1")
        .hasMessageNotContaining("duplicate window");
  }

  @Rule(id = "B-7")
  void log_whoseSubjectsAnotherStreamHas_saysSo() throws Exception {
    streams.addStream(
        StreamConfiguration.builder().name("greedy").subjects("honker.log.taken.>").build());

    assertThatThrownBy(() -> transport.log("taken"))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("choose another log or prefix");
  }

  @Rule(id = "B-7")
  void reader_whoseConsumerIsSetUpDifferently_showsTheDifferences() throws Exception {
    streams.addOrUpdateConsumer(
        "honker-log",
        ConsumerConfiguration.builder()
            .durable("g")
            .ackWait(Duration.ofSeconds(7))
            .maxDeliver(3)
            .build());

    assertThatThrownBy(() -> log.reader("g", "m"))
        .isInstanceOf(TransportException.class)
        .hasMessageContainingAll(
            "group g of log log",
            "ackWait is PT7S, must be PT30S",
            "maximum of deliveries is 3, must be -1");
  }

  @Rule(id = "B-7")
  void append_afterTheStreamWasEmptied_leavesNoGap() throws Exception {
    log.append(SOURCE, chain(0, 3));
    streams.purgeStream("honker-log");

    assertThat(log.lastOffset(SOURCE)).isZero();
    assertThatThrownBy(() -> log.append(SOURCE, chain(0, 5)))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("duplicate window");
    assertThat(log.lastOffset(SOURCE)).isZero();
  }

  /** As when a server comes back without its data. */
  @Rule(id = "B-7")
  void log_whoseStreamIsGone_isEmptyAndIsCreatedAgain() throws Exception {
    log.append(SOURCE, chain(0, 3));
    streams.deleteStream("honker-log");

    assertThat(log.lastOffset(SOURCE)).isZero();
    assertThat(log.append(SOURCE, chain(0, 2))).isEqualTo(2);
    streams.deleteStream("honker-log");
    try (RemoteReader reader = log.reader("g", "m")) {
      assertThat(log.append(SOURCE, chain(0, 1))).isEqualTo(1);
      assertThat(offsets(reader.poll(10, SHORT))).containsExactly(1L);
    }
  }

  @Rule(id = "B-7", note = "the largest payload of Honker's default does not fit the server's")
  void append_ofMoreThanTheServerTakes_appendsNothing() {
    int most = (int) transport.capabilities().maxEventBytes();
    assertThat(most).isBetween((1 << 20) - 10_000, (1 << 20) - 1);
    List<RemoteEvent> events =
        List.of(event(1, 0, most), event(2, 1, 1 << 20)); // Honker.Builder.maxPayloadBytes

    assertThatThrownBy(() -> log.append(SOURCE, events))
        .isInstanceOfSatisfying(
            TransportException.class, failure -> assertThat(failure.isRetryable()).isFalse())
        .hasMessageContainingAll("event 2 has 104", "raise its max_payload", "maxPayloadBytes");
    assertThat(log.lastOffset(SOURCE)).isZero();
    assertThat(log.append(SOURCE, events.subList(0, 1))).isEqualTo(1);
  }

  private static RemoteEvent event(long offset, long previous, int bytes) {
    String payload = "\"" + "x".repeat(bytes - 2) + "\"";
    return new RemoteEvent(offset, previous, "key", payload, Instant.EPOCH);
  }

  @Rule(id = "B-7")
  void send_ofMoreThanTheServerTakes_saysSo() {
    Broadcast broadcast = transport.broadcast();
    String large = "\"" + "x".repeat(1 << 20) + "\"";

    assertThatThrownBy(() -> broadcast.send("news", large))
        .isInstanceOfSatisfying(
            TransportException.class, failure -> assertThat(failure.isRetryable()).isFalse())
        .hasMessageContainingAll("channel news", "1048578", "raise its max_payload");
  }

  @Rule(id = "B-7")
  void poll_leavesOutMessagesThatAreNoEvents() throws Exception {
    raw.jetStream().publish("honker.log.log.a.b", "hello".getBytes(StandardCharsets.UTF_8));
    log.append(SOURCE, chain(0, 1));

    try (RemoteReader reader = log.reader("g", "m")) {
      assertThat(offsets(reader.poll(10, SHORT))).containsExactly(1L);
      assertThat(reader.poll(10, SHORT)).isEmpty();
    }
    assertThat(streams.getConsumerInfo("honker-log", "g").getNumAckPending()).isEqualTo(1);
  }

  /** What a reader gets, whatever it is told first. */
  private static List<Long> eventually(RemoteReader reader, int count) {
    List<Long> all = new ArrayList<>();
    Awaitility.await()
        .until(
            () -> {
              try {
                all.addAll(offsets(reader.poll(count, SHORT)));
              } catch (TransportException e) {
                assertThat(e.isRetryable()).as(e.toString()).isTrue();
              }
              return all.size() >= count;
            });
    return all;
  }

  @Rule(id = "B-7", note = "as a server does that was started again")
  void poll_ofWhatComesAgainInAnotherOrder_getsTheLogsOrder() throws Exception {
    log.reader("g", "m").close();
    log.append(SOURCE, chain(0, 20));
    JetStreamSubscription before =
        raw.jetStream().subscribe(null, PullSubscribeOptions.bind("honker-log", "g"));
    List<Message> taken = new ArrayList<>(before.fetch(20, Duration.ofSeconds(5)));
    Collections.reverse(taken);
    taken.forEach(Message::nak);
    raw.flush(Duration.ofSeconds(5));
    before.unsubscribe();

    try (RemoteReader reader = log.reader("g", "m")) {
      assertThat(eventually(reader, 20)).containsExactlyElementsOf(offsets(1, 20));
    }
  }

  private static List<Long> offsets(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Rule(id = "B-7")
  void poll_afterTheGroupWasDeleted_beginsAnew() throws Exception {
    try (RemoteReader reader = log.reader("g", "m")) {
      log.append(SOURCE, chain(0, 2));
      reader.ack(reader.poll(1, SHORT));
      streams.deleteConsumer("honker-log", "g");

      assertThat(eventually(reader, 2)).containsExactly(1L, 2L);
    }
  }

  @Rule(id = "B-7", note = "the new stream counts from 1 again")
  void poll_afterTheStreamWasDeleted_readsTheNewOne() throws Exception {
    try (RemoteReader reader = log.reader("g", "m")) {
      log.append(SOURCE, chain(0, 2));
      assertThat(offsets(reader.poll(2, SHORT))).containsExactly(1L, 2L);
      streams.deleteStream("honker-log");

      assertThat(log.lastOffset(SOURCE)).isZero();
      assertThat(log.append(SOURCE, chain(2, 3))).isZero();
      assertThat(log.append(SOURCE, chain(0, 3))).isEqualTo(3);

      assertThat(eventually(reader, 3)).containsExactly(1L, 2L, 3L);
    }
  }

  @Rule(id = "B-7")
  void poll_whileTheStreamIsDeleted_goesOn() throws Exception {
    try (RemoteReader reader = log.reader("g", "m")) {
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        Future<List<Long>> polling = other.submit(() -> eventually(reader, 1));
        Awaitility.await()
            .until(() -> streams.getConsumerInfo("honker-log", "g").getNumWaiting() > 0);
        streams.deleteStream("honker-log");

        Awaitility.await().until(() -> log.append(SOURCE, chain(0, 1)) == 1);
        assertThat(polling.get()).containsExactly(1L);
      } finally {
        other.shutdownNow();
      }
    }
  }

  @Rule(id = "B-7")
  void log_withRetention_forgetsByAgeAndKeepsTheLastOffsetsApart() throws Exception {
    try (Transport forgetful =
        Transport.builder(server.uri("")).option("retention", "PT30S").open()) {
      RemoteLog same = forgetful.log("log");
      same.append(SOURCE, chain(0, 3));
      same.append(SOURCE, chain(3, 4));
    }

    StreamConfiguration stream = streams.getStreamInfo("honker-log").getConfiguration();
    assertThat(stream.getMaxAge()).isEqualTo(Duration.ofSeconds(30));
    assertThat(stream.getDuplicateWindow()).isEqualTo(Duration.ofSeconds(30));
    StreamConfiguration heads = streams.getStreamInfo("honker-log=heads").getConfiguration();
    assertThat(heads.getSubjects()).containsExactly("honker.head.log.*.*");
    assertThat(heads.getMaxAge()).isZero();
    assertThat(heads.getMaxMsgsPerSubject()).isEqualTo(1);
    MessageInfo head = streams.getLastMessage("honker-log=heads", "honker.head.log.db=2E1.orders");
    assertThat(new String(head.getData(), StandardCharsets.UTF_8)).isEqualTo("4");
    assertThat(streams.getStreamInfo("honker-log=heads").getStreamState().getMsgCount())
        .isEqualTo(1);
  }

  @Rule(id = "B-7")
  void log_openedWithoutRetention_takesWhatThereIs() throws Exception {
    for (String retention : List.of("PT1H", "PT2H", "PT1M")) {
      try (Transport forgetful =
          Transport.builder(server.uri("")).option("retention", retention).open()) {
        forgetful.log("log");
      }
      transport.log("log").append(SOURCE, chain(0, 1));

      assertThat(streams.getStreamInfo("honker-log").getConfiguration().getMaxAge())
          .isEqualTo(Duration.parse(retention));
    }
    assertThat(streams.getStreamNames())
        .containsExactlyInAnyOrder("honker-log", "honker-log=heads");
  }

  @Rule(id = "B-7")
  void lastOffset_whereTheLastOffsetsAreGone_isThatOfTheLog() throws Exception {
    try (Transport forgetful =
        Transport.builder(server.uri("")).option("retention", "PT1H").open()) {
      RemoteLog same = forgetful.log("log");
      same.append(SOURCE, chain(0, 3));
      streams.deleteStream("honker-log=heads");

      assertThat(same.lastOffset(SOURCE)).isEqualTo(3);
      assertThat(same.append(SOURCE, chain(3, 4))).isEqualTo(4);
    }
    assertThat(streams.getStreamInfo("honker-log=heads").getStreamState().getMsgCount())
        .isEqualTo(1);
  }
}
