package io.honker.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.NestedWriteException;
import io.honker.lock.HeldLock;
import io.honker.lock.LockInfo;
import io.honker.lock.LockOptions;
import io.honker.lock.Locks;
import io.honker.observe.HonkerEvent;
import io.honker.queue.Worker;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;

/**
 * Rule L-1: named locks.
 *
 * @since 0.1.0
 */
public abstract class LockContract extends StoreContract {

  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final LockOptions RENEWED = LockOptions.builder().autoRenew().build();

  private Locks locks;

  /** Creates the contract; the subclass supplies the store. */
  @SuppressWarnings("NullAway.Init") // set before each test
  protected LockContract() {}

  @BeforeEach
  void takeLocks() {
    locks = honker.locks();
  }

  private HeldLock acquire(String name) {
    return acquire(name, LockOptions.defaults());
  }

  private HeldLock acquire(String name, LockOptions options) {
    return locks.tryLock(name, options).orElseThrow(() -> new AssertionError(name + " is held"));
  }

  private static LockOptions owner(String owner) {
    return LockOptions.builder().owner(owner).build();
  }

  // ---- acquiring and releasing

  @Rule(id = "L-1")
  void tryLock_ofFreeLock_holdsItForTheTtl() {
    HeldLock lock = acquire("report", LockOptions.builder().ttl(MINUTE).owner("me").build());

    assertThat(lock.name()).isEqualTo("report");
    assertThat(lock.owner()).isEqualTo("me");
    assertThat(lock.expiresAt()).isEqualTo(now().plus(MINUTE));
    assertThat(lock.isHeld()).isTrue();
    assertThat(locks.find("report")).contains(new LockInfo("report", "me", now().plus(MINUTE)));
  }

  @Rule(id = "L-1")
  void tryLock_ofHeldLock_isEmpty() {
    HeldLock first = acquire("report");

    assertThat(locks.tryLock("report")).isEmpty();
    assertThat(first.isHeld()).isTrue();
    assertThat(locks.tryLock("another")).isPresent();
  }

  @Rule(id = "L-1")
  void tryLock_withDefaultOptions_hasAnOwnerOfItsOwn() {
    HeldLock first = acquire("one");
    HeldLock second = acquire("two");

    assertThat(first.owner()).isNotBlank().isNotEqualTo(second.owner());
  }

  @Rule(id = "L-1")
  void tryLock_ofTtlWithFraction_roundsUp() {
    HeldLock lock = acquire("report", LockOptions.builder().ttl(Duration.ofMillis(1500)).build());

    assertThat(lock.expiresAt()).isEqualTo(now().plusSeconds(2));
  }

  @Rule(id = "L-1")
  void release_makesItFree() {
    HeldLock lock = acquire("report");

    assertThat(lock.release()).isTrue();

    assertThat(lock.isHeld()).isFalse();
    assertThat(locks.find("report")).isEmpty();
    assertThat(lock.release()).isFalse();
    assertThat(locks.tryLock("report")).isPresent();
  }

  @Rule(id = "L-1")
  void close_releases() {
    try (HeldLock lock = acquire("report")) {
      assertThat(lock.isHeld()).isTrue();
    }

    assertThat(locks.find("report")).isEmpty();
  }

  @Rule(id = "L-1")
  void close_afterAnotherTookOver_leavesThatOneAlone() {
    HeldLock lapsed = acquire("report");
    advance(MINUTE);
    HeldLock next = acquire("report");

    lapsed.close();

    assertThat(next.isHeld()).isTrue();
    assertThat(locks.find("report")).map(LockInfo::owner).contains(next.owner());
  }

  @Rule(id = "L-1")
  void tryLock_beforeTheLeaseEnds_isEmpty_andFromThenOnTakesOver() {
    HeldLock first = acquire("report");

    advance(MINUTE.minusNanos(1));
    assertThat(first.isHeld()).isTrue();
    assertThat(locks.tryLock("report")).isEmpty();

    advance(Duration.ofNanos(1));
    assertThat(first.isHeld()).isFalse();
    assertThat(locks.find("report")).isEmpty();
    assertThat(locks.tryLock("report")).isPresent();
  }

  @Rule(id = "L-1")
  void tryLock_byTheOwnerWhoHoldsIt_extendsAndNeverShortens() {
    HeldLock first = acquire("report", owner("me"));
    advanceSeconds(10);

    HeldLock again = acquire("report", owner("me"));
    acquire("report", LockOptions.builder().owner("me").ttl(Duration.ofSeconds(1)).build());

    assertThat(again.fencingToken()).isGreaterThan(first.fencingToken());
    assertThat(locks.find("report")).map(LockInfo::expiresAt).contains(now().plus(MINUTE));
    assertThat(locks.tryLock("report", owner("you"))).isEmpty();
  }

  @Rule(id = "L-1")
  void fencingToken_growsWithEachAcquisition() {
    List<Long> tokens = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      HeldLock lock = acquire("report");
      tokens.add(lock.fencingToken());
      lock.close();
    }
    acquire("report");
    advance(MINUTE);
    tokens.add(acquire("report").fencingToken());

    assertThat(tokens).isSorted().doesNotHaveDuplicates();
  }

  @Rule(id = "L-1")
  void fencingToken_afterReopening_growsOn() {
    HeldLock before = acquire("report");

    locks = store.reopen().locks();

    assertThat(acquire("report").fencingToken()).isGreaterThan(before.fencingToken());
  }

  @Rule(id = "L-1")
  void list_showsHeldLocksInOrderOfName() {
    acquire("b", owner("me"));
    acquire("a", owner("you"));
    acquire("lapsed", LockOptions.builder().ttl(Duration.ofSeconds(1)).build());
    advanceSeconds(1);

    assertThat(locks.list()).extracting(LockInfo::name).containsExactly("a", "b");
    assertThat(locks.list()).extracting(LockInfo::owner).containsExactly("you", "me");
  }

  @Rule(id = "L-1")
  void lock_withoutLimit_takesWhatIsFree() throws InterruptedException {
    assertThat(locks.lock("report", ENDLESS)).isPresent();
  }

  @Rule(id = "L-1")
  void badArguments_areRefused() {
    assertThatThrownBy(() -> locks.tryLock(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> locks.lock("report", Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LockOptions.builder().ttl(Duration.ZERO).owner("").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ttl")
        .hasMessageContaining("owner");
    assertThatThrownBy(() -> acquire("report").heartbeat(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- heartbeat

  @Rule(id = "L-1")
  void heartbeat_extends() {
    HeldLock lock = acquire("report");
    advanceSeconds(50);

    assertThat(lock.heartbeat(MINUTE)).isTrue();

    assertThat(lock.expiresAt()).isEqualTo(now().plus(MINUTE));
    advanceSeconds(59);
    assertThat(locks.tryLock("report")).isEmpty();
  }

  @Rule(id = "L-1")
  void heartbeat_neverShortens() {
    HeldLock lock = acquire("report");
    Instant end = lock.expiresAt();

    assertThat(lock.heartbeat(Duration.ofSeconds(1))).isTrue();

    assertThat(lock.expiresAt()).isEqualTo(end);
    assertThat(locks.find("report")).map(LockInfo::expiresAt).contains(end);
  }

  @Rule(id = "L-1")
  void heartbeat_afterTheLeaseEnded_doesNotReviveIt() {
    HeldLock lock = acquire("report");
    advance(MINUTE);

    assertThat(lock.heartbeat(MINUTE)).isFalse();

    assertThat(lock.isHeld()).isFalse();
    assertThat(locks.find("report")).isEmpty();
    assertThat(locks.tryLock("report")).isPresent();
  }

  @Rule(id = "L-1")
  void heartbeat_afterAnotherHandleOfTheOwnerTookOver_isRefused() {
    HeldLock lapsed = acquire("report", owner("me"));
    advance(MINUTE);
    HeldLock next = acquire("report", owner("me"));

    assertThat(lapsed.heartbeat(LONG)).isFalse();
    assertThat(lapsed.release()).isFalse();

    assertThat(next.isHeld()).isTrue();
    assertThat(locks.find("report")).map(LockInfo::expiresAt).contains(now().plus(MINUTE));
  }

  @Rule(id = "L-1")
  void onLost_whenAHeartbeatFindsOut_runsOnce() {
    HeldLock lock = acquire("report");
    AtomicInteger calls = new AtomicInteger();
    lock.onLost(calls::incrementAndGet);
    advance(MINUTE);

    lock.heartbeat(MINUTE);
    lock.heartbeat(MINUTE);

    assertThat(calls).hasValue(1);
  }

  @Rule(id = "L-1")
  void onLost_afterRelease_neverRuns() {
    HeldLock lock = acquire("report");
    AtomicInteger calls = new AtomicInteger();
    lock.onLost(calls::incrementAndGet);

    lock.release();
    assertThat(lock.heartbeat(MINUTE)).isFalse();

    assertThat(calls).hasValue(0);
  }

  // ---- in transactions

  @Rule(id = "L-1")
  void isHeld_inATransaction_tellsWhetherItIsOurs() {
    HeldLock lock = acquire("report");

    assertThat(honker.<Boolean, RuntimeException>fromTransaction(lock::isHeld)).isTrue();
    advance(MINUTE);
    assertThat(honker.<Boolean, RuntimeException>fromTransaction(lock::isHeld)).isFalse();
  }

  @Rule(id = "L-1")
  void release_inATransaction_isFreeAfterItsCommit() {
    HeldLock lock = acquire("report");

    honker.inTransaction(
        tx -> {
          assertThat(lock.release(tx)).isTrue();
          assertThat(lock.isHeld(tx)).isFalse();
        });

    assertThat(lock.isHeld()).isFalse();
    assertThat(locks.tryLock("report")).isPresent();
  }

  @Rule(id = "L-1")
  void release_inATransactionThatRollsBack_keepsTheLock() {
    HeldLock lock = acquire("report");

    assertThatThrownBy(
            () ->
                honker.inTransaction(
                    tx -> {
                      lock.release(tx);
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");

    assertThat(lock.isHeld()).isTrue();
    assertThat(lock.heartbeat(MINUTE)).isTrue();
    assertThat(lock.release()).isTrue();
  }

  @Rule(id = "T-3")
  void tryLock_insideATransaction_isRefused() {
    honker.inTransaction(
        tx ->
            assertThatThrownBy(() -> locks.tryLock("report"))
                .isInstanceOf(NestedWriteException.class));
  }

  @Rule(id = "L-1")
  void release_thatIsRefused_keepsTheLock() {
    HeldLock lock = acquire("report");

    honker.inTransaction(
        tx -> assertThatThrownBy(lock::release).isInstanceOf(NestedWriteException.class));

    assertThat(lock.isHeld()).isTrue();
    assertThat(lock.release()).isTrue();
  }

  // ---- waiting

  @Rule(id = "L-1")
  void lock_ofFreeLock_doesNotWait() throws InterruptedException {
    assertThat(locks.lock("report", Duration.ZERO)).isPresent();
    assertThat(locks.lock("report", Duration.ZERO)).isEmpty();
  }

  @Rule(id = "L-1")
  void lock_ofHeldLock_isWokenByTheRelease() throws InterruptedException {
    HeldLock first = acquire("report");
    Background<Optional<HeldLock>> waiter = inBackground(() -> locks.lock("report", LONG));
    store.clock().awaitParked(waiter.thread());

    first.release();

    assertThat(waiter.get()).get().extracting(HeldLock::isHeld).isEqualTo(true);
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "L-1")
  void lock_ofHeldLock_isWokenByTheReleaseInATransaction() throws InterruptedException {
    HeldLock first = acquire("report");
    Background<Optional<HeldLock>> waiter = inBackground(() -> locks.lock("report", LONG));
    store.clock().awaitParked(waiter.thread());

    honker.inTransaction(tx -> first.release(tx));

    assertThat(waiter.get()).isPresent();
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "L-1")
  void lock_ofHeldLock_takesOverWhenTheLeaseEnds() throws InterruptedException {
    acquire("report");
    Background<Optional<HeldLock>> waiter = inBackground(() -> locks.lock("report", LONG));
    store.clock().awaitParked(waiter.thread());

    advance(MINUTE);

    assertThat(waiter.get()).isPresent();
  }

  @Rule(id = "L-1")
  void lock_whenTheHolderRenews_waitsOn() throws InterruptedException {
    HeldLock first = acquire("report");
    Background<Optional<HeldLock>> waiter = inBackground(() -> locks.lock("report", LONG));
    store.clock().awaitParked(waiter.thread());
    advanceSeconds(30);
    first.heartbeat(MINUTE);

    advanceSeconds(30);
    store.clock().awaitParked(waiter.thread());
    assertThat(waiter.isDone()).isFalse();
    advanceSeconds(30);

    assertThat(waiter.get()).isPresent();
  }

  @Rule(id = "L-1")
  void lock_afterTheWait_isEmpty() throws InterruptedException {
    acquire("report");
    Background<Optional<HeldLock>> waiter =
        inBackground(() -> locks.lock("report", Duration.ofSeconds(5)));
    store.clock().awaitParked(waiter.thread());

    advanceSeconds(5);

    assertThat(waiter.get()).isEmpty();
  }

  @Rule(id = "L-1")
  void lock_whenInterrupted_throwsAndAcquiresNothing() throws InterruptedException {
    HeldLock first = acquire("report");
    Background<Optional<HeldLock>> waiter = inBackground(() -> locks.lock("report", LONG));
    store.clock().awaitParked(waiter.thread());

    waiter.interrupt();

    assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
    first.release();
    assertThat(locks.list()).isEmpty();
  }

  @Rule(id = "L-1")
  void lock_whenClosed_fails() throws InterruptedException {
    try (HeldLock ignored = acquire("report", owner("somebody else"))) {
      Background<Optional<HeldLock>> waiter = inBackground(() -> locks.lock("report", LONG));
      store.clock().awaitParked(waiter.thread());

      honker.close();

      Throwable end = waiter.failure();
      assertThat(end).isInstanceOf(IllegalStateException.class);
    }
  }

  @Rule(id = "L-1")
  void lock_byManyWaiters_isHeldByOneAtATime() throws InterruptedException {
    int waiters = 8;
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    HeldLock first = acquire("report");
    List<Background<Long>> all = new ArrayList<>();
    for (int i = 0; i < waiters; i++) {
      all.add(
          inBackground(
              () -> {
                try (HeldLock lock = locks.lock("report", LONG).orElseThrow()) {
                  most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                  assertThat(lock.isHeld()).isTrue();
                  holders.decrementAndGet();
                  return lock.fencingToken();
                }
              }));
    }
    for (Background<Long> waiter : all) {
      store.clock().awaitParked(waiter.thread());
    }

    first.release();

    List<Long> tokens = new ArrayList<>();
    for (Background<Long> waiter : all) {
      tokens.add(waiter.get());
    }
    assertThat(most).hasValue(1);
    assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> token > first.fencingToken());
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  @Rule(id = "L-1")
  void lock_whenAnotherRuntimeReleases_isWoken() throws InterruptedException {
    Honker second = store.openSecond();
    HeldLock first = second.locks().tryLock("report").orElseThrow();
    assertThat(locks.tryLock("report")).isEmpty();
    Background<Optional<HeldLock>> waiter = inBackground(() -> locks.lock("report", LONG));
    store.clock().awaitParked(waiter.thread());

    first.release();

    assertThat(waiter.get()).get().satisfies(lock -> assertThat(lock.isHeld()).isTrue());
    assertThat(now()).isEqualTo(ManualClock.START);
  }

  // ---- automatic renewal

  @Rule(id = "L-1")
  void autoRenew_keepsTheLeaseUntilReleased() {
    HeldLock lock = acquire("report", RENEWED);
    for (int i = 0; i < 10; i++) {
      store.clock().awaitParked("honker-locks-");
      advanceSeconds(20);
      Instant end = now().plus(MINUTE);
      Eventually.assertEventually(() -> assertThat(lock.expiresAt()).isEqualTo(end));
      assertThat(lock.isHeld()).isTrue();
    }

    assertThat(lock.release()).isTrue();

    assertThat(locks.tryLock("report")).isPresent();
  }

  @Rule(id = "L-1")
  void autoRenew_hasAThreadOnlyWhileThereIsSuchALock() {
    assertThat(renewers()).isZero();
    HeldLock first = acquire("one", RENEWED);
    HeldLock second = acquire("two", RENEWED);
    assertThat(renewers()).isEqualTo(1);

    first.release();
    store.clock().awaitParked("honker-locks-");
    assertThat(renewers()).isEqualTo(1);
    second.release();

    Eventually.assertEventually(() -> assertThat(renewers()).isZero());
    HeldLock third = acquire("three", RENEWED);
    assertThat(renewers()).isEqualTo(1);
    third.close();
  }

  private static long renewers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("honker-locks-"))
        .filter(Thread::isAlive)
        .count();
  }

  @Rule(id = "L-1")
  void autoRenew_afterTheLeaseEnded_tellsThatItIsLost() {
    HeldLock lock = acquire("report", RENEWED);
    AtomicInteger calls = new AtomicInteger();
    AtomicReference<String> thread = new AtomicReference<>("");
    lock.onLost(
        () -> {
          thread.set(Thread.currentThread().getName());
          calls.incrementAndGet();
        });
    store.clock().awaitParked("honker-locks-");

    advance(LONG); // as if the process had been asleep

    store.observer().await(HonkerEvent.LockLost.class, event -> event.name().equals("report"));
    Eventually.assertEventually(() -> assertThat(calls).hasValue(1));
    assertThat(thread.get()).startsWith("honker-locks-");
    assertThat(lock.isHeld()).isFalse();
    assertThat(lock.release()).isFalse();
    lock.onLost(calls::incrementAndGet);
    assertThat(calls).hasValue(2);
    Eventually.assertEventually(() -> assertThat(renewers()).isZero());
  }

  @Rule(id = "L-1")
  void autoRenew_whenTheRowIsTaken_tellsThatItIsLost() throws SQLException {
    store.require(Capability.SHARED_TABLES);
    HeldLock lock = acquire("report", RENEWED);
    CountDownLatch lost = new CountDownLatch(1);
    lock.onLost(lost::countDown);
    store.clock().awaitParked("honker-locks-");
    rawExecute("UPDATE _honker_locks SET owner = 'thief' WHERE name = 'report'");

    advanceSeconds(20);

    Eventually.assertEventually(() -> assertThat(lost.getCount()).isZero());
    assertThat(lock.isHeld()).isFalse();
    assertThat(locks.find("report")).map(LockInfo::owner).contains("thief");
  }

  @Rule(id = "L-1")
  void autoRenew_whileReleasedInATransaction_isNotTakenForLost() throws InterruptedException {
    HeldLock lock = acquire("report", RENEWED);
    AtomicInteger calls = new AtomicInteger();
    lock.onLost(calls::incrementAndGet);
    store.clock().awaitParked("honker-locks-");

    honker.inTransaction(
        tx -> {
          advanceSeconds(20); // the renewal waits for this transaction
          lock.release(tx);
        });

    Eventually.assertEventually(() -> assertThat(renewers()).isZero());
    assertThat(calls).hasValue(0);
    assertThat(store.observer().events(HonkerEvent.LockLost.class)).isEmpty();
  }

  // ---- the end

  @Rule(id = "L-1")
  void close_ofTheDatabase_releasesWhatItHolds() {
    acquire("one");
    acquire("two", RENEWED);

    locks = store.reopen().locks();

    assertThat(locks.list()).isEmpty();
  }

  @Rule(id = "L-1")
  void close_ofTheDatabase_releasesAfterTheLastHandler() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    AtomicReference<Boolean> heldAtTheEnd = new AtomicReference<>();
    HeldLock lock = acquire("report");
    jobs().enqueue("work");
    Worker worker =
        jobs()
            .worker(
                job -> {
                  begun.countDown();
                  awaitLatch(closing);
                  heldAtTheEnd.set(lock.isHeld());
                })
            .start();
    awaitLatch(begun);

    Background<Boolean> close =
        inBackground(
            () -> {
              honker.close();
              return true;
            });
    Eventually.awaitTrue(() -> "the worker is told to end", () -> !worker.isRunning());
    closing.countDown();

    assertThat(close.get()).isTrue();
    assertThat(heldAtTheEnd).hasValue(true);
  }

  @Rule(id = "T-5")
  void locks_afterCloseOfTheDatabase_areRefused() {
    HeldLock lock = acquire("report");
    honker.close();

    assertThatThrownBy(() -> locks.tryLock("other")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> locks.lock("other", LONG)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> locks.find("report")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> honker.locks()).isInstanceOf(IllegalStateException.class);
    assertThat(lock.release()).isFalse();
    lock.close();
  }
}
