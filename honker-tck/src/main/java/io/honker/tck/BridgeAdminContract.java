package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.bridge.Bridge;
import io.honker.bridge.BridgeState;
import io.honker.bridge.BridgeStatus;
import io.honker.error.HonkerConfigurationException;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreException;
import io.honker.observe.HonkerEvent;
import io.honker.stream.EventStream;
import io.honker.transport.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Bridges on record: options, names, states, and what is asked of them (rule B-6). A store and a
 * transport run it together.
 *
 * @since 0.1.0
 */
public abstract class BridgeAdminContract extends BridgedNodes {

  /** Creates the contract. */
  protected BridgeAdminContract() {}

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

  /** As if the broker had had more than what was sent, and lost it. */
  private void loseWhatWasSent(Honker node) throws Exception {
    sql(node, "UPDATE _honkerj_bridge_sent SET acknowledged = 7, intended = 7");
  }

  private Bridge brokenBridge() throws Exception {
    numbers(here).publishAll(upTo(3));
    Bridge out = out(here);
    awaitLag(out, 0);
    out.close();
    loseWhatWasSent(here);
    Bridge broken = out(here);
    awaitState(broken, BridgeState.BROKEN);
    return broken;
  }

  @Test
  @Rule(id = "B-6", note = "also of what a request has mended")
  void observer_hearsThatARepairedBridgeRuns() throws Exception {
    Bridge broken = brokenBridge();

    here.bridges().rewind(broken.name());

    awaitState(broken, BridgeState.RUNNING);
    eventually("told", () -> statesToldTo(here).equals(List.of("BROKEN", "RUNNING")));
  }

  @Test
  @Rule(id = "B-6", note = "who has the lease says how a bridge does")
  void runnerThatStallsAndFails_doesNotSpeakForTheOneThatTookOver() throws Exception {
    numbers(here).publishAll(upTo(3));
    HeldTransport held = new HeldTransport(transport);
    Bridge out = here.bridges().outbound("numbers", held).toLog(logName).start();
    awaitLag(out, 0);
    Honker second = storeOf(here).openSecond();
    Bridge other = second.bridges().outbound("numbers", transport).toLog(logName).start();
    try (HeldTransport.Stalled stalled = held.hold()) {
      storeOf(here).advance(LOOK);
      stalled.awaitSomebody();
      loseWhatWasSent(here);
      storeOf(here).advance(LONGER_THAN_A_LEASE);
      awaitState(other, BridgeState.BROKEN);
      stalled.loseAnswers();
    }
    other.close();
    eventually("the first takes over, so it has told what it had to", out::isActive);

    assertThat(out.status().state()).isEqualTo(BridgeState.BROKEN);
    assertThat(statesToldTo(here)).isEmpty();
  }

  @Test
  @Rule(id = "B-6", note = "what cannot be written says nothing about the broker")
  void brokenBridge_whoseLeaseCannotBeRenewed_staysBroken() throws Exception {
    Bridge broken = brokenBridge();

    sql(
        here,
        "CREATE TRIGGER full BEFORE UPDATE ON _honker_locks BEGIN SELECT RAISE(ABORT, 'full'); END");
    storeOf(here).advance(LOOK);
    eventually(
        "it fails", () -> !storeOf(here).observer().events(HonkerEvent.LoopFailed.class).isEmpty());
    sql(here, "DROP TRIGGER full");
    storeOf(here).clock().awaitParked("honker-bridge-" + broken.name());

    assertThat(broken.status().state()).isEqualTo(BridgeState.BROKEN);
    assertThat(statesToldTo(here)).containsExactly("BROKEN");
  }

  @Test
  @Rule(id = "B-6", note = "forget cannot know of standbys in other processes")
  void standbyOfABridgeThatWasForgotten_isOnRecordWhenItTakesOver() throws Exception {
    numbers(here).publishAll(upTo(3));
    Bridge first = out(here);
    eventually("the first runs", first::isActive);
    Honker second = storeOf(here).openSecond();
    Bridge standby = second.bridges().outbound("numbers", transport).toLog(logName).start();
    // as if it was forgotten after the first was closed and before the second noticed
    sql(here, "DELETE FROM _honkerj_bridges");
    first.close();

    eventually("the standby takes over", standby::isActive);

    assertThat(here.bridges().find(standby.name())).isPresent();
    assertThat(here.bridges().pause(standby.name())).isTrue();
    awaitState(standby, BridgeState.PAUSED);
    here.bridges().resume(standby.name());
    in(there);
    awaitNumbers(there, upTo(3));
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
  @Rule(id = "T-3", note = "the transaction ends with its connection")
  void closeOfTheDatabase_insideATransaction_endsItsBridges() throws Exception {
    Bridge out = out(here);
    eventually("it runs", out::isActive);

    Background<String> close =
        inBackground(
            () -> {
              here.inTransaction(tx -> here.close());
              return "closed";
            });

    assertThat(close.failure()).isInstanceOf(StoreException.class);
    assertThat(out.isActive()).isFalse();
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
