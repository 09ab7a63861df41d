package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.observe.HonkerEvent;
import io.honker.stream.EventStream;
import io.honker.stream.TrimOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What bridges do where the broker, the database or another process has gone on without them (rules
 * B-2, B-3 and B-6). A store and a transport run it together.
 *
 * @since 0.1.0
 */
public abstract class BridgeRepairContract extends BridgedNodes {

  /** Creates the contract. */
  protected BridgeRepairContract() {}

  // ---- runners that stall

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

  // ---- a log or a database that was put back

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
    numbers(here).publishAll(upTo(4));
    Bridge out = out(here);
    Bridge in = in(there);
    awaitNumbers(there, upTo(4));
    here.bridges().outbound("marks", transport).toLog(logName).start();
    here.stream("marks", Integer.class).publish(0);
    EventStream<Integer> marks = there.stream("marks", Integer.class);
    eventually("a mark", () -> contents(marks).size() == 1); // what came before is acknowledged
    in.close();
    pretendThatNumbersCame(2);
    numbers(here).publish(5);
    awaitLag(out, 0);
  }

  private void pretendThatNumbersCame(int upTo) throws Exception {
    sql(there, "UPDATE _honkerj_received SET offset = " + upTo + " WHERE topic = 'numbers'");
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
    pretendThatNumbersCame(4); // it came by another way after all
    there.bridges().acceptLoss(in.name());
    awaitNumbers(there, upTo(5));

    pretendThatNumbersCame(4); // and not the fifth
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

    transport = open(TIMEOUT, SOON);
    Bridge again = in(there);

    awaitNumbers(there, upTo(5));
    awaitState(again, BridgeState.RUNNING);
  }

  @Test
  @Rule(id = "B-3", note = "a bridge that rests does not wait")
  void missingEvent_isWaitedForAnew_afterAPause() throws Exception {
    loseTheThirdOfFive();
    HeldTransport held = new HeldTransport(transport);
    Bridge in = there.bridges().inbound(held, logName).start();
    awaitState(in, BridgeState.RETRYING);

    there.bridges().pause(in.name());
    storeOf(there).advance(Duration.ofSeconds(60));
    eventually("it has looked, because its lease had ended", in::isActive);
    try (HeldTransport.Stalled stalled = held.hold()) {
      there.bridges().resume(in.name());
      stalled.awaitSomebody();
    }
    storeOf(there).clock().awaitParked("honker-bridge-" + in.name());

    assertThat(statesToldTo(there)).doesNotContain("BROKEN");
  }

  @Test
  @Rule(id = "B-3", note = "it may have come to the other one")
  void runnerThatWaitsForAMissingEvent_whileAnotherTakesATurn_waitsNoMore() throws Exception {
    loseTheThirdOfFive();
    HeldTransport held = new HeldTransport(transport);
    Bridge in = there.bridges().inbound(held, logName).start();
    awaitState(in, BridgeState.RETRYING);
    storeOf(there).clock().awaitParked("honker-bridge-" + in.name()); // so time wakes it
    try (HeldTransport.Stalled stalled = held.hold()) {
      awaitALook(stalled);
      Honker second = storeOf(there).openSecond();
      HeldTransport others = new HeldTransport(transport);
      Bridge other = second.bridges().inbound(others, logName).start();
      storeOf(there).advance(LONGER_THAN_A_LEASE);
      eventually("the other takes over", other::isActive);
      pretendThatNumbersCame(4); // it comes by another way
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

  private void awaitALook(HeldTransport.Stalled stalled) {
    storeOf(there).advance(LOOK);
    stalled.awaitSomebody();
  }

  @Test
  @Rule(id = "B-3")
  void rewind_whileALossIsBeingAccepted_isDoneAfterwards() throws Exception {
    loseTheThirdOfFive();
    HeldTransport held = new HeldTransport(transport);
    Bridge in = there.bridges().inbound(held, logName).start();
    awaitBrokenByAMissingEvent(in);
    int before = passedOverBy(there, in);
    try (HeldTransport.Stalled stalled = held.hold()) {
      there.bridges().acceptLoss(in.name());
      stalled.awaitSomebody();
      there.bridges().rewind(in.name());
    }

    eventually("the fifth", () -> contents(numbers(there)).contains(5));
    eventually("all are read again", () -> passedOverBy(there, in) >= before + 5);
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
}
