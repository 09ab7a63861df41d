package io.honker.sqlite.internal;

import io.honker.runtime.store.WriteOperation;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One caller's place in the queue for the writer. */
final class LaneTurn {

  /** How far it has come. */
  enum State {
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
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private @Nullable Object result;
  private @Nullable Throwable failure;

  /** A turn for one operation, or with null for the writer as such. */
  LaneTurn(@Nullable WriteOperation<?> operation) {
    this.operation = operation;
  }

  @Nullable WriteOperation<?> operation() {
    return operation;
  }

  Thread caller() {
    return caller;
  }

  State state() {
    return state.get();
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
    if (granted) {
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
