package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Reading logs as a member of a group.
 *
 * @since 0.1.0
 */
public abstract class RemoteReaderContract extends BrokerContract {

  private static final Duration SOON = Duration.ofMillis(500);

  /** Creates the contract; JUnit does. */
  protected RemoteReaderContract() {}

  private RemoteReader reader(RemoteLog from, String member) {
    return closing(from.reader("group", member));
  }

  /** The same log through a transport that gives up on members soon. */
  private RemoteLog impatientLog() {
    return open(TIMEOUT, SOON).log(log.name());
  }

  // ---- what a group gets

  @Rule(id = "B-1")
  void poll_ofANewGroup_beginsWithTheOldest() throws InterruptedException {
    log.append(SOURCE, chain(0, 5));

    assertThat(offsets(reader(log, "m").poll(10, SHORT))).isEqualTo(numbers(0, 5));
  }

  @Rule(id = "B-1")
  void poll_returnsAtMostAsManyAsAskedFor() throws InterruptedException {
    log.append(SOURCE, chain(0, 5));
    RemoteReader reader = reader(log, "m");

    assertThat(offsets(reader.poll(2, SHORT))).isEqualTo(numbers(0, 2));
    assertThat(offsets(reader.poll(10, SHORT))).isEqualTo(numbers(2, 5));
    assertThat(reader.poll(10, Duration.ZERO)).isEmpty();
    assertThatThrownBy(() -> reader.poll(0, SHORT)).isInstanceOf(IllegalArgumentException.class);
  }

  @Rule(id = "B-1", note = "whatever the reader has read ahead")
  void poll_inLargeBatchesByReadersThatClose_givesAllInOrder() throws InterruptedException {
    for (long from = 0; from < 1_000; from += 100) {
      log.append(SOURCE, chain(from, from + 100));
    }
    List<Long> all = new ArrayList<>();
    while (all.size() < 1_000) {
      try (RemoteReader reader = log.reader("group", "m")) {
        List<ReceivedEvent> first = pollFor(reader, 100);
        reader.ack(first);
        List<ReceivedEvent> second = pollFor(reader, 100);
        reader.ack(second);
        all.addAll(offsets(first));
        all.addAll(offsets(second));
        assertThat(offsets(reader.poll(100, SHORT))).doesNotContainAnyElementsOf(all);
      }
    }

    assertThat(all).isEqualTo(numbers(0, 1_000));
  }

  @Rule(id = "B-6", note = "a batch is bounded by its size, too")
  void poll_ofLargeEvents_givesFewerThanAskedFor() throws InterruptedException {
    String payload = "\"" + "x".repeat(200_000) + "\"";
    for (int i = 0; i < 120; i++) {
      log.append(SOURCE, List.of(new RemoteEvent(i + 1, i, null, payload, Instant.EPOCH)));
    }
    RemoteReader reader = reader(log, "m");
    List<Long> all = new ArrayList<>();
    while (all.size() < 120) {
      List<ReceivedEvent> some = reader.poll(500, NEVER);
      assertThat(some.size()).isBetween(1, 100);
      reader.ack(some);
      all.addAll(offsets(some));
    }

    assertThat(all).isEqualTo(numbers(0, 120));
  }

  @Rule(id = "B-1")
  void poll_ofTwoGroups_givesEachEverything() throws InterruptedException {
    log.append(SOURCE, chain(0, 5));

    for (String group : List.of("one", "two")) {
      RemoteReader reader = closing(log.reader(group, "m"));
      assertThat(offsets(drain(reader))).isEqualTo(numbers(0, 5));
    }
  }

  @Rule(id = "B-1")
  void poll_byTwoMembers_givesEachEventToOne() throws InterruptedException {
    RemoteReader one = reader(log, "one");
    RemoteReader two = reader(log, "two");
    log.append(SOURCE, chain(0, 40));

    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      for (RemoteReader member : List.of(one, two)) {
        List<ReceivedEvent> some = member.poll(3, SHORT);
        assertThat(offsets(some)).isSorted();
        all.addAll(offsets(some));
        member.ack(some);
      }
    }

    assertThat(all).doesNotHaveDuplicates().hasSize(40);
    assertThat(new TreeSet<>(all)).containsExactlyElementsOf(numbers(0, 40));
  }

  // ---- waiting

  @Rule(id = "B-1")
  void poll_thatWaits_returnsWhenAnEventComes() throws InterruptedException {
    RemoteReader reader = reader(log, "m");
    Background<List<ReceivedEvent>> polling = inBackground(() -> reader.poll(10, NEVER));
    polling.awaitBlocked();

    log.append(SOURCE, chain(0, 1));

    assertThat(offsets(polling.get())).containsExactly(1L);
  }

  @Rule(id = "B-1")
  void poll_thatIsInterrupted_losesNothing() throws InterruptedException {
    RemoteReader reader = reader(log, "m");
    Background<List<ReceivedEvent>> polling = inBackground(() -> reader.poll(10, NEVER));
    polling.awaitBlocked();

    polling.interrupt();
    assertThat(polling.failure()).isInstanceOf(InterruptedException.class);
    log.append(SOURCE, chain(0, 7));

    assertThat(offsets(pollFor(reader, 7))).isEqualTo(numbers(0, 7));
    assertThat(reader.poll(10, SHORT)).isEmpty();
  }

  @Rule(id = "B-1")
  void close_whileAPollWaits_endsIt() throws InterruptedException {
    RemoteReader reader = reader(log, "m");
    Background<List<ReceivedEvent>> polling = inBackground(() -> reader.poll(10, NEVER));
    polling.awaitBlocked();

    reader.close();

    assertThat(polling.failure()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.poll(1, SHORT)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reader.ack(List.of())).isInstanceOf(IllegalStateException.class);
    reader.close();
  }

  @Rule(id = "B-1")
  void close_ofTheTransport_endsItsReaders() throws InterruptedException {
    RemoteReader reader = reader(log, "m");
    Background<List<ReceivedEvent>> polling = inBackground(() -> reader.poll(10, NEVER));
    polling.awaitBlocked();

    transport.close();

    assertThat(polling.failure()).isInstanceOf(IllegalStateException.class);
  }

  // ---- acknowledging

  @Rule(id = "B-1")
  void ack_endsAnEvent() throws InterruptedException {
    log.append(SOURCE, chain(0, 5));
    try (RemoteReader reader = log.reader("group", "m")) {
      reader.ack(reader.poll(10, SHORT));
    }

    assertThat(reader(log, "m").poll(10, SHORT)).isEmpty();
  }

  @Rule(id = "B-1")
  void poll_afterAMemberCameBack_givesWhatIsNotAcknowledgedBeforeAnythingNewer()
      throws InterruptedException {
    RemoteLog impatient = impatientLog();
    log.append(SOURCE, chain(0, 6));
    try (RemoteReader reader = impatient.reader("group", "m")) {
      List<ReceivedEvent> events = reader.poll(5, SHORT);
      reader.ack(List.of(events.get(0), events.get(2)));
    }
    log.append(SOURCE, chain(6, 8));

    RemoteReader again = reader(impatient, "m");

    assertThat(offsets(pollFor(again, 6))).containsExactly(2L, 4L, 5L, 6L, 7L, 8L);
  }

  @Rule(id = "B-1", note = "the first member never closes: its connection is cut")
  void poll_afterAMemberWasLost_givesWhatIsNotAcknowledgedBeforeAnythingNewer() throws Exception {
    RemoteLog impatient = impatientLog();
    log.append(SOURCE, chain(0, 6));
    assertThat(offsets(reader(impatient, "m").poll(5, SHORT))).isEqualTo(numbers(0, 5));
    broker.kill();
    broker.restart();
    retrying(() -> log.append(SOURCE, chain(6, 8)));

    RemoteReader again = retrying(() -> reader(impatient, "m"));

    List<Long> all = new ArrayList<>();
    Eventually.awaitTrue(
        () -> "8 events, not only " + all,
        () -> {
          try {
            all.addAll(offsets(again.poll(8, SHORT)));
          } catch (TransportException e) {
            assertThat(e.isRetryable()).isTrue();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return all.size() >= 8;
        });
    assertThat(all).isEqualTo(numbers(0, 8));
  }

  @Rule(id = "B-1")
  void poll_whenAnotherMemberIsGone_getsWhatItLeft() throws InterruptedException {
    RemoteLog impatient = impatientLog();
    log.append(SOURCE, chain(0, 5));
    try (RemoteReader gone = impatient.reader("group", "gone")) {
      gone.ack(gone.poll(5, SHORT).subList(0, 1));
    }

    assertThat(offsets(pollFor(reader(impatient, "other"), 4))).isEqualTo(numbers(1, 5));
  }

  @Rule(id = "B-1", note = "however many new ones keep coming")
  void poll_whenAnotherMemberIsGone_getsWhatItLeft_alsoFromABusyLog() throws Exception {
    RemoteLog impatient = impatientLog();
    log.append(SOURCE, chain(0, 400));
    try (RemoteReader gone = impatient.reader("group", "gone")) {
      assertThat(offsets(gone.poll(1, SHORT))).containsExactly(1L);
    }
    RemoteReader other = reader(impatient, "other");
    List<ReceivedEvent> first = pollFor(other, 100);
    other.ack(first);
    List<Long> all = new ArrayList<>(offsets(first));
    long[] last = {400};

    Eventually.awaitTrue(
        () -> "the first event, not only " + all.size() + " others",
        () -> {
          last[0] = log.append(SOURCE, chain(last[0], last[0] + 100));
          List<ReceivedEvent> some = pollFor(other, 100);
          other.ack(some);
          all.addAll(offsets(some));
          return all.contains(1L);
        });
  }

  @Rule(id = "B-1")
  void poll_doesNotGiveASlowMemberTheSameAgain() throws InterruptedException {
    RemoteLog impatient = impatientLog();
    log.append(SOURCE, chain(0, 3));
    RemoteReader slow = reader(impatient, "m");
    List<ReceivedEvent> events = slow.poll(3, SHORT);

    assertThat(slow.poll(3, SOON.multipliedBy(3))).isEmpty();
    slow.ack(events);
    slow.close();

    assertThat(reader(impatient, "m").poll(10, SOON.multipliedBy(2))).isEmpty();
  }

  @Rule(id = "B-1")
  void ack_ofEventsThatThisReaderDidNotHandOut_isIgnored() throws InterruptedException {
    log.append(SOURCE, chain(0, 2));
    RemoteReader reader = reader(log, "m");
    List<ReceivedEvent> events = reader.poll(2, SHORT);
    RemoteReader other = closing(log.reader("other", "m"));

    other.ack(events);
    reader.ack(events);
    reader.ack(events);

    assertThat(offsets(other.poll(2, SHORT))).isEqualTo(numbers(0, 2));
  }

  // ---- the broker dies

  @Rule(id = "B-1")
  void poll_andAck_whileTheBrokerIsKilledAgainAndAgain_missNothing() throws Exception {
    RemoteLog impatient = impatientLog();
    log.append(SOURCE, chain(0, 3_000));
    Background<List<Long>> reading =
        inBackground(
            () -> {
              List<Long> firsts = new ArrayList<>();
              RemoteReader reader = retrying(() -> reader(impatient, "m"));
              while (firsts.size() < 3_000) {
                List<ReceivedEvent> some = retrying(() -> reader.poll(20, SHORT));
                retrying(
                    () -> {
                      reader.ack(some);
                      return true;
                    });
                for (long offset : offsets(some)) {
                  if (firsts.isEmpty() || offset > firsts.get(firsts.size() - 1)) {
                    firsts.add(offset);
                  }
                }
              }
              return firsts;
            });
    for (int i = 0; i < 3; i++) {
      broker.kill();
      broker.restart();
      retrying(() -> log.lastOffset(SOURCE));
    }

    assertThat(reading.get()).isEqualTo(numbers(0, 3_000));
  }
}
