package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.transport.Broadcast;
import io.honker.transport.Transport;
import io.honker.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Messages to whoever is connected.
 *
 * @since 0.1.0
 */
public abstract class BroadcastContract extends BrokerContract {

  /** Creates the contract; JUnit does. */
  protected BroadcastContract() {}

  private static final class Received {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    void await(String... expected) {
      Eventually.assertEventually(() -> assertThat(messages).containsExactly(expected));
    }
  }

  private Received receive(Broadcast from, String channel) {
    Received received = new Received();
    closing(from.receive(channel, received.messages::add));
    return received;
  }

  @Rule(id = "B-5")
  void send_reachesEveryReceiverInOrder() {
    Broadcast broadcast = transport.broadcast();
    Received one = receive(broadcast, "news");
    Received two = receive(broadcast, "news");
    Received far = receive(open(TIMEOUT, NEVER).broadcast(), "news");
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sent.add("{\"n\":" + i + ",\"text\":\"Größe 😀\"}");
    }

    sent.forEach(message -> broadcast.send("news", message));

    for (Received received : List.of(one, two, far)) {
      received.await(sent.toArray(String[]::new));
    }
  }

  @Rule(id = "B-5")
  @SuppressWarnings("NullAway") // what a caller without such a checker may do
  void nulls_areRefusedByName() {
    Broadcast broadcast = transport.broadcast();

    assertThatThrownBy(() -> broadcast.send(null, "1"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("channel");
    assertThatThrownBy(() -> broadcast.send("news", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("message");
    assertThatThrownBy(() -> broadcast.receive(null, message -> {}))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("channel");
    assertThatThrownBy(() -> broadcast.receive("news", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("receiver");
  }

  @Rule(id = "B-5")
  void send_reachesTheReceiversOfItsChannelOnly() {
    Broadcast broadcast = transport.broadcast();
    List<String> channels = List.of("a.b", "a=2Eb", "a.*", "a.>", "Größe 😀\r\n", "ä".repeat(500));
    List<Received> all = channels.stream().map(name -> receive(broadcast, name)).toList();

    for (String channel : channels) {
      broadcast.send(channel, "\"" + channels.indexOf(channel) + "\"");
    }

    for (int i = 0; i < channels.size(); i++) {
      all.get(i).await("\"" + i + "\"");
    }
  }

  @Rule(id = "B-5")
  void close_ofASubscription_endsIt() {
    Broadcast broadcast = transport.broadcast();
    Received stays = receive(broadcast, "news");
    Received left = new Received();
    Broadcast.Subscription subscription = broadcast.receive("news", left.messages::add);
    broadcast.send("news", "1");
    left.await("1");

    subscription.close();
    subscription.close();
    broadcast.send("news", "2");

    stays.await("1", "2");
    left.await("1");
  }

  @Rule(id = "B-5")
  void close_ofTheLastSubscription_mayBeRepeated_alsoAfterTheTransport() {
    Transport other = open(TIMEOUT, NEVER);
    Broadcast.Subscription subscription = other.broadcast().receive("news", message -> {});
    Broadcast.Subscription open = other.broadcast().receive("news", message -> {});

    subscription.close();
    open.close();
    open.close();
    other.close();
    subscription.close();
  }

  @Rule(id = "B-5")
  void close_ofASubscriptionAfterTheTransport_doesNothing() {
    Transport other = open(TIMEOUT, NEVER);
    Broadcast.Subscription subscription = other.broadcast().receive("news", message -> {});

    other.close();
    subscription.close();
  }

  @Rule(id = "B-5")
  void receive_withoutABroker_isAnErrorThatMayPass() {
    Broadcast broadcast = transport.broadcast();
    broker.kill();
    try {
      assertThatThrownBy(() -> broadcast.receive("news", message -> {}))
          .isInstanceOfSatisfying(
              TransportException.class, e -> assertThat(e.isRetryable()).isTrue());
    } finally {
      broker.restart();
    }
  }

  @Rule(id = "B-5")
  void receiver_thatThrows_goesOn() {
    Broadcast broadcast = transport.broadcast();
    Received received = new Received();
    closing(
        broadcast.receive(
            "news",
            message -> {
              received.messages.add(message);
              throw new IllegalStateException("thrown by a receiver of the test");
            }));

    broadcast.send("news", "1");
    broadcast.send("news", "2");

    received.await("1", "2");
  }

  @Rule(id = "B-5")
  void receiver_mayCallTheTransport() {
    Broadcast broadcast = transport.broadcast();
    Received answers = receive(broadcast, "answers");
    closing(
        broadcast.receive(
            "questions", message -> broadcast.send("answers", "" + log.lastOffset(SOURCE))));

    broadcast.send("questions", "1");

    answers.await("0");
  }

  @Rule(id = "B-5")
  void receive_survivesTheBroker() {
    Broadcast broadcast = transport.broadcast();
    Received received = receive(broadcast, "news");
    broker.kill();
    broker.restart();

    Eventually.awaitTrue(
        () -> "a message after the restart",
        () -> {
          try {
            broadcast.send("news", "1");
          } catch (TransportException e) {
            assertThat(e.isRetryable()).isTrue();
          }
          return !received.messages.isEmpty();
        });
  }

  @Rule(id = "B-5")
  void channel_thatIsBlankOrTooLong_isRefused() {
    Broadcast broadcast = transport.broadcast();
    for (String channel : List.of("", " \n", "ä".repeat(501))) {
      assertThatThrownBy(() -> broadcast.send(channel, "1"))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> broadcast.receive(channel, message -> {}))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
