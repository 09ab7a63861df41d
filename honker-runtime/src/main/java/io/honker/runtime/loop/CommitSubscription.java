package io.honker.runtime.loop;

import io.honker.time.HonkerClock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One waiter's place among those who are told of commits. Signals coalesce. One thread waits at a
 * time; any thread may fire.
 */
public final class CommitSubscription implements AutoCloseable {

  /** What has come in since the last wait ended. */
  public enum Signal {
    /** Nothing. */
    NONE,
    /** A commit that may or may not concern this waiter. */
    ANY,
    /** A commit that touched what this waiter subscribed to. */
    NAMED
  }

  private final HonkerClock clock;
  private final Consumer<CommitSubscription> leave;
  private final @Nullable WakeKey key;
  private final AtomicReference<Signal> pending = new AtomicReference<>(Signal.NONE);
  private volatile @Nullable Thread waiter;

  CommitSubscription(HonkerClock clock, @Nullable WakeKey key, Consumer<CommitSubscription> leave) {
    this.clock = clock;
    this.leave = leave;
    this.key = key;
  }

  @Nullable WakeKey key() {
    return key;
  }

  void fireNamed() {
    if (pending.getAndSet(Signal.NAMED) == Signal.NONE) {
      unpark();
    }
  }

  void fireAny() {
    if (pending.compareAndSet(Signal.NONE, Signal.ANY)) {
      unpark();
    }
  }

  /** Makes a waiting thread look at its other conditions again. */
  public void unpark() {
    Thread thread = waiter;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /** Takes what has come in, without waiting. */
  public Signal take() {
    return pending.get() == Signal.NONE ? Signal.NONE : pending.getAndSet(Signal.NONE);
  }

  /**
   * Waits until a signal comes in, the other condition holds, the deadline is reached or the thread
   * is interrupted; the caller finds out which.
   *
   * @return the signal, {@link Signal#NONE} if the wait ended otherwise
   */
  public Signal await(Instant deadline, BooleanSupplier otherCondition) {
    Thread current = Thread.currentThread();
    waiter = current;
    try {
      while (true) {
        Signal signal = take();
        if (signal != Signal.NONE
            || otherCondition.getAsBoolean()
            || current.isInterrupted()
            || !clock.now().isBefore(deadline)) {
          return signal;
        }
        clock.parkUntil(deadline);
      }
    } finally {
      waiter = null;
    }
  }

  /**
   * Waits like {@link #await} but for the other condition only; signals that come in are kept for
   * later and do not wake the thread again and again.
   */
  public void awaitIgnoringSignals(Instant deadline, BooleanSupplier otherCondition) {
    Thread current = Thread.currentThread();
    waiter = current;
    try {
      while (!otherCondition.getAsBoolean()
          && !current.isInterrupted()
          && clock.now().isBefore(deadline)) {
        clock.parkUntil(deadline);
      }
    } finally {
      waiter = null;
    }
  }

  /** Leaves. Idempotent. */
  @Override
  public void close() {
    leave.accept(this);
  }
}
