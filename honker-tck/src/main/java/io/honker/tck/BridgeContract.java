package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.channel.Channel;
import io.honker.error.HonkerConfigurationException;
import io.honker.error.NestedWriteException;
import io.honker.observe.HonkerEvent;
import io.honker.queue.JobQueue;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.TrimOptions;
import io.honker.transport.Transport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bridges between databases over a broker (rules B-2 to B-6). A store and a transport run it
 * together.
 *
 * @since 0.1.0
 */
public abstract class BridgeContract extends BrokerContract {

  /** So little that a lease does not end while a reader waits for its broker in real time. */
  private static final Duration STEP = Duration.ofMillis(20);

  /** What a bridge that lost its connection has not acknowledged comes again. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(20);

  private final List<StoreFixture> nodes = new ArrayList<>();
  private Honker here;
  private Honker there;
  private String logName;

  /** Creates the contract. */
  protected BridgeContract() {}

  /**
   * Makes a fresh, empty store. Called for each node of each test, which closes what it was given.
   *
   * @return a new fixture
   */
  protected abstract StoreFixture newStore();

  @BeforeEach
  void openNodes() {
    here = node();
    there = node();
    logName = fresh("bridge");
    transport = open(TIMEOUT, SOON);
  }

  private Honker node() {
    StoreFixture store = newStore();
    nodes.add(store);
    return store.honker();
  }

  /** Bridges are closed before, by the class above: closing a node closes its bridges anyway. */
  @AfterEach
  void closeNodes() throws Exception {
    for (StoreFixture store : nodes) {
      store.close();
    }
    nodes.clear();
  }

  private StoreFixture storeOf(Honker node) {
    return nodes.stream().filter(store -> store.honker() == node).findFirst().orElseThrow();
  }

  // ---- words

  private static EventStream<Integer> numbers(Honker node) {
    return node.stream("numbers", Integer.class);
  }

  private static List<Integer> contents(EventStream<Integer> stream) {
    return stream.read(0, 100_000).stream().map(StreamEvent::payload).toList();
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  private Bridge out(Honker node) {
    return node.bridges().outbound("numbers", transport).toLog(logName).start();
  }

  private Bridge in(Honker node) {
    return node.bridges().inbound(transport, logName).start();
  }

  /** Virtual time goes on meanwhile, so that whoever waits to try again does. */
  private void eventually(String description, BooleanSupplier condition) {
    Eventually.awaitTrue(
        () -> description + "; bridges: " + statuses(),
        () -> {
          if (condition.getAsBoolean()) {
            return true;
          }
          nodes.forEach(store -> store.advance(STEP));
          return false;
        });
  }

  private List<BridgeStatus> statuses() {
    return nodes.stream().flatMap(store -> store.honker().bridges().list().stream()).toList();
  }

  private void awaitNumbers(Honker node, List<Integer> expected) {
    eventually(
        "numbers are not " + expected.size() + " but " + contents(numbers(node)).size(),
        () -> contents(numbers(node)).size() >= expected.size());
    assertThat(contents(numbers(node))).isEqualTo(expected);
  }

  private void awaitState(Bridge bridge, BridgeState state) {
    eventually(bridge.name() + " is never " + state, () -> bridge.status().state() == state);
  }

  /** Lets whatever is still on its way arrive: an event that is sent last arrives last. */
  private void settle(Honker from, Honker to) {
    int mark = 1_000_000 + contents(numbers(to)).size();
    numbers(from).publish(mark);
    eventually("the last event", () -> contents(numbers(to)).contains(mark));
  }

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

  private void awaitLag(Bridge out, long lag) {
    eventually(out.name() + " never gets to lag " + lag, () -> out.status().lag() == lag);
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

  @Test
  @Rule(id = "B-2", note = "what it knew before it stalled does not count any more")
  void runnerThatStalls_whileAnotherTakesATurn_goesOnWhereThatOneWas() {
    HeldTransport held = new HeldTransport(transport);
    Bridge out = here.bridges().outbound("numbers", held).toLog(logName).start();
    in(there);
    numbers(here).publish(1);
    awaitNumbers(there, upTo(1));

    letAnotherTakeATurn(held, () -> numbers(here).publish(2), 3);

    numbers(here).publish(4);
    awaitNumbers(there, upTo(4));
    awaitState(out, BridgeState.RUNNING);
  }

  /** Stalls what is set off for longer than a lease; another runner sends a number meanwhile. */
  private void letAnotherTakeATurn(HeldTransport held, Runnable setOff, int number) {
    try (HeldTransport.Stalled stalled = held.hold()) {
      setOff.run();
      stalled.awaitSomebody();
      Honker second = storeOf(here).openSecond();
      Bridge other = second.bridges().outbound("numbers", transport).toLog(logName).start();
      storeOf(here).advance(LONGER_THAN_A_LEASE);
      numbers(second).publish(number);
      awaitNumbers(there, upTo(number));
      other.close();
    }
  }

  @Test
  @Rule(id = "B-2", note = "what the log said before it stalled does not count any more")
  void rewindThatStalls_whileAnotherRunnerTakesATurn_changesNothing() {
    HeldTransport held = new HeldTransport(transport);
    Bridge out = here.bridges().outbound("numbers", held).toLog(logName).start();
    in(there);
    numbers(here).publish(1);
    awaitNumbers(there, upTo(1));

    letAnotherTakeATurn(held, () -> here.bridges().rewind(out.name()), 2);

    numbers(here).publish(3);
    awaitNumbers(there, upTo(3));
    awaitState(out, BridgeState.RUNNING);
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

  @Test
  @Rule(id = "B-3")
  void brokerBehindWhatItAcknowledged_breaksTheOutboundBridge_andRewindRepairsIt()
      throws Exception {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    awaitLag(out, 0);
    out.close();
    // as if the broker had had more and lost it
    sql(here, "UPDATE _honkerj_bridge_sent SET acknowledged = 7, intended = 7");
    sql(here, "UPDATE _honker_stream SET offset = offset + 4 WHERE offset > 1");
    sql(here, "UPDATE _honker_stream_consumers SET offset = 7");

    Bridge again = out(here);
    awaitState(again, BridgeState.BROKEN);
    assertThat(again.status().findDetail().orElseThrow()).contains("offset 3", "up to 7", "rewind");
    here.bridges().rewind(again.name());

    in(there);
    awaitNumbers(there, List.of(1, 2, 3, 2, 3)); // offsets 1, 2, 3, then 6 and 7
    awaitState(again, BridgeState.RUNNING);
  }

  @Test
  @Rule(id = "B-3")
  void rewind_whereTheEventsWereTrimmed_namesTheHole_andAcceptLossGoesOn() throws Exception {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    awaitLag(out, 0);
    out.close();
    sql(here, "UPDATE _honkerj_bridge_sent SET acknowledged = 9, intended = 9");
    sql(here, "UPDATE _honker_stream_consumers SET offset = 9");
    sql(here, "UPDATE _honker_stream SET offset = offset + 6");
    numbers(here).trim(TrimOptions.builder().keepLatest(0).build());
    assertThat(contents(numbers(here))).isEmpty();

    Bridge again = out(here);
    awaitState(again, BridgeState.BROKEN);
    here.bridges().rewind(again.name());
    eventually(
        "the hole is named", () -> again.status().findDetail().orElse("").contains("acceptLoss"));
    assertThat(again.status().findDetail().orElseThrow()).contains("offset 3", "up to 9");
    storeOf(here).clock().awaitParked("honker-bridge-" + again.name()); // and does not spin
    here.bridges().acceptLoss(again.name());

    awaitState(again, BridgeState.RUNNING);
    numbers(here).publish(4);
    in(there);
    awaitNumbers(there, upTo(4));
  }

  @Test
  @Rule(id = "B-2")
  void brokerAheadOfThisDatabase_breaksTheBridge_andRewindBeginsAnotherOrigin() throws Exception {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    in(there);
    awaitNumbers(there, upTo(3));
    String before = here.bridges().origin();
    out.close();
    // as if the file had been put back to where only one event was sent, and then gone on
    sql(here, "UPDATE _honkerj_bridge_sent SET acknowledged = 1, intended = 1");
    sql(here, "UPDATE _honker_stream_consumers SET offset = 1");
    sql(here, "UPDATE _honker_stream SET payload = payload + 20 WHERE offset > 1");

    Bridge again = out(here);
    awaitState(again, BridgeState.BROKEN);
    assertThat(again.status().findDetail().orElseThrow()).contains("offset 3", "up to 1", "rewind");
    here.bridges().rewind(again.name());

    awaitNumbers(there, List.of(1, 2, 3, 22, 23));
    assertThat(here.bridges().origin()).isNotEqualTo(before);
    awaitState(again, BridgeState.RUNNING);
  }

  @Test
  @Rule(id = "B-2", note = "also where another bridge reads the log")
  void rewindToAnotherOrigin_knowsWhatMayHaveLeftUnderTheOldOne() throws Exception {
    numbers(here).publishAll(upTo(4));
    Bridge out = out(here);
    Bridge in = here.bridges().inbound(transport, logName).named("zz").start();
    eventually("its own came back", () -> passedOverBy(here, in) == 4);
    out.close();
    // as if the file had been put back to where the second event was just leaving
    sql(here, "UPDATE _honkerj_bridge_sent SET acknowledged = 1, intended = 2 WHERE intended > 0");
    sql(here, "UPDATE _honker_stream_consumers SET offset = 1");
    sql(here, "DELETE FROM _honker_stream WHERE offset > 2");

    Bridge again = out(here);
    awaitState(again, BridgeState.BROKEN);
    here.bridges().rewind(again.name());
    awaitState(again, BridgeState.RUNNING);
    here.bridges().rewind(in.name());

    eventually("what was lost here", () -> contents(numbers(here)).contains(4));
    assertThat(contents(numbers(here))).isEqualTo(upTo(4));
  }

  private int passedOverBy(Honker node, Bridge in) {
    return storeOf(node).observer().events(HonkerEvent.BridgeReceived.class).stream()
        .filter(received -> received.bridge().equals(in.name()))
        .mapToInt(HonkerEvent.BridgeReceived::passedOver)
        .sum();
  }

  @Test
  @Rule(id = "B-3")
  void acceptLoss_ofABridgeThatIsNotBroken_isRefused() {
    Bridge in = in(there);
    awaitState(in, BridgeState.RUNNING);

    assertThatThrownBy(() -> there.bridges().acceptLoss(in.name()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(in.name())
        .hasMessageContaining("not BROKEN");
    assertThat(there.bridges().acceptLoss("nobody")).isFalse();
  }

  @Test
  @Rule(id = "B-3")
  void inbound_whereAnEventIsMissing_breaks_andAcceptLossGoesOn() throws Exception {
    loseTheThirdOfFive();

    Bridge again = in(there);
    awaitBrokenByAMissingEvent(again);
    assertThat(again.status().findDetail().orElseThrow())
        .contains("which follows", "up to 2", "rewind", "acceptLoss");
    assertThat(contents(numbers(there))).isEqualTo(upTo(4));
    there.bridges().acceptLoss(again.name());

    eventually("the fifth", () -> contents(numbers(there)).contains(5));
    awaitState(again, BridgeState.RUNNING);
  }

  /** Five are sent; four have come, but where they are put it looks as if the third had not. */
  private void loseTheThirdOfFive() throws Exception {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    Bridge in = in(there);
    awaitNumbers(there, upTo(3));
    numbers(here).publish(4);
    awaitNumbers(there, upTo(4)); // so those before it are acknowledged
    in.close();
    sql(there, "UPDATE _honkerj_received SET offset = 2");
    numbers(here).publish(5);
    awaitLag(out, 0);
  }

  private void awaitBrokenByAMissingEvent(Bridge in) {
    awaitState(in, BridgeState.RETRYING); // it may still come
    storeOf(there).advance(Duration.ofSeconds(60));
    awaitState(in, BridgeState.BROKEN);
  }

  @Test
  @Rule(id = "B-3", note = "the next loss is another one")
  void acceptLoss_isForTheLossThatWasNamed() throws Exception {
    loseTheThirdOfFive();
    Bridge in = in(there);
    awaitBrokenByAMissingEvent(in);
    sql(there, "UPDATE _honkerj_received SET offset = 4"); // it came by another way after all
    there.bridges().acceptLoss(in.name());
    awaitNumbers(there, upTo(5));

    sql(there, "UPDATE _honkerj_received SET offset = 4"); // as if the fifth had not come
    numbers(here).publish(6);

    awaitBrokenByAMissingEvent(in);
    assertThat(contents(numbers(there))).isEqualTo(upTo(5));
  }

  @Test
  @Rule(id = "B-3", note = "on record, not in the memory of the process that was asked")
  void acceptLoss_whereTheBridgeStartsAnew_isStillForTheLossThatWasNamed() throws Exception {
    loseTheThirdOfFive();
    Bridge in = in(there);
    awaitBrokenByAMissingEvent(in);
    broker.kill();
    in.close();
    there.bridges().acceptLoss(in.name());
    broker.restart();

    Bridge again = in(there);

    awaitNumbers(there, upTo(5));
    awaitState(again, BridgeState.RUNNING);
  }

  @Test
  @Rule(id = "B-3", note = "it may have come to the other one")
  void runnerThatWaitsForAMissingEvent_whileAnotherTakesATurn_waitsNoMore() throws Exception {
    loseTheThirdOfFive();
    HeldTransport held = new HeldTransport(transport);
    Bridge in = there.bridges().inbound(held, logName).start();
    awaitState(in, BridgeState.RETRYING);
    try (HeldTransport.Stalled stalled = held.hold()) {
      awaitALook(stalled);
      Honker second = storeOf(there).openSecond();
      HeldTransport others = new HeldTransport(transport);
      Bridge other = second.bridges().inbound(others, logName).start();
      storeOf(there).advance(LONGER_THAN_A_LEASE);
      eventually("the other takes over", other::isActive);
      sql(there, "UPDATE _honkerj_received SET offset = 4"); // it comes by another way
      awaitNumbers(there, upTo(5));
      awaitAcknowledged(others);
      storeOf(there).advance(Duration.ofSeconds(60));
      other.close();
    }

    eventually("the first goes on", in::isActive);
    awaitAcknowledged(held); // so it has polled without getting anything
    numbers(here).publish(6);
    awaitNumbers(there, upTo(6));
    assertThat(statesToldTo(there)).doesNotContain("BROKEN");
  }

  /** A bridge acknowledges what came from one poll before it looks, or polls, again. */
  private void awaitAcknowledged(HeldTransport held) {
    try (HeldTransport.Stalled stalled = held.hold()) {
      awaitALook(stalled);
    }
  }

  /** Inbound bridges look every ten seconds how far the log is. */
  private void awaitALook(HeldTransport.Stalled stalled) {
    storeOf(there).advance(Duration.ofSeconds(10));
    stalled.awaitSomebody();
  }

  private List<String> statesToldTo(Honker node) {
    return storeOf(node).observer().events(HonkerEvent.BridgeStateChanged.class).stream()
        .map(HonkerEvent.BridgeStateChanged::state)
        .toList();
  }

  @Test
  @Rule(id = "B-6", note = "opening a reader anew is no success yet")
  void inbound_thatWaitsForAMissingEvent_isNotTakenForWellInBetween() throws Exception {
    loseTheThirdOfFive();

    Bridge again = in(there);
    awaitState(again, BridgeState.RETRYING);
    int told = statesToldTo(there).size();
    for (int tries = 0; tries < 3; tries++) {
      storeOf(there).clock().awaitParked("honker-bridge-" + again.name());
      storeOf(there).advance(Duration.ofSeconds(5)); // the longest wait between tries
    }
    storeOf(there).clock().awaitParked("honker-bridge-" + again.name());

    List<String> states = statesToldTo(there);
    assertThat(states.subList(told, states.size())).doesNotContain("RUNNING");
  }

  private void sql(Honker node, String statement) throws Exception {
    Connection raw = storeOf(node).rawConnection();
    try (PreparedStatement prepared = raw.prepareStatement(statement)) {
      prepared.executeUpdate();
    }
  }

  // ---- administration

  @Test
  @Rule(id = "B-6")
  void pausedBridge_rests_untilResumed_alsoAcrossRestarts() {
    Bridge out = out(here);
    in(there);
    numbers(here).publish(1);
    awaitNumbers(there, upTo(1));

    assertThat(here.bridges().pause(out.name())).isTrue();
    awaitState(out, BridgeState.PAUSED);
    out.close();
    Bridge again = out(here);
    numbers(here).publish(2);
    here.bridges().outbound("marks", transport).toLog(logName).start();
    here.stream("marks", Integer.class).publish(0);
    EventStream<Integer> marks = there.stream("marks", Integer.class);
    eventually("another bridge goes on", () -> contents(marks).size() == 1);
    assertThat(contents(numbers(there))).isEqualTo(upTo(1));
    assertThat(again.status().state()).isEqualTo(BridgeState.PAUSED);
    assertThat(again.status().lag()).isEqualTo(1);

    assertThat(here.bridges().resume(out.name())).isTrue();
    awaitNumbers(there, upTo(2));
  }

  @Test
  @Rule(id = "B-6")
  void status_tellsWhatIsOnRecord() {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    awaitLag(out, 0);

    BridgeStatus status = here.bridges().find(out.name()).orElseThrow();
    assertThat(status.kind()).isEqualTo(BridgeStatus.Kind.OUTBOUND);
    assertThat(status.local()).isEqualTo("numbers");
    assertThat(status.log()).isEqualTo(logName);
    assertThat(status.position()).isEqualTo(numbers(here).lastOffset());
    awaitState(out, BridgeState.RUNNING);
    out.close();
    assertThat(out.status().state()).isEqualTo(BridgeState.STOPPED);
    assertThat(out.isActive()).isFalse();
    assertThat(here.bridges().list()).extracting(BridgeStatus::name).containsExactly(out.name());
    assertThat(here.bridges().find("nobody")).isEmpty();
    assertThat(here.bridges().pause("nobody")).isFalse();
  }

  @Test
  @Rule(id = "B-6")
  void observer_hearsOfProgressAndStates() {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    Bridge in = in(there);
    awaitNumbers(there, upTo(3));

    eventually(
        "told of what was sent",
        () ->
            storeOf(here).observer().events(HonkerEvent.BridgeSent.class).stream()
                    .mapToInt(HonkerEvent.BridgeSent::count)
                    .sum()
                == 3);
    assertThat(storeOf(there).observer().events(HonkerEvent.BridgeReceived.class))
        .extracting(HonkerEvent.BridgeReceived::bridge)
        .containsOnly(in.name());
    broker.kill();
    awaitState(out, BridgeState.RETRYING);
    broker.restart();
    awaitState(out, BridgeState.RUNNING);
    assertThat(storeOf(here).observer().events(HonkerEvent.BridgeStateChanged.class))
        .extracting(HonkerEvent.BridgeStateChanged::state)
        .contains("RETRYING", "RUNNING");
  }

  @Test
  @Rule(id = "B-6")
  void forget_refusesARunningBridge_andALaterOneDoublesNothing() {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    in(there);
    awaitNumbers(there, upTo(3));

    assertThatThrownBy(() -> here.bridges().forget(out.name()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("close it first");
    out.close();
    assertThat(here.bridges().forget(out.name())).isTrue();
    assertThat(here.bridges().list()).isEmpty();

    out(here);
    settle(here, there);
    assertThat(contents(numbers(there))).hasSize(4);
  }

  @Test
  @Rule(id = "B-6")
  void forget_ofABridgeThatHasJustStarted_isRefused() {
    for (int i = 0; i < 20; i++) { // it may or may not have its lease yet
      Bridge out = out(here);

      assertThatThrownBy(() -> here.bridges().forget(out.name()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("close it first");
      out.close();
    }
  }

  @Test
  @Rule(id = "B-3")
  void rewind_ofABridgeThatWasForgotten_takesOverWhatTheLogHas() {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    in(there);
    awaitNumbers(there, upTo(3));
    String origin = here.bridges().origin();
    out.close();
    here.bridges().forget(out.name());
    here.bridges().pause(out(here).name());

    here.bridges().rewind(out.name());
    here.bridges().resume(out.name());
    settle(here, there);

    assertThat(contents(numbers(there))).hasSize(4);
    assertThat(here.bridges().origin()).isEqualTo(origin);
  }

  @Test
  @Rule(id = "B-6")
  void wrongOptions_areListedAllAtOnce() {
    assertThatThrownBy(
            () ->
                here.bridges()
                    .outbound("numbers", transport)
                    .toLog("no log")
                    .named(" ")
                    .batchSize(0)
                    .start())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContainingAll("no log", "must not be blank", "batchSize");
    assertThatThrownBy(
            () -> here.bridges().inbound(transport, "a").intoTopic("t").intoQueue("q").start())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContainingAll("topic t", "queue q");
    assertThatThrownBy(
            () -> here.bridges().channel("c", transport).sendOnly().receiveOnly().start())
        .isInstanceOf(HonkerConfigurationException.class);
    assertThat(here.bridges().list()).isEmpty();
  }

  @Test
  @Rule(id = "B-6")
  void namesThatTheBrokerWouldRefuse_areListedWithWhatToChange() {
    assertThatThrownBy(
            () ->
                here.bridges()
                    .outbound("numbers", transport)
                    .toLog("a".repeat(101))
                    .batchSize(0)
                    .start())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContainingAll("1 to 100 letters", "toLog", "batchSize");
    assertThatThrownBy(() -> here.bridges().inbound(transport, "no log").start())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("no log")
        .hasMessageNotContaining("toLog");
    assertThatThrownBy(() -> here.bridges().channel("ä".repeat(501), transport).start())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContaining("1000 bytes");
    assertThat(here.bridges().list()).isEmpty();
  }

  @Test
  @Rule(id = "T-3")
  void pause_insideATransaction_isRefusedWithoutARemedyThatDoesNotExist() {
    here.inTransaction(
        tx ->
            assertThatThrownBy(() -> here.bridges().pause("numbers to " + logName))
                .isInstanceOf(NestedWriteException.class)
                .hasMessageContaining("pause opens a transaction")
                .hasMessageContaining("after the transaction")
                .hasMessageNotContaining("pause(tx"));
  }

  @Test
  @Rule(id = "B-6")
  void oneName_isOneBridge() {
    Bridge out = out(here);

    assertThatThrownBy(() -> out(here))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(out.name());
    out.close();
    assertThatThrownBy(
            () ->
                here.bridges()
                    .outbound("letters", transport)
                    .toLog(logName)
                    .named(out.name())
                    .start())
        .isInstanceOf(HonkerConfigurationException.class)
        .hasMessageContainingAll("numbers", "letters");
  }

  @Test
  @Rule(id = "B-6")
  void close_whileTheBrokerIsDown_returns_andANewBridgeGoesOn() {
    Bridge out = out(here);
    Bridge in = in(there);
    numbers(here).publish(1);
    awaitNumbers(there, upTo(1));
    broker.kill();
    numbers(here).publish(2);
    awaitState(out, BridgeState.RETRYING);

    out.close();
    in.close();
    broker.restart();

    Transport fresh = open(TIMEOUT, SOON);
    here.bridges().outbound("numbers", fresh).toLog(logName).start();
    there.bridges().inbound(fresh, logName).start();
    awaitNumbers(there, upTo(2));
  }
}
