package io.honker.sqlite.functions;

import io.honker.time.HonkerClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.Function;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** All functions of rule F-6, and how a connection gets them. */
public final class SqlFunctions {

  /** The last one is the mark of a connection that has them all. */
  private static final List<SqlFunction> ALL =
      Stream.of(
              NotificationFunctions.all(),
              QueueFunctions.all(),
              DeadLetterFunctions.all(),
              LockFunctions.all(),
              ResultFunctions.all(),
              StreamFunctions.all(),
              SchedulerTick.all(),
              SchedulerFunctions.all())
          .flatMap(List::stream)
          .toList();

  private SqlFunctions() {}

  /**
   * Registers the functions on a new connection.
   *
   * @param sqlite the driver's own connection
   * @param clock what the functions take for now
   */
  public static void register(Connection sqlite, HonkerClock clock) throws SQLException {
    NestedSql sql = new NestedSql(sqlite.unwrap(SQLiteConnection.class));
    for (SqlFunction function : ALL) {
      Function.create(
          sqlite,
          function.name(),
          new RegisteredFunction(function, sql, clock),
          function.parameters().size(),
          0);
    }
  }

  /** Tells whether a connection has the functions; by its own means, if it is another program's. */
  public static boolean areRegistered(Connection connection) {
    try {
      connection.prepareStatement("SELECT honker_cron_next_after(NULL, NULL)").close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /**
   * Makes the log of notifications if it is missing; on a connection that cannot write it stays
   * missing.
   */
  public static void makeNotifications(Connection sqlite) throws SQLException {
    try {
      SharedTables.run(sqlite, SharedTables.NOTIFICATIONS);
    } catch (SQLiteException e) {
      if ((e.getErrorCode() & 0xff) != SQLiteErrorCode.SQLITE_READONLY.code) {
        throw e;
      }
    }
  }
}
