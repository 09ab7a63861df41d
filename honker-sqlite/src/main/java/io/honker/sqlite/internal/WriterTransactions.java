package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * Transactions on the one writing connection, which counts those it commits. All methods but {@link
 * #commits} are only for the thread that holds the writer.
 *
 * <p>The connection stays in the driver's auto-commit mode; transactions are SQL. That avoids the
 * driver's habit of beginning the next transaction inside {@code commit()}.
 */
final class WriterTransactions {

  private final StoreConnection writer;
  private final AtomicLong commits = new AtomicLong();

  WriterTransactions(StoreConnection writer) {
    this.writer = writer;
  }

  StoreConnection connection() {
    return writer;
  }

  /** How many commits went through the writer so far. */
  long commits() {
    return commits.get();
  }

  /** Runs an operation as a transaction of its own. */
  <R extends @Nullable Object> R run(WriteOperation<R> operation) throws SQLException {
    if (operation.singleStatement()) {
      R result = operation.function().apply(writer);
      committedAlone();
      return result;
    }
    begin();
    R result;
    try {
      result = operation.function().apply(writer);
    } catch (SQLException | RuntimeException | Error e) {
      rollback(e);
      throw e;
    }
    commit();
    return result;
  }

  void begin() throws SQLException {
    execute("BEGIN IMMEDIATE");
  }

  /** Commits; if that fails it rolls back and throws. */
  void commit() throws SQLException {
    try {
      execute("COMMIT");
      commits.incrementAndGet();
    } catch (SQLException e) {
      rollback(e);
      throw e;
    }
  }

  /** Counts a statement that was a transaction of its own. */
  void committedAlone() {
    commits.incrementAndGet();
  }

  /** Rolls back; a transaction that SQLite has undone already is fine. */
  void rollback(@Nullable Throwable cause) {
    try {
      executeOnce("ROLLBACK");
    } catch (SQLException e) {
      if (cause != null && SqliteFailures.primaryCode(e) != SQLiteErrorCode.SQLITE_ERROR) {
        cause.addSuppressed(e);
      }
    }
  }

  /** SQLite undoes a whole transaction on some errors (disk full, I/O); BEGIN tells. */
  boolean isOpen() {
    try {
      executeOnce("BEGIN");
    } catch (SQLException e) {
      return true;
    }
    rollback(null);
    return false;
  }

  /** Runs what must not fail. */
  void execute(String sql) throws SQLException {
    writer.statement(sql).executeUpdate();
  }

  /** Runs what may fail as a matter of course; a kept statement would be broken by that. */
  private void executeOnce(String sql) throws SQLException {
    try (Statement statement = writer.jdbc().createStatement()) {
      statement.execute(sql);
    }
  }
}
