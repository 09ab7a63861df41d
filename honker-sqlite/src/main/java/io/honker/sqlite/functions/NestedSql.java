package io.honker.sqlite.functions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteConnectionConfig;

/**
 * The statements that a function runs on the connection it was called on, while the calling
 * statement is running.
 *
 * <p>Statements are prepared anew for each call: kept ones could be in the middle of a step when a
 * trigger leads back here, and a failed one is of no use any more.
 */
final class NestedSql {

  /** Reads one row. */
  interface Reader<R> {
    R read(StrictRow row) throws SQLException;
  }

  /** Several statements. */
  interface Work<R extends @Nullable Object> {
    R run() throws SQLException;
  }

  private final SQLiteConnection connection;

  NestedSql(SQLiteConnection connection) {
    this.connection = connection;
  }

  /**
   * Runs all that a call does. In auto-commit mode the driver sends BEGIN and COMMIT behind a
   * statement without rows, to be sure that it is committed; inside a statement that writes this
   * COMMIT fails and BEGIN leaves a transaction open. So the driver must not know the mode.
   */
  <R extends @Nullable Object> R call(Work<R> work) throws SQLException {
    SQLiteConnectionConfig config = connection.getConnectionConfig();
    boolean autoCommit = config.isAutoCommit();
    config.setAutoCommit(false);
    try {
      return work.run();
    } finally {
      config.setAutoCommit(autoCommit);
    }
  }

  /** The connection, for what the other methods cannot do. */
  Connection connection() {
    return connection;
  }

  /** Runs a statement without rows and returns how many rows it changed. */
  long update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = bound(sql, values)) {
      return statement.executeUpdate();
    }
  }

  /** Runs a statement to its end and returns its rows. */
  <R> List<R> rows(String sql, Reader<R> reader, @Nullable Object... values) throws SQLException {
    List<R> found = new ArrayList<>();
    try (PreparedStatement statement = bound(sql, values);
        ResultSet rows = statement.executeQuery()) {
      StrictRow row = new StrictRow(rows);
      while (rows.next()) {
        found.add(reader.read(row));
      }
    }
    return found;
  }

  /** Runs a statement to its end and returns its first row. */
  <R> Optional<R> first(String sql, Reader<R> reader, @Nullable Object... values)
      throws SQLException {
    return rows(sql, reader, values).stream().findFirst();
  }

  /** Returns the integer in the first column of the only row, 0 if there is no row. */
  long integer(String sql, @Nullable Object... values) throws SQLException {
    return first(sql, row -> row.integer(0), values).orElse(0L);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /**
   * Runs several statements as one: all of them, or, if one fails, none. In auto-commit mode they
   * are a transaction. Inside a statement that writes (a trigger, say) SQLite allows no savepoint,
   * and that statement is the unit.
   */
  @SuppressWarnings("TypeParameterUnusedInFormals")
  <R extends @Nullable Object> R atomically(Work<R> work) throws SQLException {
    if (!beginSavepoint()) {
      return work.run();
    }
    try {
      R result = work.run();
      execute("RELEASE honker_call");
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      undo(e);
      throw e;
    }
  }

  /**
   * Runs a query that answers with a given value when it fails. The original hides failures of its
   * look-ups so, and callers may count on it.
   */
  <R> R orIfItFails(R otherwise, Work<R> query) {
    try {
      return query.run();
    } catch (SQLException e) {
      return otherwise;
    }
  }

  private boolean beginSavepoint() {
    try {
      execute("SAVEPOINT honker_call");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Some errors undo the whole transaction, and the savepoint is gone with it. */
  private void undo(Throwable cause) {
    try {
      execute("ROLLBACK TO honker_call");
      execute("RELEASE honker_call");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private PreparedStatement bound(String sql, @Nullable Object[] values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
