package io.honker.lab.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.tck.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The clock that every contract goes by: it stands still, it moves, and it loses no wake-up. */
class ManualClockTest {

  private final ManualClock clock = new ManualClock();

  private static CompletableFuture<Void> inThread(String name, Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              work.run();
              done.complete(null);
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private void waitUntil(Instant deadline) {
    while (clock.now().isBefore(deadline)) {
      clock.parkUntil(deadline);
    }
  }

  @Test
  void now_untilAdvanced_standsStill() {
    assertThat(clock.now()).isEqualTo(ManualClock.START);
    long nanos = clock.nanoTime();
    clock.advance(Duration.ofMillis(1500));
    assertThat(clock.now()).isEqualTo(ManualClock.START.plusMillis(1500));
    assertThat(clock.nanoTime() - nanos).isEqualTo(1_500_000_000L);
  }

  @Test
  void advance_backwards_isRefused() {
    assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> clock.advanceTo(ManualClock.START.minusSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parkUntil_ofThePast_returnsAtOnce() {
    clock.parkUntil(ManualClock.START);

    assertThat(clock.now()).isEqualTo(ManualClock.START);
  }

  @Test
  void parkUntil_whenTheDeadlineIsReached_returns() throws Exception {
    CompletableFuture<Void> waiter =
        inThread("waiter", () -> waitUntil(ManualClock.START.plusSeconds(10)));
    clock.awaitParked("waiter");
    clock.advance(Duration.ofSeconds(9));
    clock.awaitParked("waiter");
    assertThat(waiter).isNotDone();

    clock.advance(Duration.ofSeconds(1));

    waiter.get(90, TimeUnit.SECONDS);
  }

  @Test
  void parkUntil_whenUnparkedOrInterrupted_returns() throws Exception {
    AtomicBoolean flag = new AtomicBoolean();
    Thread thread =
        new Thread(
            () -> {
              clock.parkUntil(Instant.MAX);
              clock.parkUntil(Instant.MAX);
              flag.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    clock.awaitParked(thread);
    LockSupport.unpark(thread);
    clock.awaitParked(thread);
    thread.interrupt();
    thread.join();

    assertThat(flag).isTrue();
  }

  @Test
  void advance_whileThreadsGoToSleep_losesNoWakeUp() throws Exception {
    for (int i = 0; i < 20_000; i++) {
      Instant deadline = clock.now().plusSeconds(1);
      CompletableFuture<Void> waiter =
          i % 100 == 0
              ? inThread("waiter " + i, () -> waitUntil(deadline))
              : CompletableFuture.completedFuture(null);
      clock.advance(Duration.ofSeconds(1));
      waiter.get(90, TimeUnit.SECONDS);
    }
  }

  @Test
  void unpark_besideAdvances_isNeverLost() throws Exception {
    AtomicBoolean[] signals = new AtomicBoolean[5000];
    for (int i = 0; i < signals.length; i++) {
      signals[i] = new AtomicBoolean();
    }
    Thread waiter =
        new Thread(
            () -> {
              for (AtomicBoolean signal : signals) {
                while (!signal.get()) {
                  clock.parkUntil(Instant.MAX);
                }
              }
            });
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> mover =
        inThread(
            "mover",
            () -> {
              while (!stop.get()) {
                clock.advance(Duration.ofMillis(1));
              }
            });
    waiter.start();
    for (AtomicBoolean signal : signals) {
      signal.set(true);
      LockSupport.unpark(waiter);
    }
    waiter.join(90_000);
    stop.set(true);
    mover.get(90, TimeUnit.SECONDS);

    assertThat(waiter.isAlive()).isFalse();
  }
}
