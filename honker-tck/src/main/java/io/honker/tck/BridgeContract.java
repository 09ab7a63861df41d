package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.channel.Channel;
import io.honker.queue.JobQueue;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.TrimOptions;
import io.honker.transport.Transport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Bridges between databases over a broker, and what they carry (rules B-2 to B-6). A store and a
 * transport run it together.
 *
 * @since 0.1.0
 */
public abstract class BridgeContract extends BridgedNodes {

  /** Creates the contract. */
  protected BridgeContract() {}

  // ---- one way

  @Test
  @Rule(id = "B-2")
  void outbound_carriesKeyPayloadAndOrder_toTheTargetStream() {
    EventStream<Integer> stream = numbers(here);
    out(here);
    in(there);

    stream.publish("a", 1);
    stream.publish(2);
    stream.publishAll(List.of(3, 4));

    awaitNumbers(there, upTo(4));
    List<StreamEvent<Integer>> events = numbers(there).read(0, 10);
    assertThat(events.get(0).key()).isEqualTo("a");
    assertThat(events.get(1).key()).isNull();
  }

  @Test
  @Rule(id = "B-2")
  void outbound_sendsWhatWasPublishedBeforeItStarted_onceAcrossRestarts() {
    numbers(here).publishAll(upTo(1_300));
    Bridge in = in(there);
    Bridge out = out(here);
    awaitNumbers(there, upTo(1_300));
    in.close();
    out.close();

    numbers(here).publish(1_301);
    out(here);
    in(there);

    awaitNumbers(there, upTo(1_301));
  }

  @Test
  @Rule(id = "B-2")
  void outbound_startedAtTheEnd_sendsNewEventsOnly() {
    numbers(here).publish(1);
    here.bridges()
        .outbound("numbers", transport)
        .toLog(logName)
        .startAt(StreamPosition.end())
        .start();
    in(there);

    numbers(here).publish(2);

    awaitNumbers(there, List.of(2));
  }

  @Test
  @Rule(id = "B-2")
  void outbound_leavesARolledBackEventOut() {
    out(here);
    in(there);

    assertThatThrownBy(
            () ->
                here.inTransaction(
                    tx -> {
                      numbers(here).publish(tx, 1);
                      throw new IllegalStateException("rolled back");
                    }))
        .hasMessage("rolled back");
    here.inTransaction(tx -> numbers(here).publish(tx, 2));

    awaitNumbers(there, List.of(2));
  }

  @Test
  @Rule(id = "B-2")
  void outbound_holdsBackTrimming() {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    awaitLag(out, 0);
    out.close();
    numbers(here).publishAll(List.of(4, 5));

    numbers(here).trim(TrimOptions.builder().keepLatest(0).build());

    assertThat(contents(numbers(here))).containsExactly(4, 5);
  }

  @Test
  @Rule(id = "B-2")
  void events_carryTheirOrigin() {
    numbers(here).publish(1);
    out(here);
    List<String> origins = new CopyOnWriteArrayList<>();
    there
        .bridges()
        .inbound(transport, logName)
        .handling((event, tx) -> origins.add(event.source().origin()))
        .start();

    eventually("an event", () -> !origins.isEmpty());

    assertThat(origins).containsExactly(here.bridges().origin());
    assertThat(here.bridges().origin())
        .startsWith(here.info().databaseId())
        .isNotEqualTo(there.bridges().origin());
  }

  @Test
  @Rule(id = "B-2")
  void twoRunnersOfOneBridge_takeTurns() {
    Bridge first = out(here);
    eventually("the first runs", first::isActive);
    Honker second = storeOf(here).openSecond();
    Bridge standby = second.bridges().outbound("numbers", transport).toLog(logName).start();
    in(there);
    numbers(here).publish(1);
    awaitNumbers(there, List.of(1));
    assertThat(standby.isActive()).isFalse();

    first.close();

    eventually("the standby takes over", standby::isActive);
    numbers(here).publish(2);
    awaitNumbers(there, upTo(2));
  }

  // ---- targets

  @Test
  @Rule(id = "B-3")
  void inbound_intoQueue_enqueuesEachPayloadOnce() {
    numbers(here).publishAll(upTo(3));
    out(here);
    there.bridges().inbound(transport, logName).intoQueue("work").start();
    JobQueue<Integer> work = there.queue("work", Integer.class);

    eventually("three jobs", () -> work.stats().ready() == 3);

    List<Integer> payloads = new ArrayList<>();
    work.claim(10).forEach(job -> payloads.add(job.payload()));
    Collections.sort(payloads);
    assertThat(payloads).isEqualTo(upTo(3));
  }

  @Test
  @Rule(id = "B-3")
  void inbound_intoTopic_andOnlyTopics() {
    numbers(here).publish(1);
    here.stream("letters", String.class).publish("x");
    out(here);
    here.bridges().outbound("letters", transport).toLog(logName).start();

    there.bridges().inbound(transport, logName).onlyTopics("numbers").intoTopic("all").start();

    EventStream<Integer> all = there.stream("all", Integer.class);
    numbers(here).publish(2);
    eventually("two events", () -> contents(all).size() == 2);
    assertThat(contents(all)).isEqualTo(upTo(2));
    assertThat(there.topics()).containsExactly("all");
  }

  @Test
  @Rule(id = "B-3")
  void inbound_handlerThatFails_getsTheSameEventAgain_andItsEffectIsOnce() {
    numbers(here).publishAll(upTo(3));
    out(here);
    AtomicInteger calls = new AtomicInteger();
    Bridge in =
        there
            .bridges()
            .inbound(transport, logName)
            .handling(
                (event, tx) -> {
                  numbers(there).publish(tx, Integer.parseInt(event.event().payload()));
                  if (calls.incrementAndGet() == 2) {
                    throw new IllegalStateException("not now");
                  }
                })
            .start();

    awaitNumbers(there, upTo(3));
    assertThat(calls).hasValue(4);
    awaitState(in, BridgeState.RUNNING);
  }

  @Test
  @Rule(id = "B-3")
  void inbound_readingTheLogAgain_doublesNothing() {
    numbers(here).publishAll(upTo(5));
    out(here);
    Bridge in = in(there);
    awaitNumbers(there, upTo(5));

    assertThat(there.bridges().rewind(in.name())).isTrue();
    settle(here, there);

    assertThat(contents(numbers(there))).hasSize(6);
  }

  @Test
  @Rule(id = "B-3")
  void inbound_twoBridgesIntoOneTopic_giveEachEventOnce() {
    numbers(here).publishAll(upTo(5));
    out(here);
    here.bridges().outbound("numbers", transport).toLog(fresh("other")).start();

    in(there);
    there.bridges().inbound(transport, fresh("other")).start();
    awaitNumbers(there, upTo(5));
    settle(here, there);

    assertThat(contents(numbers(there))).hasSize(6);
  }

  // ---- loops

  @Test
  @Rule(id = "B-4")
  void mesh_eachEventIsOnEachNodeOnce() {
    Honker third = node();
    List<Honker> mesh = List.of(here, there, third);
    mesh.forEach(this::out);
    mesh.forEach(this::in);

    for (int round = 0; round < 5; round++) {
      for (int n = 0; n < 3; n++) {
        numbers(mesh.get(n)).publish(10 * round + n);
      }
    }

    for (Honker node : mesh) {
      eventually("15 events", () -> contents(numbers(node)).size() >= 15);
    }
    for (Honker from : mesh) {
      for (Honker to : mesh) {
        if (from != to) {
          settle(from, to);
        }
      }
    }
    for (Honker node : mesh) {
      assertThat(contents(numbers(node)).stream().filter(n -> n < 1_000_000).toList())
          .hasSize(15)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  @Rule(id = "B-4")
  void hub_forwardsUnderTheEventsOwnOrigin_andGoesRoundInNoCircle() {
    Honker hub = node();
    String other = fresh("spoke");
    out(here);
    in(hub);
    hub.bridges().outbound("numbers", transport).toLog(other).forwarding().start();
    hub.bridges().outbound("numbers", transport).toLog(logName).named("back").forwarding().start();
    there.bridges().inbound(transport, other).start();
    in(here);

    numbers(here).publish(1);
    numbers(hub).publish(2);

    eventually("both there", () -> contents(numbers(there)).size() == 2);
    eventually("both here", () -> contents(numbers(here)).size() == 2);
    settle(here, there);
    assertThat(contents(numbers(hub))).hasSize(3).contains(1, 2);
    assertThat(contents(numbers(here))).hasSize(3);
  }

  @Test
  @Rule(id = "B-4")
  void outbound_withoutForwarding_keepsForeignEventsHere() {
    Honker hub = node();
    String other = fresh("spoke");
    out(here);
    in(hub);
    hub.bridges().outbound("numbers", transport).toLog(other).start();
    there.bridges().inbound(transport, other).start();
    numbers(here).publish(1);
    awaitNumbers(hub, List.of(1));

    numbers(hub).publish(2);

    awaitNumbers(there, List.of(2));
  }

  // ---- channels

  @Test
  @Rule(id = "B-5")
  void channel_carriesBothWays_andNothingComesBack() {
    here.bridges().channel("news", transport).toChannel(logName).start();
    there.bridges().channel("news", transport).toChannel(logName).start();
    List<String> heardHere = new CopyOnWriteArrayList<>();
    List<String> heardThere = new CopyOnWriteArrayList<>();
    Channel<String> newsHere = here.channel("news", String.class);
    Channel<String> newsThere = there.channel("news", String.class);
    closing(newsHere.listen(n -> heardHere.add(n.payload())));
    closing(newsThere.listen(n -> heardThere.add(n.payload())));

    eventually(
        "the first that gets through",
        () -> {
          newsHere.notify("probe");
          return heardThere.contains("probe");
        });
    newsHere.notify("from here");
    newsThere.notify("from there");

    eventually("it arrives there", () -> heardThere.contains("from here"));
    eventually("it arrives here", () -> heardHere.contains("from there"));
    newsHere.notify("last");
    eventually("the last", () -> heardThere.contains("last"));
    assertThat(heardHere.stream().filter("from here"::equals)).hasSize(1);
    assertThat(heardThere.stream().filter("from there"::equals)).hasSize(1);
  }

  @Test
  @Rule(id = "B-5", note = "NATS takes a megabyte, what is around it included")
  void channel_withAMessageThatTheBrokerRefuses_goesOnWithTheNext() {
    here.bridges().channel("news", transport).toChannel(logName).start();
    there.bridges().channel("news", transport).toChannel(logName).start();
    List<String> heard = new CopyOnWriteArrayList<>();
    Channel<String> news = here.channel("news", String.class);
    closing(there.channel("news", String.class).listen(n -> heard.add(n.payload())));
    eventually(
        "the first that gets through",
        () -> {
          news.notify("probe");
          return heard.contains("probe");
        });

    news.notify("x".repeat((1 << 20) - 2)); // with its quotes as much as honker takes
    news.notify("after");

    eventually("what comes after it", () -> heard.contains("after"));
  }

  // ---- a broker that fails

  @Test
  @Rule(id = "B-6")
  void brokerKilled_localWorkGoesOn_andTheBacklogDrains() {
    Bridge out = out(here);
    Bridge in = in(there);
    numbers(here).publish(1);
    awaitNumbers(there, upTo(1));

    broker.kill();
    numbers(here).publishAll(List.of(2, 3));
    awaitState(out, BridgeState.RETRYING);
    assertThat(out.status().findDetail()).isPresent();
    assertThat(out.status().lag()).isEqualTo(2);
    awaitState(in, BridgeState.RETRYING);
    broker.restart();

    awaitNumbers(there, upTo(3));
    awaitState(out, BridgeState.RUNNING);
    awaitState(in, BridgeState.RUNNING);
    assertThat(out.status().findDetail()).isEmpty();
  }

  @Test
  @Rule(id = "B-6")
  void brokerHangs_nothingIsLostOrDoubled() {
    Transport impatient = open(SHORT, SOON);
    here.bridges().outbound("numbers", impatient).toLog(logName).start();
    in(there);
    numbers(here).publish(1);
    awaitNumbers(there, upTo(1));

    broker.hang();
    numbers(here).publishAll(List.of(2, 3, 4));
    try {
      eventually(
          "it tries again", () -> here.bridges().list().get(0).state() == BridgeState.RETRYING);
    } finally {
      broker.resume();
    }

    awaitNumbers(there, upTo(4));
  }
}
