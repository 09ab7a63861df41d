package io.honker.runtime.engine;

import io.honker.runtime.loop.CommitSignals;
import io.honker.runtime.store.Store;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the transactions of one engine share. Two transactions belong together exactly if their
 * scope is the same object.
 */
final class TransactionScope {

  private final Store store;
  private final CommitSignals signals;
  private final AtomicBoolean closed = new AtomicBoolean();

  TransactionScope(Store store, CommitSignals signals) {
    this.store = store;
    this.signals = signals;
  }

  Store store() {
    return store;
  }

  CommitSignals signals() {
    return signals;
  }

  boolean isClosed() {
    return closed.get();
  }

  void markClosed() {
    closed.set(true);
  }

  void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("this Honker is closed; open it again for further work");
    }
  }
}
