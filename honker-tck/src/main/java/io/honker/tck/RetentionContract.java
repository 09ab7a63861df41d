package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.RemoteLog;
import io.honker.transport.RemoteReader;
import io.honker.transport.Source;
import io.honker.transport.TransportException;
import java.time.Duration;
import java.util.List;

/**
 * Logs that forget: events go after a while, read or not, and where each source is stays known.
 *
 * <p>Real time removes the events, so nothing here depends on an event that is still there while it
 * may be removed: what has to be seen is appended after the log was told to keep it.
 *
 * @since 0.1.0
 */
public abstract class RetentionContract extends BrokerContract {

  private static final Duration SOON = Duration.ofMillis(400);
  private static final Source OTHER = new Source("db-2.b", "orders");

  /** Creates the contract; JUnit does. */
  protected RetentionContract() {}

  /** The test's log, told to keep events for so long. */
  private RemoteLog keeping(Duration retention) {
    return closing(broker.openForgetful(TIMEOUT, retention)).log(log.name());
  }

  /** Waits until the log holds no events. Asking is what makes some brokers remove them. */
  private void awaitEmpty(RemoteLog forgetful) {
    Eventually.awaitTrue(
        () -> "the removal of all events",
        () -> {
          try {
            long unused = forgetful.lastOffset(SOURCE);
            return contents().isEmpty();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
          }
        });
  }

  @Rule(id = "B-1")
  void lastOffset_outlivesTheEvents() throws Exception {
    RemoteLog forgetful = keeping(SOON);
    forgetful.append(SOURCE, chain(0, 5));
    awaitEmpty(forgetful);

    assertThat(forgetful.lastOffset(SOURCE)).isEqualTo(5);
    assertThat(keeping(SOON).lastOffset(SOURCE)).isEqualTo(5);
    assertThat(log.lastOffset(SOURCE)).isEqualTo(5);
    assertThat(forgetful.lastOffset(OTHER)).isZero();

    broker.kill();
    broker.restart();
    assertThat(retrying(() -> forgetful.lastOffset(SOURCE))).isEqualTo(5);
  }

  @Rule(id = "B-1")
  void append_afterTheEventsWereRemoved_goesOnBehindTheLast() throws Exception {
    RemoteLog forgetful = keeping(SOON);
    forgetful.append(SOURCE, chain(0, 5));
    awaitEmpty(forgetful);
    RemoteLog keeping = keeping(NEVER);

    assertThat(keeping.append(SOURCE, chain(2, 5))).isEqualTo(5);
    assertThat(keeping.append(SOURCE, chain(7, 9))).isEqualTo(5);
    assertThat(keeping.append(SOURCE, chain(0, 2))).isEqualTo(5);
    assertThat(keeping.append(SOURCE, chain(3, 7))).isEqualTo(7);
    assertThat(keeping.append(SOURCE, chain(3, 7))).isEqualTo(7);
    assertThat(keeping.append(SOURCE, chain(7, 8))).isEqualTo(8);
    assertThat(keeping.append(OTHER, chain(0, 1))).isEqualTo(1);

    assertThat(offsets(contents())).containsExactly(6L, 7L, 8L, 1L);
    assertThat(keeping.lastOffset(SOURCE)).isEqualTo(8);
  }

  @Rule(id = "B-1")
  void append_againAndAgainWhileEventsAreRemoved_goesOn() throws Exception {
    RemoteLog forgetful = keeping(SOON);
    for (int i = 0; i < 40; i++) {
      assertThat(forgetful.append(SOURCE, chain(i * 10L, i * 10L + 10))).isEqualTo(i * 10L + 10);
      if (i % 10 == 9) {
        awaitEmpty(forgetful);
      }
    }

    assertThat(forgetful.lastOffset(SOURCE)).isEqualTo(400);
  }

  @Rule(id = "B-1", note = "events are removed that were handed out, and such as were not")
  void poll_ofAGroupThatLagsBehindTheRemoval_goesOnWithWhatIsThere() throws Exception {
    RemoteLog forgetful = keeping(SOON);
    forgetful.reader("group", "m").close();
    forgetful.append(SOURCE, chain(0, 6));
    RemoteReader reader = closing(forgetful.reader("group", "m"));
    List<ReceivedEvent> handedOut = reader.poll(4, SHORT);
    reader.ack(handedOut.subList(0, Math.min(1, handedOut.size())));
    awaitEmpty(forgetful);
    RemoteLog keeping = keeping(NEVER);
    keeping.append(SOURCE, chain(6, 8));

    assertThat(offsets(pollFor(reader, 2))).isEqualTo(numbers(6, 8));
    reader.ack(handedOut);
    reader.close();
    RemoteReader again = closing(keeping.reader("group", "m"));
    assertThat(offsets(pollFor(again, 2))).isEqualTo(numbers(6, 8));
  }

  @Rule(id = "B-1", note = "also for a source whose events go as soon as the log is told")
  void log_thatIsToldAnotherRetention_takesItOver() throws Exception {
    log.append(SOURCE, chain(0, 3));
    log.append(OTHER, chain(0, 4));
    assertThat(contents()).hasSize(7);

    RemoteLog forgetful = keeping(SOON);
    awaitEmpty(forgetful);
    assertThat(forgetful.lastOffset(SOURCE)).isEqualTo(3);
    assertThat(forgetful.lastOffset(OTHER)).isEqualTo(4);

    RemoteLog keeping = keeping(NEVER);
    List<RemoteEvent> more = chain(3, 9);
    assertThat(keeping.append(SOURCE, more)).isEqualTo(9);
    assertThat(contents()).extracting(ReceivedEvent::event).isEqualTo(more);
  }

  @Rule(id = "B-1", note = "one who opened the log before knows nothing of the retention")
  void append_byOneWhoOpenedTheLogBefore_isRememberedToo() throws Exception {
    log.append(SOURCE, chain(0, 3));
    RemoteLog forgetful = keeping(SOON);
    assertThat(log.append(SOURCE, chain(3, 5))).isEqualTo(5);
    assertThat(log.lastOffset(SOURCE)).isEqualTo(5);

    awaitEmpty(forgetful);

    assertThat(log.lastOffset(SOURCE)).isEqualTo(5);
    assertThat(forgetful.lastOffset(SOURCE)).isEqualTo(5);
  }

  @Rule(id = "B-1")
  void append_whileTheBrokerIsKilledAndEventsAreRemoved_neverGoesBack() throws Exception {
    RemoteLog forgetful = keeping(SOON);
    long last = 0;
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 10; j++) {
        long from = last;
        last = retrying(() -> forgetful.append(SOURCE, chain(from, from + 5)));
        if (j == 5) {
          broker.kill();
          broker.restart();
        }
      }
      retrying(
          () -> {
            awaitEmpty(forgetful);
            return true;
          });
      assertThat(retrying(() -> forgetful.lastOffset(SOURCE))).isEqualTo(last);
    }
    assertThat(last).isEqualTo(150);
  }

  @Rule(id = "B-1")
  void calls_withoutABroker_failRetryably() {
    RemoteLog forgetful = keeping(SOON);
    broker.kill();
    try {
      for (Runnable call :
          List.<Runnable>of(
              () -> forgetful.append(SOURCE, chain(0, 1)), () -> forgetful.lastOffset(SOURCE))) {
        assertThat(catchFailure(call).isRetryable()).isTrue();
      }
    } finally {
      broker.restart();
    }
  }

  private static TransportException catchFailure(Runnable call) {
    try {
      call.run();
    } catch (TransportException e) {
      return e;
    }
    throw new AssertionError("no failure");
  }
}
