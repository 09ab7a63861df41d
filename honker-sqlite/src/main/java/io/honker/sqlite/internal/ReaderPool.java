package io.honker.sqlite.internal;

import io.honker.error.HonkerInterruptedException;
import io.honker.error.StoreBusyException;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreFunction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bounded pool of connections that refuse writes; each is opened when first needed.
 *
 * <p>A thread that has a reader already, as one does that queries while it goes through the rows of
 * another query, does not wait for a second one, or threads would wait for each other: if none is
 * free it gets one beyond the bound, which is closed after use.
 */
final class ReaderPool implements AutoCloseable {

  /** Beyond the bound; more are probably connections that were never closed. */
  private static final int MOST_EXTRA = 64;

  /** Who has a reader. */
  private record Loan(Thread borrower, boolean extra) {}

  private final SqliteConnections connections;
  private final SqliteFailures failures;
  private final int size;
  private final Duration timeout;
  private final Semaphore permits;
  private final ConcurrentLinkedDeque<StoreConnection> idle = new ConcurrentLinkedDeque<>();
  private final Map<StoreConnection, Loan> loans = new ConcurrentHashMap<>();
  private final AtomicInteger extras = new AtomicInteger();
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
    if (permits.tryAcquire()) {
      return lend(false);
    }
    if (holdsOne() && mayHaveExtra()) {
      return lend(true);
    }
    awaitPermit();
    return lend(false);
  }

  private boolean holdsOne() {
    Thread thread = Thread.currentThread();
    for (Loan loan : loans.values()) {
      if (loan.borrower() == thread) {
        return true;
      }
    }
    return false;
  }

  private boolean mayHaveExtra() {
    if (extras.incrementAndGet() <= MOST_EXTRA) {
      return true;
    }
    extras.decrementAndGet();
    return false;
  }

  private void awaitPermit() {
    try {
      if (!permits.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
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
  }

  private StoreConnection lend(boolean extra) {
    boolean lent = false;
    try {
      if (closed) {
        throw new IllegalStateException("this Honker is closed; open it again for further work");
      }
      StoreConnection pooled = extra ? null : idle.pollFirst();
      StoreConnection reader =
          pooled != null ? pooled : new StoreConnection(connections.openReader());
      loans.put(reader, new Loan(Thread.currentThread(), extra));
      lent = true;
      return reader;
    } catch (SQLException e) {
      throw failures.translate("opening a reader", e);
    } finally {
      if (!lent) {
        free(extra);
      }
    }
  }

  private void free(boolean extra) {
    if (extra) {
      extras.decrementAndGet();
    } else {
      permits.release();
    }
  }

  void giveBack(StoreConnection reader) {
    Loan loan = loans.remove(reader);
    if (loan == null) {
      return; // it was given back before
    }
    if (!loan.extra() && isUsable(reader)) {
      idle.addFirst(reader);
    } else {
      close(reader);
    }
    free(loan.extra());
    if (closed) {
      closeIdle();
    }
  }

  /** Whether its user has left it as it was: open. */
  private static boolean isUsable(StoreConnection reader) {
    try {
      return !reader.jdbc().isClosed();
    } catch (SQLException e) {
      return false;
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
      close(reader);
      reader = idle.pollFirst();
    }
  }

  private static void close(StoreConnection reader) {
    QuietClose.close(reader);
    QuietClose.close(reader.jdbc());
  }
}
