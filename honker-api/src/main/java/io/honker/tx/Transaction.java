package io.honker.tx;

import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One write transaction on the database: the application's own SQL and honker's writes commit or
 * roll back together.
 *
 * <pre>{@code
 * honker.inTransaction(tx -> {
 *   long order = tx.insert("INSERT INTO orders(user_id, total) VALUES (?, ?)", 42, 9900);
 *   emails.enqueue(tx, new Confirmation(order));
 * });
 * }</pre>
 *
 * <p>While it is open it holds the database's only writer, so keep it short and free of network
 * calls.
 *
 * <p>SQL parameters may be null, {@link Number}, {@link Boolean}, {@link String}, {@code byte[]} or
 * anything else the driver's {@code setObject} takes.
 *
 * <p>Confined to one thread. Every method throws {@link IllegalStateException} after the
 * transaction ended, on another thread, or after {@code Honker.close()} (rule T-5). SQL failures
 * are {@link io.honker.error.StoreException}s; the transaction stays usable and the caller decides
 * whether to let the exception roll it back.
 *
 * @since 0.1.0
 */
public interface Transaction {

  /**
   * Returns the JDBC connection of this transaction, for whatever speaks JDBC.
   *
   * <p>It takes part in this transaction; {@code commit}, {@code rollback}, {@code setAutoCommit}
   * and {@code close} on it are refused with a {@link java.sql.SQLException}, savepoints work.
   *
   * @return the connection, usable until the transaction ends
   */
  Connection connection();

  /**
   * Runs one statement that returns no rows. The prepared statement is kept and reused.
   *
   * @param sql the statement with {@code ?} placeholders, never null
   * @param parameters their values in order
   * @return the number of rows changed
   */
  int execute(String sql, @Nullable Object... parameters);

  /**
   * Runs one INSERT and returns the row id it made.
   *
   * @param sql the statement with {@code ?} placeholders, never null
   * @param parameters their values in order
   * @return the generated row id
   */
  long insert(String sql, @Nullable Object... parameters);

  /**
   * Runs one query and maps every row. Sees this transaction's own writes.
   *
   * @param sql the query with {@code ?} placeholders, never null
   * @param mapper makes a value of each row, never null
   * @param parameters their values in order
   * @param <R> the row's value type
   * @return the values in the query's order, possibly empty
   */
  <R> List<R> query(String sql, RowMapper<R> mapper, @Nullable Object... parameters);

  /**
   * Runs one query and maps its first row.
   *
   * @param sql the query with {@code ?} placeholders, never null
   * @param mapper makes a value of the row, never null
   * @param parameters their values in order
   * @param <R> the row's value type, not null
   * @return the first row's value, empty if there is no row
   */
  <R> Optional<R> queryFirst(String sql, RowMapper<R> mapper, @Nullable Object... parameters);

  /**
   * Registers an action to run once after this transaction has committed, on the committing thread,
   * when the writer is free again.
   *
   * <p>Actions run in the order of their registration. What one throws is logged and does not reach
   * the caller, because the data is committed already.
   *
   * @param action the action, never null
   */
  void afterCommit(Runnable action);

  /**
   * Registers an action to run once after this transaction was rolled back, under the same terms as
   * {@link #afterCommit}.
   *
   * @param action the action, never null
   */
  void afterRollback(Runnable action);
}
