package io.honker.sqlite;

import io.honker.sqlite.functions.SqlFunctions;
import io.honker.time.SystemClock;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConnection;

/**
 * Honker's SQL functions for connections that the application opened itself: {@code notify} and 33
 * functions whose names begin with {@code honker_}, as the original's loadable extension has them.
 *
 * <pre>{@code
 * try (Connection connection = DriverManager.getConnection("jdbc:sqlite:app.db")) {
 *   HonkerFunctions.register(connection);
 *   connection.createStatement().execute("SELECT honker_bootstrap()");
 *   connection.createStatement().execute(
 *       "SELECT honker_enqueue('mail', '{\"to\":\"ada\"}', NULL, NULL, 0, 3, NULL)");
 * }
 * }</pre>
 *
 * <p>Connections that honker hands out ({@code tx.connection()}, {@code honker.dataSource()},
 * {@code honker.read}) have them already; there they take now from honker's clock, elsewhere from
 * the system's.
 *
 * <p>The functions follow the original to the letter, its lack of checks included: a job may be
 * enqueued with no attempts, say. Only atomicity is better: each call happens completely or not at
 * all, in auto-commit mode, too. Inside a transaction it is part of that. Inside a statement that
 * writes, such as one that fires a trigger, that statement is the unit. A function cannot be called
 * by a trigger that its own writes fire: that is an error.
 *
 * <p>Waiters of this process on the same file learn of what the functions wrote as they learn of
 * other processes' commits.
 *
 * <p>Safe for use by multiple threads, as far as the connections are. See rule F-6.
 *
 * @since 0.1.0
 */
public final class HonkerFunctions {

  private HonkerFunctions() {}

  /**
   * Registers the functions on one physical connection. They stay until it is closed; with a pool,
   * call this for each connection it opens. A second call does nothing.
   *
   * <p>Creates the table that {@code notify} writes if it is missing, unless the connection cannot
   * write; {@code SELECT honker_bootstrap()} creates the others. Waits for other writers as long as
   * the connection's busy timeout says.
   *
   * @param connection an open connection of sqlite-jdbc, or a wrapper around one
   * @throws IllegalArgumentException if the connection is not one of sqlite-jdbc
   * @throws SQLException if the connection is closed or the table cannot be created
   */
  public static void register(Connection connection) throws SQLException {
    if (SqlFunctions.areRegistered(connection)) {
      return;
    }
    if (!connection.isWrapperFor(SQLiteConnection.class)) {
      throw new IllegalArgumentException(
          "not a connection of sqlite-jdbc: " + connection.getClass().getName());
    }
    Connection sqlite = connection.unwrap(SQLiteConnection.class);
    SqlFunctions.makeNotifications(sqlite);
    SqlFunctions.register(sqlite, SystemClock.instance());
  }
}
