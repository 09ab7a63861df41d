package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.observe.HonkerEvent;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of bridges share: two databases, and a broker between them. */
abstract class BridgedNodes extends BrokerContract {

  /** So little that a lease does not end while a reader waits for its broker in real time. */
  private static final Duration STEP = Duration.ofMillis(20);

  /** What a bridge that lost its connection has not acknowledged comes again. */
  static final Duration SOON = Duration.ofSeconds(1);

  static final Duration LONGER_THAN_A_LEASE = Duration.ofSeconds(20);

  /** As often a bridge looks how far the log is; its lease is renewed more often. */
  static final Duration LOOK = Duration.ofSeconds(10);

  private final List<StoreFixture> nodes = new ArrayList<>();
  Honker here;
  Honker there;
  String logName;

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

  Honker node() {
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

  StoreFixture storeOf(Honker node) {
    return nodes.stream().filter(store -> store.honker() == node).findFirst().orElseThrow();
  }

  // ---- words

  static EventStream<Integer> numbers(Honker node) {
    return node.stream("numbers", Integer.class);
  }

  static List<Integer> contents(EventStream<Integer> stream) {
    return stream.read(0, 100_000).stream().map(StreamEvent::payload).toList();
  }

  static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  Bridge out(Honker node) {
    return node.bridges().outbound("numbers", transport).toLog(logName).start();
  }

  Bridge in(Honker node) {
    return node.bridges().inbound(transport, logName).start();
  }

  /** Virtual time goes on meanwhile, so that whoever waits to try again does. */
  void eventually(String description, BooleanSupplier condition) {
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

  void awaitNumbers(Honker node, List<Integer> expected) {
    eventually(
        "numbers are not " + expected.size() + " but " + contents(numbers(node)).size(),
        () -> contents(numbers(node)).size() >= expected.size());
    assertThat(contents(numbers(node))).isEqualTo(expected);
  }

  void awaitState(Bridge bridge, BridgeState state) {
    eventually(bridge.name() + " is never " + state, () -> bridge.status().state() == state);
  }

  /** Lets whatever is still on its way arrive: an event that is sent last arrives last. */
  void settle(Honker from, Honker to) {
    int mark = 1_000_000 + contents(numbers(to)).size();
    numbers(from).publish(mark);
    eventually("the last event", () -> contents(numbers(to)).contains(mark));
  }

  void awaitLag(Bridge out, long lag) {
    eventually(out.name() + " never gets to lag " + lag, () -> out.status().lag() == lag);
  }

  void sql(Honker node, String statement) throws Exception {
    Connection raw = storeOf(node).rawConnection();
    try (PreparedStatement prepared = raw.prepareStatement(statement)) {
      prepared.executeUpdate();
    }
  }

  List<String> statesToldTo(Honker node) {
    return storeOf(node).observer().events(HonkerEvent.BridgeStateChanged.class).stream()
        .map(HonkerEvent.BridgeStateChanged::state)
        .toList();
  }
}
