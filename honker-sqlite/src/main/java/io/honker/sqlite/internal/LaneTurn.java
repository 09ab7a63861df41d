package io.honker.sqlite.internal;

import io.honker.runtime.store.WriteOperation;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One caller's place in the queue for the writer. */
final class LaneTurn {

  /** How far it has come. */
  private enum State {
    /** In the queue; may still leave. */
    WAITING,
    /** In a group that the lane thread is running. */
    IN_GROUP,
    /** The caller has the writer. */
    GRANTED,
    /** The lane thread has run it. */
    DONE,
    /** Left: timed out, interrupted or closed. */
    LEFT
  }

  private final Thread caller = Thread.currentThread();
  private final @Nullable WriteOperation<?> operation;
  private final long since;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private @Nullable Object result;
  private @Nullable Throwable failure;

  /** A turn for one operation, or with null for the writer as such. */
  LaneTurn(@Nullable WriteOperation<?> operation, long since) {
    this.operation = operation;
    this.since = since;
  }

  @Nullable WriteOperation<?> operation() {
    return operation;
  }

  Thread caller() {
    return caller;
  }

  /** When it came, in the clock's nanoseconds. */
  long since() {
    return since;
  }

  /** Whether its caller still has to wait. */
  boolean isPending() {
    State now = state.get();
    return now == State.WAITING || now == State.IN_GROUP;
  }

  boolean isGranted() {
    return state.get() == State.GRANTED;
  }

  boolean hasLeft() {
    return state.get() == State.LEFT;
  }

  boolean joinGroup() {
    return state.compareAndSet(State.WAITING, State.IN_GROUP);
  }

  boolean leave() {
    return state.compareAndSet(State.WAITING, State.LEFT);
  }

  /** Hands the writer over; false if the caller has left. */
  boolean grant() {
    boolean granted = state.compareAndSet(State.WAITING, State.GRANTED);
    if (granted && caller != Thread.currentThread()) {
      LockSupport.unpark(caller);
    }
    return granted;
  }

  void succeed(@Nullable Object value) {
    result = value;
  }

  void fail(Throwable cause) {
    failure = cause;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  @Nullable Object result() {
    return result;
  }

  /** Lets the caller see result or failure. */
  void finish() {
    state.set(State.DONE);
    LockSupport.unpark(caller);
  }
}
