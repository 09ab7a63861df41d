package io.honker.tck;

import static io.honker.tck.Eventually.assertEventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.observe.HonkerEvent;
import io.honker.retry.GiveUpException;
import io.honker.retry.RetryPolicy;
import io.honker.stream.EventHandler;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.Subscription;
import io.honker.stream.SubscriptionBuilder;
import io.honker.stream.SubscriptionBuilder.WhenExhausted;
import io.honker.stream.TrimOptions;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rule S-5: consumer groups, whose members share a topic, keep the order of each key and take over
 * from each other.
 *
 * @since 0.1.0
 */
public abstract class ConsumerGroupContract extends StoreContract {

  private static final String NO_MILK = "no milk";
  private static final String GROUP = "mailers";
  private static final int SLOTS = 32;
  private static final Duration STEP = Duration.ofMillis(250);

  /** Creates the contract; the subclass supplies the store. */
  protected ConsumerGroupContract() {}

  private EventStream<Integer> topic() {
    return topic(honker);
  }

  private static EventStream<Integer> topic(Honker of) {
    return of.stream("orders", Integer.class);
  }

  private static SubscriptionBuilder member(Honker of, EventHandler<Integer> handler) {
    return topic(of).joinGroup(GROUP, handler);
  }

  private SubscriptionBuilder member(EventHandler<Integer> handler) {
    return member(honker, handler);
  }

  /** Publishes 0 to count - 1; the key of i is "k" and i modulo keys. */
  private void publish(int count, int keys) {
    topic().publishAll(range(0, count), i -> "k" + i % keys);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** What a member's handler has been given. */
  private static final class Seen {
    final List<StreamEvent<Integer>> events = new CopyOnWriteArrayList<>();

    void handle(StreamEvent<Integer> event) {
      events.add(event);
    }

    List<Integer> payloads() {
      return events.stream().map(StreamEvent::payload).toList();
    }

    List<Integer> sorted() {
      return payloads().stream().sorted().toList();
    }

    List<Integer> ofKey(String key) {
      return events.stream()
          .filter(event -> key.equals(event.key()))
          .map(StreamEvent::payload)
          .toList();
    }

    Set<String> keys() {
      Set<String> keys = new TreeSet<>();
      events.forEach(event -> keys.add(String.valueOf(event.key())));
      return keys;
    }
  }

  private List<HonkerEvent.SlotsGained> gained() {
    return store.observer().events(HonkerEvent.SlotsGained.class);
  }

  /** How many slots each member has, by what the observer was told. */
  private List<Integer> shares() {
    List<String> members = new ArrayList<>();
    List<Integer> shares = new ArrayList<>();
    for (HonkerEvent event : store.observer().events()) {
      if (event instanceof HonkerEvent.SlotsGained gained) {
        if (!members.contains(gained.member())) {
          members.add(gained.member());
          shares.add(0);
        }
        shares.set(
            members.indexOf(gained.member()),
            shares.get(members.indexOf(gained.member())) + gained.slots().size());
      } else if (event instanceof HonkerEvent.SlotsLost lost) {
        int index = members.indexOf(lost.member());
        shares.set(index, shares.get(index) - lost.slots().size());
      }
    }
    return shares;
  }

  private void awaitShares(Integer... shares) {
    advanceUntil(
        STEP,
        "shares of " + List.of(shares),
        () -> new ArrayList<>(shares()).equals(List.of(shares)));
  }

  private long saved() {
    return topic().savedOffset(GROUP).orElse(-1);
  }

  private void awaitSaved(long offset) {
    advanceUntil(STEP, "the group's offset is " + offset, () -> saved() == offset);
  }

  // one member

  @Rule(id = "S-5")
  void memberAlone_getsEverything_eachKeyInOrder() {
    publish(3000, 7);
    topic().publishAll(range(3000, 3100));
    Seen seen = new Seen();
    try (Subscription member = member(seen::handle).concurrency(8).start()) {
      assertEventually(() -> assertThat(seen.events).hasSize(3100));
      publish(10, 3);
      assertEventually(() -> assertThat(seen.events).hasSize(3110));
      assertThat(member.isRunning()).isTrue();
      assertThat(member.consumer()).isEqualTo(GROUP);
    }
    for (int key = 0; key < 7; key++) {
      int k = key;
      List<Integer> expected = IntStream.range(0, 3000).filter(i -> i % 7 == k).boxed().toList();
      assertThat(seen.ofKey("k" + key).subList(0, expected.size())).isEqualTo(expected);
    }
    assertThat(gained().get(0).slots()).isEqualTo(range(0, SLOTS));
    assertThat(saved()).isEqualTo(topic().lastOffset());
    assertThat(topic().lag(GROUP)).isZero();
  }

  @Rule(id = "S-5")
  void handlersOfDifferentKeys_runAtATime() {
    CountDownLatch both = new CountDownLatch(2);
    publish(64, 64);
    Seen seen = new Seen();
    try (Subscription ignored =
        member(
                event -> {
                  both.countDown();
                  awaitLatch(both);
                  seen.handle(event);
                })
            .concurrency(2)
            .start()) {
      assertEventually(() -> assertThat(seen.events).hasSize(64));
    }
  }

  @Rule(id = "S-5")
  void group_startsWhereItIsTold_onceForAll() {
    publish(3, 3);
    Seen seen = new Seen();
    try (Subscription ignored = member(seen::handle).startAt(StreamPosition.end()).start()) {
      topic().publish("a", 100);
      assertEventually(() -> assertThat(seen.payloads()).containsExactly(100));
    }
    try (Subscription ignored = member(seen::handle).start()) {
      topic().publish("a", 101);
      assertEventually(() -> assertThat(seen.payloads()).containsExactly(100, 101));
    }
  }

  @Rule(id = "S-5")
  void group_ofTheNameOfAConsumer_goesOnFromItsOffset() {
    List<Long> offsets = topic().publishAll(range(0, 5));
    topic().saveOffset(GROUP, offsets.get(2));
    Seen seen = new Seen();
    try (Subscription ignored = member(seen::handle).start()) {
      assertEventually(() -> assertThat(seen.sorted()).containsExactly(3, 4));
    }
  }

  @Rule(id = "S-5")
  void close_ofMemberWithoutLimits_saves() {
    publish(3, 3);
    Seen seen = new Seen();
    try (Subscription ignored =
        member(seen::handle)
            .saveInterval(ENDLESS)
            .memberLease(ENDLESS)
            .shutdownGrace(ENDLESS)
            .start()) {
      assertEventually(() -> assertThat(seen.sorted()).isEqualTo(range(0, 3)));
    }

    assertThat(saved()).isEqualTo(topic().lastOffset());
    assertThat(store.observer().events(HonkerEvent.LoopFailed.class)).isEmpty();
  }

  @Rule(id = "S-5")
  void offset_isSavedAfterTheInterval_alsoOfSlotsWithoutEvents() {
    topic().publish("only", 1);
    Seen seen = new Seen();
    try (Subscription member = member(seen::handle).start()) {
      assertEventually(() -> assertThat(seen.payloads()).containsExactly(1));
      awaitSaved(topic().lastOffset());
      assertThat(member.position()).isEqualTo(topic().lastOffset());
    }
  }

  @Rule(id = "S-5")
  void trim_neverPassesAGroup() throws InterruptedException {
    List<Long> offsets = topic().publishAll(range(0, 3), i -> "same");
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch mayGo = new CountDownLatch(1);
    try (Subscription ignored =
        member(
                event -> {
                  begun.countDown();
                  if (event.payload() == 1) {
                    awaitLatch(mayGo);
                  }
                })
            .saveEvery(1)
            .start()) {
      awaitLatch(begun);
      awaitSaved(offsets.get(0));
      assertThat(topic().trim(TrimOptions.builder().keepLatest(0).build())).isEqualTo(1);
      assertThat(topic().trim(TrimOptions.builder().readByAll().build())).isZero();
      mayGo.countDown();
      awaitSaved(offsets.get(2));
    }
    assertThat(topic().trim(TrimOptions.builder().readByAll().build())).isEqualTo(2);
  }

  @Rule(id = "S-5")
  void forgetConsumer_forgetsTheGroup() {
    publish(3, 3);
    member(event -> {}).start().close();
    Seen seen = new Seen();

    assertThat(topic().forgetConsumer(GROUP)).isTrue();
    assertThat(topic().consumers()).isEmpty();

    try (Subscription ignored = member(seen::handle).start()) {
      assertEventually(() -> assertThat(seen.sorted()).containsExactly(0, 1, 2));
    }
  }

  // several members

  @Rule(id = "S-5")
  void secondMember_isGivenHalf_andEachEventGoesToOne() {
    Seen first = new Seen();
    Seen second = new Seen();
    try (Subscription one = member(first::handle).start();
        Subscription two = member(second::handle).start()) {
      awaitShares(SLOTS / 2, SLOTS / 2);
      publish(1000, 100);
      assertEventually(
          () -> assertThat(first.events.size() + second.events.size()).isEqualTo(1000));

      List<Integer> all = new ArrayList<>(first.payloads());
      all.addAll(second.payloads());
      assertThat(new HashSet<>(all)).hasSize(1000);
      Set<String> both = first.keys();
      both.retainAll(second.keys());
      assertThat(both).as("keys that both have seen").isEmpty();
      assertThat(first.keys()).isNotEmpty();
      assertThat(second.keys()).isNotEmpty();
      assertThat(one.isRunning() && two.isRunning()).isTrue();
    }
    assertThat(saved()).isEqualTo(topic().lastOffset());
    assertThat(store.observer().events(HonkerEvent.SlotsLost.class))
        .allMatch(HonkerEvent.SlotsLost::handedOver);
  }

  @Rule(id = "S-5")
  void threeMembers_shareEvenly_andTakeOverFromTheOneThatLeaves() {
    Seen seen = new Seen();
    try (Subscription ignored1 = member(seen::handle).start();
        Subscription ignored2 = member(seen::handle).start()) {
      Subscription third = member(seen::handle).start();
      advanceUntil(
          STEP,
          "three even shares",
          () -> shares().stream().sorted().toList().equals(List.of(10, 11, 11)));
      publish(100, 50);
      assertEventually(() -> assertThat(seen.events).hasSize(100));

      third.close();

      advanceUntil(
          STEP,
          "two even shares",
          () -> shares().stream().sorted().toList().equals(List.of(0, 16, 16)));
      publish(100, 50);
      assertEventually(() -> assertThat(seen.events).hasSize(200));
    }
  }

  @Rule(id = "S-5")
  void memberOfAnotherProcess_shares_andTakesOver() {
    Honker other = store.openSecond();
    Seen here = new Seen();
    Seen there = new Seen();
    try (Subscription ignored = member(other, there::handle).start()) {
      Subscription mine = member(here::handle).start();
      awaitShares(SLOTS / 2);
      publish(200, 50);
      advanceUntil(
          STEP, "all events are handled", () -> here.events.size() + there.events.size() == 200);
      assertThat(here.keys()).isNotEmpty().doesNotContainAnyElementsOf(there.keys());

      mine.close();

      publish(200, 50);
      advanceUntil(
          STEP, "all events are handled", () -> here.events.size() + there.events.size() == 400);
    }
  }

  @Rule(id = "S-5")
  void handOver_waitsForTheRunningHandler_andKeepsTheOrderOfItsKey() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    Seen seen = new Seen();
    EventHandler<Integer> handler =
        event -> {
          if (event.payload() == 0) {
            begun.countDown();
            awaitLatch(mayGo);
          }
          seen.handle(event);
        };
    topic().publishAll(range(0, 20), i -> "same");
    try (Subscription ignored1 = member(handler).start()) {
      awaitLatch(begun);
      try (Subscription ignored2 = member(handler).start();
          Subscription ignored3 = member(handler).start()) {
        for (int i = 0; i < 50; i++) {
          advance(STEP);
        }
        assertThat(seen.events).isEmpty();
        mayGo.countDown();
        advanceUntil(STEP, "all events are handled", () -> seen.events.size() >= 20);
      }
    }
    assertThat(seen.payloads()).isEqualTo(range(0, 20));
  }

  // silence and fencing

  /** Gives slots to a member that exists in the tables only. */
  private void plantMember(String name, long leaseUntil, int slots) throws SQLException {
    store.require(Capability.SHARED_TABLES);
    rawExecute(
        "INSERT INTO _honkerj_group_members(topic, grp, member, lease_until)"
            + " VALUES ('orders', ?, ?, ?)",
        GROUP,
        name,
        leaseUntil);
    rawExecute(
        "UPDATE _honkerj_group_slots SET member = ?, lease_until = ?, epoch = epoch + 1"
            + " WHERE topic = 'orders' AND grp = ? AND slot < ?",
        name,
        leaseUntil,
        GROUP,
        slots);
  }

  @Rule(id = "S-5")
  void slotsOfASilentMember_areTakenWhenItsLeaseHasEnded() throws SQLException {
    member(event -> {}).start().close();
    publish(100, 50);
    plantMember("silent", nowSecond() + 30, SLOTS);
    Seen seen = new Seen();
    try (Subscription ignored = member(seen::handle).start()) {
      for (int i = 0; i < 30; i++) {
        advanceSeconds(1);
      }
      assertThat(seen.events).isEmpty();
      advanceUntil(
          Duration.ofSeconds(1), "all events are handled", () -> seen.events.size() == 100);
    }
  }

  @Rule(id = "S-5")
  void memberThatLostItsSlots_isInterrupted_andCannotSave() throws Exception {
    store.require(Capability.SHARED_TABLES);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    topic().publish("same", 1);
    try (Subscription ignored =
        member(
                event -> {
                  begun.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    interrupted.set(true); // and returns as if all were well
                  }
                })
            .start()) {
      awaitLatch(begun);
      plantMember("thief", nowSecond() + 3600, SLOTS);

      advanceUntil(Duration.ofSeconds(1), "the handler is interrupted", interrupted::get);
      store.observer().await(HonkerEvent.SlotsLost.class, lost -> !lost.handedOver());
    }
    assertThat(saved()).isZero();
    assertThat(rawQuery("SELECT min(offset) AS n FROM _honkerj_group_slots").get(0).number("n"))
        .isZero();
  }

  @Rule(id = "S-5")
  void save_byAMemberThatLostASlot_changesNothing() throws Exception {
    store.require(Capability.SHARED_TABLES);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    topic().publish("same", 1);
    Seen seen = new Seen();
    try (Subscription ignored =
        member(
                event -> {
                  begun.countDown();
                  awaitLatch(mayGo);
                  seen.handle(event);
                })
            .saveEvery(1)
            .start()) {
      awaitLatch(begun);
      plantMember("thief", nowSecond() + 3600, SLOTS);
      mayGo.countDown();
      store.observer().await(HonkerEvent.SlotsLost.class, lost -> !lost.handedOver());
    }
    assertThat(rawQuery("SELECT min(offset) AS n FROM _honkerj_group_slots").get(0).number("n"))
        .isZero();
    assertThat(
            rawQuery("SELECT count(*) AS n FROM _honkerj_group_slots WHERE member = 'thief'")
                .get(0)
                .number("n"))
        .isEqualTo(SLOTS);
  }

  // failures

  @Rule(id = "S-5")
  void failingKey_holdsUpNobodyElse_andCatchesUp() {
    AtomicReference<@Nullable IOException> failure =
        new AtomicReference<>(new IOException(NO_MILK));
    Seen seen = new Seen();
    try (Subscription ignored =
        member(
                event -> {
                  IOException now = failure.get();
                  if ("bad".equals(event.key()) && now != null) {
                    throw now;
                  }
                  seen.handle(event);
                })
            .retry(RetryPolicy.fixed(Duration.ofSeconds(20)))
            .maxAttempts(1000)
            .start()) {
      for (int round = 0; round < 4; round++) {
        int from = round * 1000;
        topic().publishAll(range(from, from + 1000), i -> i % 2 == 0 ? "bad" : "good" + i % 60);
      }
      assertEventually(() -> assertThat(seen.events.size()).isGreaterThan(1500));
      assertThat(seen.ofKey("bad")).isEmpty();
      long behind = saved();

      failure.set(null);
      advanceUntil(STEP, "all events are handled", () -> seen.events.size() == 4000);

      assertThat(seen.ofKey("bad"))
          .isEqualTo(IntStream.range(0, 4000).filter(i -> i % 2 == 0).boxed().toList());
      awaitSaved(topic().lastOffset());
      assertThat(behind).isZero();
    }
  }

  @Rule(id = "S-5")
  void exhaustedEvent_becomesADeadLetter_andItsKeyGoesOn() {
    topic().publishAll(range(0, 10), i -> "same");
    Seen seen = new Seen();
    try (Subscription member =
        member(
                event -> {
                  seen.handle(event);
                  if (event.payload() == 3) {
                    throw new GiveUpException(NO_MILK);
                  }
                })
            .whenExhausted(WhenExhausted.DEAD_LETTER)
            .start()) {
      assertEventually(() -> assertThat(seen.payloads()).isEqualTo(range(0, 10)));
      assertThat(member.isRunning()).isTrue();
    }
    assertThat(honker.queue("_stream:orders:" + GROUP, Json.class).deadLetters().list(0, 10))
        .hasSize(1)
        .allMatch(dead -> String.valueOf(dead.lastError()).contains(NO_MILK));
    assertThat(saved()).isEqualTo(topic().lastOffset());
  }

  @Rule(id = "S-5")
  void exhaustedEvent_stopsTheMember_whichGivesItsSlotsBack() {
    topic().publishAll(range(0, 5), i -> "same");
    try (Subscription member =
        member(
                event -> {
                  if (event.payload() == 3) {
                    throw new GiveUpException(NO_MILK);
                  }
                })
            .start()) {
      assertEventually(() -> assertThat(member.failure()).isPresent());
      store
          .observer()
          .await(
              HonkerEvent.SlotsLost.class, lost -> lost.handedOver() && lost.slots().size() == 32);
      assertThat(member.isRunning()).isFalse();
    }
    Seen seen = new Seen();
    try (Subscription ignored = member(seen::handle).start()) {
      assertEventually(() -> assertThat(seen.payloads()).containsExactly(3, 4));
    }
  }

  // the end

  @Rule(id = "S-5")
  void close_interruptsAfterTheGrace_andSavesWhatIsDone() throws Exception {
    topic().publishAll(range(0, 3), i -> "same");
    CountDownLatch begun = new CountDownLatch(2);
    Subscription member =
        member(
                event -> {
                  begun.countDown();
                  if (event.payload() == 1) {
                    new CountDownLatch(1).await();
                  }
                })
            .maxAttempts(1)
            .start();
    awaitLatch(begun);
    Background<?> closer =
        inBackground(
            () -> {
              member.close();
              return "closed";
            });
    store.clock().awaitParked(closer.thread());

    advanceSeconds(10);
    closer.get();

    assertThat(member.failure()).isEmpty();
    Seen seen = new Seen();
    try (Subscription ignored = member(seen::handle).start()) {
      assertEventually(() -> assertThat(seen.payloads()).containsExactly(1, 2));
    }
  }

  @Rule(id = "S-5")
  void closeOfHonker_endsTheMember_andSaves() {
    publish(50, 10);
    Seen seen = new Seen();
    Subscription member = member(seen::handle).start();
    assertEventually(() -> assertThat(seen.events).hasSize(50));

    honker = store.reopen();

    assertThat(member.isRunning()).isFalse();
    assertThat(saved()).isEqualTo(topic().lastOffset());
    assertThatThrownBy(() -> member(event -> {}).memberLease(Duration.ofSeconds(1)).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("memberLease");
  }

  @Rule(id = "S-5")
  void memberAtTheEnd_missesNothingCommittedAfterItsStart() {
    Seen seen = new Seen();
    try (Subscription ignored = member(seen::handle).startAt(StreamPosition.end()).start()) {
      for (int i = 0; i < 200; i++) {
        topic().publish("k" + i % 10, i);
      }
      assertEventually(() -> assertThat(seen.sorted()).isEqualTo(range(0, 200)));
    }
  }
}
