package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are on the disk when they return, and with them every commit before them: a commit
 * with {@code synchronous=FULL} syncs the whole write-ahead log.
 */
final class DurableWrites {

  private static final Set<String> SAFE = Set.of("FULL", "EXTRA");

  private final WriteLane lane;
  private final SqliteFailures failures;
  private final String configured;

  /**
   * Prepares for a lane.
   *
   * @param configured the value of the pragma that other writes commit with
   */
  DurableWrites(WriteLane lane, SqliteFailures failures, String configured) {
    this.lane = lane;
    this.failures = failures;
    this.configured = configured;
  }

  /** Runs one operation in a transaction that has the writer to itself. */
  <R extends @Nullable Object> R run(WriteOperation<R> operation) {
    lane.acquire();
    try {
      return SAFE.contains(configured) ? inTransaction(operation) : synced(operation);
    } catch (SQLException e) {
      lane.connection().forgetStatements(e);
      throw failures.translate("writing", e);
    } finally {
      lane.release();
    }
  }

  private <R extends @Nullable Object> R synced(WriteOperation<R> operation) throws SQLException {
    R result;
    try {
      setSynchronous("FULL");
      result = inTransaction(operation);
    } catch (SQLException | RuntimeException | Error e) {
      try {
        setSynchronous(configured);
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed); // stays FULL until the next time: slower, and no less safe
      }
      throw e;
    }
    setSynchronous(configured);
    return result;
  }

  private <R extends @Nullable Object> R inTransaction(WriteOperation<R> operation)
      throws SQLException {
    lane.begin();
    R result;
    try {
      result = operation.function().apply(lane.connection());
      leaveTrace(lane.connection());
    } catch (SQLException | RuntimeException | Error e) {
      lane.rollback(e);
      throw e;
    }
    lane.commit();
    return result;
  }

  /** Writes in any case: a commit that has changed no page syncs nothing. */
  private static void leaveTrace(StoreConnection c) throws SQLException {
    c.statement(
            """
            INSERT INTO _honkerj_meta(key, value) VALUES ('durable_writes', '1')
            ON CONFLICT(key) DO UPDATE SET value = value + 1""")
        .executeUpdate();
  }

  /** Never with a kept statement: SQLite sets this pragma when it compiles it. */
  private void setSynchronous(String value) throws SQLException {
    try (Statement statement = lane.connection().jdbc().createStatement()) {
      statement.execute("PRAGMA synchronous=" + value);
    }
  }
}
