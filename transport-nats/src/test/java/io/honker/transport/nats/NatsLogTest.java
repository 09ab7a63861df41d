package io.honker.transport.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.brokers.NatsServer;
import io.honker.tck.NoSurvivingThreads;
import io.honker.tck.Rule;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  @Rule(id = "B-7")
  void append_ofMoreThanTheServerTakes_appendsNothing() {
    String large = "\"" + "x".repeat(1 << 20) + "\"";
    List<RemoteEvent> events =
        List.of(
            new RemoteEvent(1, 0, null, "1", Instant.EPOCH),
            new RemoteEvent(2, 1, null, large, Instant.EPOCH));

    assertThatThrownBy(() -> log.append(SOURCE, events))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("raise its max_payload");
    assertThat(log.lastOffset(SOURCE)).isZero();
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

  @Rule(id = "B-7")
  void poll_afterTheGroupWasDeleted_saysSo() throws Exception {
    try (RemoteReader reader = log.reader("g", "m")) {
      reader.poll(1, Duration.ZERO);
      streams.deleteConsumer("honker-log", "g");

      assertThatThrownBy(() -> reader.poll(1, SHORT)).isInstanceOf(TransportException.class);
    }
  }
}
