package io.honker.tck;

import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the contracts of transports share: one broker per class, and per test a transport and a log
 * of its own.
 */
@ExtendWith(NoSurvivingThreads.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
abstract class BrokerContract {

  static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** For calls that are meant to time out. */
  static final Duration SHORT = Duration.ofMillis(300);

  /** Longer than a test lasts. */
  static final Duration NEVER = Duration.ofMinutes(5);

  static final Source SOURCE = new Source("db-1.a", "orders");
  static final Instant AT = Instant.parse("2026-11-21T05:00:00Z");

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Background<?>> background = new ArrayList<>();
  private int tests;
  BrokerFixture broker;
  Transport transport;
  RemoteLog log;

  /**
   * Starts a broker. Called once per class, which closes what it was given.
   *
   * @return a new fixture
   */
  protected abstract BrokerFixture newBroker();

  @BeforeAll
  void startBroker() {
    broker = newBroker();
  }

  @AfterAll
  void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @BeforeEach
  void openTransport() throws Exception {
    tests++;
    transport = retrying(() -> open(TIMEOUT, NEVER)); // the first one loads the client's classes
    log = retrying(() -> transport.log("log-" + tests));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (Background<?> call : background) {
      call.stop();
    }
    background.clear();
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    opened.clear();
  }

  Transport open(Duration timeout, Duration redeliverAfter) {
    return closing(broker.open(timeout, redeliverAfter));
  }

  <C extends AutoCloseable> C closing(C resource) {
    opened.add(resource);
    return resource;
  }

  <R extends @Nullable Object> Background<R> inBackground(Callable<R> call) {
    Background<R> started = new Background<>("test-background-" + background.size(), call);
    background.add(started);
    return started;
  }

  /** Another name that no other test uses. */
  String fresh(String name) {
    return name + "-" + tests;
  }

  // ---- events

  static RemoteEvent event(long offset, long previous) {
    return new RemoteEvent(offset, previous, "k" + offset % 3, "{\"n\":" + offset + "}", AT);
  }

  /** Events with the offsets from + 1, ..., to, each following the one before it. */
  static List<RemoteEvent> chain(long from, long to) {
    List<RemoteEvent> events = new ArrayList<>();
    for (long offset = from + 1; offset <= to; offset++) {
      events.add(event(offset, offset - 1));
    }
    return events;
  }

  static List<Long> offsets(List<ReceivedEvent> events) {
    return events.stream().map(received -> received.event().offset()).toList();
  }

  static List<Long> numbers(long from, long to) {
    List<Long> numbers = new ArrayList<>();
    for (long number = from + 1; number <= to; number++) {
      numbers.add(number);
    }
    return numbers;
  }

  // ---- reading

  /** All that the log holds, read by a group of its own and acknowledged. */
  List<ReceivedEvent> contents() throws InterruptedException {
    return contents(log);
  }

  List<ReceivedEvent> contents(RemoteLog read) throws InterruptedException {
    tests++;
    try (RemoteReader reader = read.reader("contents-" + tests, "only")) {
      return drain(reader);
    }
  }

  /** Polls and acknowledges until nothing more comes. */
  static List<ReceivedEvent> drain(RemoteReader reader) throws InterruptedException {
    List<ReceivedEvent> all = new ArrayList<>();
    List<ReceivedEvent> some = reader.poll(100, SHORT);
    while (!some.isEmpty()) {
      all.addAll(some);
      reader.ack(some);
      some = reader.poll(100, SHORT);
    }
    return all;
  }

  /** Polls until it has so many events; acknowledges none. */
  static List<ReceivedEvent> pollFor(RemoteReader reader, int count) {
    List<ReceivedEvent> all = new ArrayList<>();
    Eventually.awaitTrue(
        () -> count + " events, not only " + all,
        () -> {
          boolean more = true;
          while (more && all.size() < count) {
            more = all.addAll(pollNow(reader, count - all.size()));
          }
          return all.size() == count;
        });
    return all;
  }

  private static List<ReceivedEvent> pollNow(RemoteReader reader, int max) {
    try {
      return reader.poll(max, Duration.ofMillis(100));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Repeats what fails in a way that a retry can mend. */
  static <R extends @Nullable Object> R retrying(Callable<R> call) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.call();
      } catch (TransportException e) {
        if (!e.isRetryable() || attempt > 2_000) {
          throw e;
        }
        Eventually.pause();
      }
    }
  }
}
