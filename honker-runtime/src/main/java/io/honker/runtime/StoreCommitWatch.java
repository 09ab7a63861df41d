package io.honker.runtime;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.CommitSubscription.Signal;
import io.honker.runtime.loop.Deadlines;
import io.honker.tx.CommitWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells of any commit. */
final class StoreCommitWatch implements CommitWatch {

  private final Engine engine;
  private final CommitSubscription subscription;
  private final AtomicBoolean closed = new AtomicBoolean();

  StoreCommitWatch(Engine engine) {
    this.engine = engine;
    this.subscription = engine.signals().subscribeToAll();
  }

  @Override
  public boolean await(Duration timeout) throws InterruptedException {
    if (closed.get()) {
      throw new IllegalStateException("this watch is closed");
    }
    engine.checkOpen();
    Instant deadline = Deadlines.after(engine.clock().now(), timeout);
    Signal signal = subscription.await(deadline, closed::get);
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for a commit");
    }
    engine.checkOpen();
    if (closed.get()) {
      throw new IllegalStateException("this watch was closed while a thread awaited a commit");
    }
    return signal != Signal.NONE;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      subscription.close();
      subscription.unpark(); // a thread that awaits finds the watch closed
    }
  }
}
