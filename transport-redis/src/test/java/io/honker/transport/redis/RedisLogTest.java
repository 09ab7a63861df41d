package io.honker.transport.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.brokers.RedisServer;
import io.honker.tck.NoSurvivingThreads;
import io.honker.tck.Rule;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to Redis: its keys, its memory, and hands that reach into them. */
@ExtendWith(NoSurvivingThreads.class)
class RedisLogTest {

  private static final Source SOURCE = new Source("db", "orders");
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir static Path folder;
  private static RedisServer server;
  private static RedisClient client;
  private StatefulRedisConnection<String, String> connection;
  private RedisCommands<String, String> raw;
  private Transport transport;
  private RemoteLog log;

  @BeforeAll
  static void start() {
    server = new RedisServer(folder);
    server.start();
    client = RedisClient.create(server.uri(""));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      client.shutdown();
      server.close();
    }
  }

  @BeforeEach
  void open() {
    connection = client.connect();
    raw = connection.sync();
    raw.flushall();
    raw.configSet("maxmemory", "0");
    transport = Transport.builder(server.uri("")).timeout(Duration.ofSeconds(5)).open();
    log = transport.log("log");
  }

  @AfterEach
  void close() {
    transport.close();
    connection.close();
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
  void append_writesReadableFieldsAndTheLastOffsetInOneSlot() {
    log.append(
        SOURCE,
        List.of(new RemoteEvent(4, 0, "k", "{\"a\":1}", Instant.parse("2026-11-21T05:00:00Z"))));

    List<StreamMessage<String, String>> entries =
        raw.xrange("honker:{log}", io.lettuce.core.Range.unbounded());
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).getBody())
        .isEqualTo(
            Map.of(
                "origin", "db",
                "topic", "orders",
                "offset", "4",
                "previous", "0",
                "at", "2026-11-21T05:00:00Z",
                "key", "k",
                "payload", "{\"a\":1}"));
    assertThat(raw.hgetall("honker:{log}:sources")).isEqualTo(Map.of("db/orders", "4"));
    assertThat(SlotHash.getSlot("honker:{log}"))
        .isEqualTo(SlotHash.getSlot("honker:{log}:sources"));
  }

  @Rule(id = "B-7")
  void append_whenTheServerForgotTheScript_loadsItAgain() {
    log.append(SOURCE, chain(0, 1));
    raw.scriptFlush();

    assertThat(log.append(SOURCE, chain(1, 2))).isEqualTo(2);
    assertThat(log.append(SOURCE, chain(2, 3))).isEqualTo(3);
  }

  @Rule(id = "B-7")
  void append_withoutMemory_isRefusedAsAWhole() {
    log.append(SOURCE, chain(0, 3));
    raw.configSet("maxmemory", "1");
    try {
      assertThatThrownBy(() -> log.append(SOURCE, chain(3, 9)))
          .isInstanceOfSatisfying(
              TransportException.class, failure -> assertThat(failure.isRetryable()).isTrue())
          .hasMessageContaining("raise maxmemory");
      assertThat(log.lastOffset(SOURCE)).isEqualTo(3);
      assertThat(raw.xlen("honker:{log}")).isEqualTo(3);
    } finally {
      raw.configSet("maxmemory", "0");
    }

    assertThat(log.append(SOURCE, chain(3, 9))).isEqualTo(9);
  }

  @Rule(id = "B-7")
  void append_withRetention_removesWhatIsOlder() {
    try (Transport forgetful =
        Transport.builder(server.uri("")).option("retention", "PT0.2S").open()) {
      RemoteLog same = forgetful.log("log");
      same.append(SOURCE, chain(0, 2_000));
      Awaitility.await().pollDelay(Duration.ofMillis(400)).until(() -> true);
      same.append(SOURCE, chain(2_000, 2_001));
    }

    assertThat(raw.xlen("honker:{log}")).isBetween(1L, 200L); // whole nodes of entries only
    assertThat(log.lastOffset(SOURCE)).isEqualTo(2_001);
  }

  @Rule(id = "B-7")
  void poll_leavesOutEntriesThatAreNoEvents() throws InterruptedException {
    raw.xadd("honker:{log}", Map.of("hello", "world"));
    log.append(SOURCE, chain(0, 1));
    raw.xadd("honker:{log}", Map.of("origin", "a b", "topic", "t", "offset", "x"));

    try (RemoteReader reader = log.reader("g", "m")) {
      assertThat(offsets(reader.poll(10, SHORT))).containsExactly(1L);
      assertThat(reader.poll(10, SHORT)).isEmpty();
    }

    assertThat(raw.xpending("honker:{log}", "g").getCount()).isEqualTo(1);
  }

  @Rule(id = "B-7")
  void poll_ofEntriesThatWereTrimmedWhilePending_goesOn() throws InterruptedException {
    log.append(SOURCE, chain(0, 3));
    try (RemoteReader reader = log.reader("g", "m")) {
      reader.poll(2, SHORT);
    }
    raw.xtrim("honker:{log}", 1);

    try (RemoteReader again = log.reader("g", "m")) {
      assertThat(offsets(again.poll(10, SHORT))).containsExactly(3L);
    }
    assertThat(raw.xpending("honker:{log}", "g").getCount()).isEqualTo(1);
  }

  @Rule(id = "B-7")
  void poll_afterTheLogWasDeleted_saysSoAndGoesOn() throws InterruptedException {
    try (RemoteReader reader = log.reader("g", "m")) {
      assertThat(reader.poll(1, Duration.ZERO)).isEmpty();
      raw.flushall();

      assertThatThrownBy(() -> reader.poll(1, SHORT))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("was deleted");
      log.append(SOURCE, chain(0, 1));
      assertThat(offsets(reader.poll(1, SHORT))).containsExactly(1L);
    }
  }

  @Rule(id = "B-7", note = "the server answers the blocked command UNBLOCKED")
  void poll_whileTheLogIsDeleted_goesOn() throws Exception {
    try (RemoteReader reader = log.reader("g", "m")) {
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        Future<List<Long>> polling = other.submit(() -> eventually(reader));
        Awaitility.await().until(() -> raw.clientList().contains("cmd=xreadgroup"));
        raw.flushall();
        log.append(SOURCE, chain(0, 1));

        assertThat(polling.get()).containsExactly(1L);
      } finally {
        other.shutdownNow();
      }
    }
  }

  private static List<Long> eventually(RemoteReader reader) {
    List<Long> all = new ArrayList<>();
    Awaitility.await()
        .until(
            () -> {
              try {
                all.addAll(offsets(reader.poll(9, Duration.ofSeconds(1))));
              } catch (TransportException e) {
                assertThat(e.isRetryable()).as(e.toString()).isTrue();
              }
              return !all.isEmpty();
            });
    return all;
  }

  @Rule(id = "B-7", note = "behind the same name another server may be the master now")
  void append_onAServerThatBecameAReplica_isRefusedRetryablyAndConnectsAnew() {
    log.append(SOURCE, chain(0, 1));
    raw.replicaof("127.0.0.1", 1);
    try {
      long before = connections();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> log.append(SOURCE, chain(1, 2)))
            .isInstanceOfSatisfying(
                TransportException.class, failure -> assertThat(failure.isRetryable()).isTrue())
            .hasMessageContaining("connect to the master");
      }
      assertThat(connections()).isGreaterThanOrEqualTo(before + 2);
    } finally {
      raw.replicaofNoOne();
    }

    assertThat(log.append(SOURCE, chain(1, 2))).isEqualTo(2);
  }

  private long connections() {
    return raw.info("stats")
        .lines()
        .filter(line -> line.startsWith("total_connections_received:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
        .sum();
  }

  @Rule(id = "B-7", note = "BUSY is no BUSYGROUP: the group is not there then")
  void calls_whileTheServerRunsALongScript_failRetryably() {
    raw.configSet("busy-reply-threshold", "10");
    try (StatefulRedisConnection<String, String> second = client.connect()) {
      RedisFuture<Object> script =
          second.async().eval("while true do end", ScriptOutputType.STATUS);
      Awaitility.await()
          .ignoreExceptions()
          .until(
              () -> {
                try {
                  raw.get("x");
                  return false;
                } catch (RedisBusyException e) {
                  return true;
                }
              });
      try {
        assertBusy(() -> log.append(SOURCE, chain(0, 1)));
        assertBusy(() -> log.reader("g", "m"));
        assertBusy(() -> Transport.builder(server.uri("")).open());
      } finally {
        raw.scriptKill();
      }
      assertThatThrownBy(script::get).isNotNull();
    } finally {
      raw.configSet("busy-reply-threshold", "5000");
    }

    assertThat(log.append(SOURCE, chain(0, 1))).isEqualTo(1);
  }

  private static void assertBusy(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TransportException.class, failure -> assertThat(failure.isRetryable()).isTrue())
        .hasMessageContaining("somebody's long script");
  }

  @Rule(id = "B-7")
  void open_ofAServerWithTooManyClients_isRefusedRetryably() {
    String most = raw.configGet("maxclients").get("maxclients");
    raw.configSet("maxclients", "1");
    try {
      assertThatThrownBy(() -> Transport.builder(server.uri("")).open().close())
          .isInstanceOfSatisfying(
              TransportException.class, failure -> assertThat(failure.isRetryable()).isTrue());
    } finally {
      raw.configSet("maxclients", most);
    }
  }

  @Rule(id = "B-7")
  void calls_onALastOffsetThatIsNone_sayWhichKey() {
    raw.hset("honker:{log}:sources", "db/orders", "seven");

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> log.lastOffset(SOURCE), () -> log.append(SOURCE, chain(0, 1)))) {
      assertThatThrownBy(call)
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("key honker:{log}:sources");
    }
  }
}
