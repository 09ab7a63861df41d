package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.time.SystemClock;
import io.honker.transport.Broadcast;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.Source;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * Appending to logs: order, completeness and uniqueness, whatever is repeated, lost or late.
 *
 * @since 0.1.0
 */
public abstract class TransportContract extends BrokerContract {

  /** Creates the contract; JUnit does. */
  protected TransportContract() {}

  private static void assertFailsRetryably(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            TransportException.class, failure -> assertThat(failure.isRetryable()).isTrue());
  }

  /** The test's log through a transport that soon gives up, also on a machine that is slow. */
  private RemoteLog impatientLog(Duration timeout) throws Exception {
    Transport impatient = retrying(() -> open(timeout, NEVER));
    return retrying(() -> impatient.log(log.name()));
  }

  // ---- what stands in the log

  @Rule(id = "B-1")
  void append_ofAChain_standsInOrderWithAllItsParts() throws InterruptedException {
    List<RemoteEvent> events = List.of(event(3, 0), event(7, 3), event(8, 7));

    assertThat(log.append(SOURCE, events)).isEqualTo(8);

    List<ReceivedEvent> contents = contents();
    assertThat(contents).extracting(ReceivedEvent::event).isEqualTo(events);
    assertThat(contents).extracting(ReceivedEvent::source).containsOnly(SOURCE);
    assertThat(contents).extracting(ReceivedEvent::position).doesNotHaveDuplicates();
  }

  @Rule(id = "B-1")
  void append_ofOddContents_keepsThem() throws InterruptedException {
    List<RemoteEvent> events =
        List.of(
            new RemoteEvent(1, 0, null, "null", Instant.EPOCH),
            new RemoteEvent(2, 1, "", "\"\"", Instant.parse("1969-12-31T23:59:59.000000001Z")),
            new RemoteEvent(3, 2, "ключ \u0001\r\n%=:😀", "\"Größe 😀\u2028\\u0000\"", AT),
            new RemoteEvent(
                9_007_199_254_740_993L, 3, " k ", "{\n\t\"a\" : [1,\r\n2]}", AT.plusNanos(1)),
            new RemoteEvent(
                Long.MAX_VALUE,
                9_007_199_254_740_993L,
                "$JS.> *",
                "[]",
                Instant.parse("2999-01-01T00:00:00.123456789Z")));

    assertThat(log.append(SOURCE, events)).isEqualTo(Long.MAX_VALUE);

    assertThat(log.lastOffset(SOURCE)).isEqualTo(Long.MAX_VALUE);
    assertThat(contents()).extracting(ReceivedEvent::event).isEqualTo(events);
  }

  @Rule(id = "B-1")
  void append_ofLargeEvents_keepsThem() throws InterruptedException {
    String large = "\"" + "ä😀x".repeat(100_000) + "\"";
    List<RemoteEvent> events = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      events.add(new RemoteEvent(i, i - 1, null, large, AT));
    }

    assertThat(log.append(SOURCE, events)).isEqualTo(8);

    assertThat(transport.capabilities().maxEventBytes()).isGreaterThan(900_000);
    assertThat(contents()).extracting(ReceivedEvent::event).isEqualTo(events);
  }

  @Rule(id = "B-1")
  void append_ofManyEvents_standsInOrder() throws InterruptedException {
    assertThat(log.append(SOURCE, chain(0, 2_345))).isEqualTo(2_345);

    assertThat(offsets(contents())).isEqualTo(numbers(0, 2_345));
  }

  @Rule(id = "B-1")
  void append_ofEventsThatDoNotFollowEachOther_isRefused() throws InterruptedException {
    assertThatThrownBy(() -> log.append(SOURCE, List.of(event(1, 0), event(3, 2))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.append(SOURCE, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(contents()).isEmpty();
  }

  @Rule(id = "B-1")
  void lastOffset_ofASourceThatTheLogDoesNotKnow_isZero() {
    log.append(SOURCE, chain(0, 2));

    assertThat(log.lastOffset(SOURCE)).isEqualTo(2);
    assertThat(log.lastOffset(new Source(SOURCE.origin(), "other"))).isZero();
    assertThat(log.lastOffset(new Source("db-1", SOURCE.topic()))).isZero();
  }

  @Rule(id = "B-1")
  void log_ofAnotherName_isAnotherLog() throws InterruptedException {
    RemoteLog other = transport.log(fresh("other"));
    log.append(SOURCE, chain(0, 2));

    assertThat(other.name()).isEqualTo(fresh("other"));
    assertThat(other.lastOffset(SOURCE)).isZero();
    assertThat(contents(other)).isEmpty();
  }

  @Rule(id = "B-1")
  void log_ofANameWithOddCharacters_isRefused() {
    for (String name : List.of("", "a b", "a.b", "a*", "a>", "{a}", "a:b", "a\r\nb", "ä")) {
      assertThatThrownBy(() -> transport.log(name)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> log.reader(name, "m")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> log.reader("g", name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Rule(id = "B-1")
  void append_bySourcesWhoseNamesLookAlike_keepsThemApart() throws InterruptedException {
    List<Source> sources =
        List.of(
            new Source("a", "b.c"),
            new Source("a.b", "c"),
            new Source("a", "b/c"),
            new Source("a", "b=2Ec"),
            new Source("a", ""),
            new Source("a", "="),
            new Source("a", "*"),
            new Source("a", "> \r\n\0"),
            new Source("a", "Größe 😀"),
            new Source("a", "ä".repeat(500)),
            new Source("A", "b.c"));
    for (int i = 0; i < sources.size(); i++) {
      log.append(sources.get(i), chain(0, i + 1));
    }

    Map<Source, Long> lengths =
        contents().stream()
            .collect(Collectors.groupingBy(ReceivedEvent::source, Collectors.counting()));
    for (int i = 0; i < sources.size(); i++) {
      assertThat(log.lastOffset(sources.get(i))).as(sources.get(i).toString()).isEqualTo(i + 1);
      assertThat(lengths).containsEntry(sources.get(i), i + 1L);
    }
    assertThat(lengths).hasSize(sources.size());
  }

  // ---- compare and append

  @Rule(id = "B-1")
  void append_again_standsOnce() throws InterruptedException {
    log.append(SOURCE, chain(0, 5));

    assertThat(log.append(SOURCE, chain(0, 5))).isEqualTo(5);

    assertThat(offsets(contents())).isEqualTo(numbers(0, 5));
  }

  @Rule(id = "B-1")
  void append_thatOverlaps_appendsTheRest() throws InterruptedException {
    log.append(SOURCE, chain(0, 5));

    assertThat(log.append(SOURCE, chain(3, 9))).isEqualTo(9);

    assertThat(offsets(contents())).isEqualTo(numbers(0, 9));
  }

  @Rule(id = "B-1")
  void append_ofALongBatchThatStandsThereInPart_appendsTheRest() throws InterruptedException {
    log.append(SOURCE, chain(0, 1_200));

    assertThat(log.append(SOURCE, chain(0, 1_500))).isEqualTo(1_500);

    assertThat(offsets(contents())).isEqualTo(numbers(0, 1_500));
  }

  @Rule(id = "B-1")
  void append_behindAGap_appendsNothingAndTellsWhereTheLogIs() throws InterruptedException {
    log.append(SOURCE, chain(0, 5));

    assertThat(log.append(SOURCE, chain(7, 9))).isEqualTo(5);

    assertThat(offsets(contents())).isEqualTo(numbers(0, 5));
  }

  @Rule(id = "B-1")
  void append_toAnEmptyLogOfWhatFollowsSomething_appendsNothing() throws InterruptedException {
    assertThat(log.append(SOURCE, chain(7, 9))).isZero();

    assertThat(contents()).isEmpty();
  }

  @Rule(id = "B-1")
  void append_ofWhatTheLogHasPassed_appendsNothing() throws InterruptedException {
    log.append(SOURCE, chain(0, 9));

    assertThat(log.append(SOURCE, chain(2, 4))).isEqualTo(9);

    assertThat(offsets(contents())).isEqualTo(numbers(0, 9));
  }

  @Rule(id = "B-1")
  void append_whereTheLogSkipsAnOffsetOfTheBatch_appendsNothing() throws InterruptedException {
    log.append(SOURCE, List.of(event(2, 0), event(4, 2)));

    assertThat(log.append(SOURCE, List.of(event(3, 2), event(5, 3)))).isEqualTo(4);

    assertThat(offsets(contents())).containsExactly(2L, 4L);
  }

  // ---- side by side

  @Rule(id = "B-1", note = "other sources' events get between those of a batch")
  void append_bySeveralSourcesAtOnce_keepsEachInOrder() throws Exception {
    List<Background<Long>> appending = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Source source = new Source("db-" + i, "orders");
      appending.add(
          inBackground(
              () -> {
                long last = 0;
                while (last < 400) {
                  long from = last;
                  last = retrying(() -> log.append(source, chain(from, Math.min(400, from + 50))));
                }
                return last;
              }));
    }
    for (Background<Long> one : appending) {
      assertThat(one.get()).isEqualTo(400);
    }

    Map<Source, List<ReceivedEvent>> bySource =
        contents().stream().collect(Collectors.groupingBy(ReceivedEvent::source));
    assertThat(bySource).hasSize(4);
    assertThat(bySource.values())
        .allSatisfy(events -> assertThat(offsets(events)).isEqualTo(numbers(0, 400)));
  }

  @Rule(id = "B-1")
  void append_ofOneChainByTwoAtOnce_standsOnce() throws Exception {
    Transport second = open(TIMEOUT, NEVER);
    List<Background<Long>> appending = new ArrayList<>();
    for (Transport one : List.of(transport, second)) {
      RemoteLog same = one.log(log.name());
      appending.add(
          inBackground(
              () -> {
                long last = 0;
                while (last < 300) {
                  long from = last;
                  last = retrying(() -> same.append(SOURCE, chain(from, from + 20)));
                }
                return last;
              }));
    }
    for (Background<Long> one : appending) {
      assertThat(one.get()).isGreaterThanOrEqualTo(300);
    }

    List<ReceivedEvent> contents = contents();
    assertThat(offsets(contents)).isEqualTo(numbers(0, log.lastOffset(SOURCE)));
  }

  // ---- the broker dies, or hangs

  @Rule(id = "B-1")
  void append_beforeTheBrokerIsKilled_standsAfterwards() throws Exception {
    log.append(SOURCE, chain(0, 100));

    broker.kill();
    broker.restart();

    assertThat(retrying(() -> log.lastOffset(SOURCE))).isEqualTo(100);
    assertThat(retrying(() -> log.append(SOURCE, chain(90, 110)))).isEqualTo(110);
    assertThat(offsets(contents())).isEqualTo(numbers(0, 110));
  }

  @Rule(id = "B-1")
  void calls_withoutABroker_failRetryably() {
    broker.kill();
    try {
      assertFailsRetryably(() -> log.append(SOURCE, chain(0, 1)));
      assertFailsRetryably(() -> log.lastOffset(SOURCE));
      assertFailsRetryably(() -> log.reader("g", "m"));
      assertFailsRetryably(() -> transport.log(fresh("other")));
      assertFailsRetryably(() -> transport.broadcast().send("c", "1"));
      assertFailsRetryably(() -> broker.open(SHORT, NEVER).close());
    } finally {
      broker.restart();
    }
  }

  @Rule(id = "B-1")
  void calls_whileTheBrokerHangs_failRetryablyAfterTheTimeout() throws Exception {
    RemoteLog same = impatientLog(SHORT);
    long begun = SystemClock.instance().nanoTime();
    broker.hang();
    try {
      assertFailsRetryably(() -> same.append(SOURCE, chain(0, 1)));
      assertFailsRetryably(() -> same.lastOffset(SOURCE));
      assertFailsRetryably(() -> same.reader("g", "m"));
      assertFailsRetryably(() -> broker.open(SHORT, NEVER).close());
    } finally {
      broker.resume();
    }

    Duration passed = Duration.ofNanos(SystemClock.instance().nanoTime() - begun);
    assertThat(passed).isBetween(SHORT, NEVER);
  }

  @Rule(id = "B-1", note = "what timed out is carried out later, after it was sent again")
  void append_thatIsCarriedOutLate_standsOnce() throws Exception {
    RemoteLog impatient = impatientLog(SHORT);
    retrying(() -> impatient.append(SOURCE, chain(0, 3)));
    broker.hang();
    try {
      assertFailsRetryably(() -> impatient.append(SOURCE, chain(3, 9)));
      assertFailsRetryably(() -> impatient.append(SOURCE, chain(3, 5)));
      assertFailsRetryably(() -> impatient.append(SOURCE, chain(3, 12)));
    } finally {
      broker.resume();
    }

    assertThat(retrying(() -> log.append(SOURCE, chain(3, 7)))).isGreaterThanOrEqualTo(7);
    long last = retrying(() -> log.append(SOURCE, chain(3, 20)));

    assertThat(last).isEqualTo(20);
    assertThat(offsets(contents())).isEqualTo(numbers(0, 20));
  }

  @Rule(id = "B-1")
  void append_whileTheBrokerIsKilledAgainAndAgain_isCompleteAndInOrder() throws Exception {
    Background<Long> appending =
        inBackground(
            () -> {
              long last = 0;
              while (last < 6_000) {
                long from = last;
                last = retrying(() -> log.append(SOURCE, chain(from, from + 30)));
              }
              return last;
            });
    for (int i = 1; i <= 3; i++) {
      long passed = i * 1_000L;
      Eventually.awaitTrue(
          () -> passed + " events",
          () -> {
            try {
              return log.lastOffset(SOURCE) > passed;
            } catch (TransportException e) {
              return false;
            }
          });
      broker.kill();
      broker.restart();
    }
    long last = appending.get();

    assertThat(log.lastOffset(SOURCE)).isEqualTo(last);
    assertThat(offsets(contents())).isEqualTo(numbers(0, last));
  }

  @Rule(id = "B-1", note = "what timed out is carried out amid what was sent again")
  void append_whileTheBrokerHangsAgainAndAgain_isCompleteAndInOrder() throws Exception {
    RemoteLog impatient = impatientLog(SHORT.dividedBy(3));
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger failures = new AtomicInteger();
    Background<Long> appending =
        inBackground(
            () -> {
              long last = 0;
              while (!enough.get()) {
                try {
                  last = impatient.append(SOURCE, chain(last, last + 30));
                } catch (TransportException e) {
                  assertThat(e.isRetryable()).isTrue();
                  failures.incrementAndGet();
                }
              }
              return last;
            });
    for (int i = 1; i <= 10; i++) {
      long before = retrying(() -> log.lastOffset(SOURCE));
      long some = before + 7L * i;
      Eventually.awaitTrue(() -> some + " events", () -> log.lastOffset(SOURCE) > some);
      int failed = failures.get() + 2;
      broker.hang();
      try {
        Eventually.awaitTrue(() -> failed + " failures", () -> failures.get() >= failed);
      } finally {
        broker.resume();
      }
    }
    enough.set(true);
    long last = appending.get();

    assertThat(log.lastOffset(SOURCE)).isGreaterThanOrEqualTo(last);
    assertThat(offsets(contents())).isEqualTo(numbers(0, log.lastOffset(SOURCE)));
  }

  // ---- lifecycle

  @Rule(id = "B-1")
  void close_endsEverything() {
    transport.close();
    transport.close();

    assertThatThrownBy(() -> log.append(SOURCE, chain(0, 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> log.lastOffset(SOURCE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> transport.broadcast().send("c", "1"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> transport.broadcast().receive("c", message -> {}))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> log.reader("g", "m")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> transport.log("other")).isInstanceOf(IllegalStateException.class);
  }

  @Rule(id = "B-1", note = "threads that outlive their test fail it")
  void close_byAnInterruptedThread_endsEverythingToo() {
    Broadcast.Subscription unused = transport.broadcast().receive("c", message -> {});
    log.append(SOURCE, chain(0, 1));

    Thread.currentThread().interrupt();
    transport.close();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Rule(id = "B-1")
  void capabilities_tellWhatItCanDo() {
    assertThat(transport.capabilities().log()).isTrue();
    assertThat(transport.capabilities().broadcast()).isTrue();
    assertThat(transport.description()).contains("localhost:");
  }
}
