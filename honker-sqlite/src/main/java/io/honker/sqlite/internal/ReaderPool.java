package io.honker.sqlite.internal;

import io.honker.error.HonkerInterruptedException;
import io.honker.error.StoreBusyException;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreFunction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A bounded pool of connections that refuse writes; each is opened when first needed. */
final class ReaderPool implements AutoCloseable {

  private final SqliteConnections connections;
  private final SqliteFailures failures;
  private final int size;
  private final Duration timeout;
  private final Semaphore permits;
  private final ConcurrentLinkedDeque<StoreConnection> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  ReaderPool(SqliteConnections connections, SqliteFailures failures, int size, Duration timeout) {
    this.connections = connections;
    this.failures = failures;
    this.size = size;
    this.timeout = timeout;
    this.permits = new Semaphore(size);
  }

  /** Runs a read in one snapshot. */
  <R extends @Nullable Object> R read(StoreFunction<R> function) {
    StoreConnection reader = borrow();
    try {
      reader.statement("BEGIN").executeUpdate();
      try {
        return function.apply(reader);
      } finally {
        reader.statement("COMMIT").executeUpdate();
      }
    } catch (SQLException e) {
      reader.forgetStatements(e);
      throw failures.translateRead(e);
    } finally {
      giveBack(reader);
    }
  }

  /** Takes a connection out of the pool. Give it back, outside any transaction. */
  StoreConnection borrow() {
    try {
      if (!permits.tryAcquire() && !permits.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new StoreBusyException(
            "all "
                + size
                + " readers were in use for "
                + timeout
                + "; close connections and result"
                + " sets, or raise the option readers",
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HonkerInterruptedException("interrupted while waiting for a reader", e);
    }
    try {
      if (closed) {
        throw new IllegalStateException("this Honker is closed; open it again for further work");
      }
      StoreConnection reader = idle.pollFirst();
      return reader != null ? reader : new StoreConnection(connections.openReader());
    } catch (SQLException e) {
      permits.release();
      throw failures.translate("opening a reader", e);
    } catch (RuntimeException e) {
      permits.release();
      throw e;
    }
  }

  void giveBack(StoreConnection reader) {
    idle.addFirst(reader);
    permits.release();
    if (closed) {
      closeIdle();
    }
  }

  @Override
  public void close() {
    closed = true;
    closeIdle();
  }

  private void closeIdle() {
    StoreConnection reader = idle.pollFirst();
    while (reader != null) {
      QuietClose.close(reader);
      reader = idle.pollFirst();
    }
  }
}
