package io.honker.tck;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A clock that stands still until a test moves it. Threads that wait for an instant wake when
 * {@link #advance} passes it.
 *
 * <pre>{@code
 * ManualClock clock = new ManualClock();
 * Honker honker = Honker.builder("app.db").clock(clock).open();
 * ...
 * clock.advance(Duration.ofMinutes(5)); // every lease of five minutes has ended
 * }</pre>
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public final class ManualClock implements HonkerClock {

  /** Where a clock stands unless told otherwise: the first second of 2026, UTC. */
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final long AWAKE_NANOS = 500_000;

  private final Instant origin;

  /**
   * Guards the fields below. A monitor and not a {@code java.util.concurrent} lock: waiting for
   * such a lock parks, and that could eat the very permit of {@link LockSupport#unpark} that was
   * meant to end {@link #parkUntil}.
   */
  private final Object monitor = new Object();

  private final Map<Thread, Instant> parked = new HashMap<>();
  private Instant now;

  /** Creates a clock that stands at {@link #START}. */
  public ManualClock() {
    this(START);
  }

  /**
   * Creates a clock.
   *
   * @param start where it stands
   */
  public ManualClock(Instant start) {
    this.origin = Objects.requireNonNull(start, "start");
    this.now = start;
  }

  @Override
  public Instant now() {
    synchronized (monitor) {
      return now;
    }
  }

  @Override
  public long nanoTime() {
    return Duration.between(origin, now()).toNanos();
  }

  @Override
  public void parkUntil(Instant deadline) {
    Thread self = Thread.currentThread();
    synchronized (monitor) {
      if (!now.isBefore(deadline)) {
        return;
      }
      parked.put(self, deadline);
    }
    // Whoever unparks this thread from here on, advance() included, leaves a permit that ends it.
    LockSupport.park(this);
    synchronized (monitor) {
      parked.remove(self);
    }
  }

  /**
   * Moves the clock forward and wakes every thread whose instant has come.
   *
   * @param time how far, not negative
   */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time only moves forward, not by " + time);
    }
    synchronized (monitor) {
      advanceTo(now.plus(time));
    }
  }

  /**
   * Moves the clock forward to an instant and wakes every thread whose instant has come.
   *
   * @param instant where it stands then, not before {@link #now()}
   */
  public void advanceTo(Instant instant) {
    List<Thread> due = new ArrayList<>();
    synchronized (monitor) {
      if (instant.isBefore(now)) {
        throw new IllegalArgumentException(
            "time only moves forward, not from " + now + " to " + instant);
      }
      now = instant;
      parked.forEach(
          (thread, deadline) -> {
            if (!now.isBefore(deadline)) {
              due.add(thread);
            }
          });
      due.forEach(parked::remove);
    }
    due.forEach(LockSupport::unpark);
  }

  /**
   * Waits, in real time, until so many threads wait on this clock.
   *
   * @param threads how many at least
   */
  public void awaitParked(int threads) {
    await(() -> threads + " threads wait on " + this, () -> parked().size() >= threads);
  }

  /**
   * Waits, in real time, until a thread waits on this clock, so that moving the clock is what wakes
   * it.
   *
   * @param thread the thread
   */
  public void awaitParked(Thread thread) {
    awaitParked(thread.getName(), thread::equals);
  }

  /**
   * Waits, in real time, until a thread whose name begins with a text waits on this clock.
   *
   * @param prefix how the name begins, such as {@code honker-emails-}
   */
  public void awaitParked(String prefix) {
    awaitParked(prefix + "*", thread -> thread.getName().startsWith(prefix));
  }

  private void awaitParked(String description, Predicate<Thread> wanted) {
    await(
        () -> description + " waits on " + this, () -> parked().keySet().stream().anyMatch(wanted));
  }

  /**
   * Stays awake at first: most threads are back sooner than this one would go to sleep and wake.
   */
  private static void await(Supplier<String> description, BooleanSupplier condition) {
    long begun = SystemClock.instance().nanoTime();
    while (SystemClock.instance().nanoTime() - begun < AWAKE_NANOS) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.onSpinWait();
    }
    Eventually.awaitTrue(description, condition);
  }

  private Map<Thread, Instant> parked() {
    synchronized (monitor) {
      return Map.copyOf(parked);
    }
  }

  /** Says where the clock stands and who waits for what. */
  @Override
  public String toString() {
    synchronized (monitor) {
      StringBuilder text = new StringBuilder("ManualClock at " + now);
      parked.forEach(
          (thread, deadline) ->
              text.append("; ").append(thread.getName()).append(" until ").append(deadline));
      return text.toString();
    }
  }
}
