package io.honker.sqlite.functions;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The tables and indexes that every honker shares (rules F-1, F-2). */
public final class SharedTables {

  /** The log of notifications, made when the functions are registered. */
  static final List<String> NOTIFICATIONS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS _honker_notifications (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            channel TEXT NOT NULL,
            payload TEXT NOT NULL,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()))""",
          """
          CREATE INDEX IF NOT EXISTS _honker_notifications_recent
            ON _honker_notifications(channel, id)""");

  /** All others, made by {@code honker_bootstrap()}. */
  private static final List<String> OTHERS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS _honker_live (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            queue TEXT NOT NULL,
            payload TEXT NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending',
            priority INTEGER NOT NULL DEFAULT 0,
            run_at INTEGER NOT NULL DEFAULT (unixepoch()),
            worker_id TEXT,
            claim_expires_at INTEGER,
            attempts INTEGER NOT NULL DEFAULT 0,
            max_attempts INTEGER NOT NULL DEFAULT 3,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()),
            expires_at INTEGER)""",
          """
          CREATE INDEX IF NOT EXISTS _honker_live_claim
            ON _honker_live(queue, priority DESC, run_at, id)
            WHERE state IN ('pending', 'processing')""",
          """
          CREATE INDEX IF NOT EXISTS _honker_live_pending_deadline
            ON _honker_live(queue, run_at) WHERE state = 'pending'""",
          """
          CREATE INDEX IF NOT EXISTS _honker_live_processing_deadline
            ON _honker_live(queue, claim_expires_at) WHERE state = 'processing'""",
          """
          CREATE TABLE IF NOT EXISTS _honker_dead (
            id INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            payload TEXT NOT NULL,
            priority INTEGER NOT NULL DEFAULT 0,
            run_at INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            max_attempts INTEGER NOT NULL DEFAULT 0,
            last_error TEXT,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()),
            died_at INTEGER NOT NULL DEFAULT (unixepoch()))""",
          """
          CREATE TABLE IF NOT EXISTS _honker_locks (
            name TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            expires_at INTEGER NOT NULL)""",
          """
          CREATE TABLE IF NOT EXISTS _honker_rate_limits (
            name TEXT NOT NULL,
            window_start INTEGER NOT NULL,
            count INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (name, window_start))""",
          """
          CREATE TABLE IF NOT EXISTS _honker_scheduler_tasks (
            name TEXT PRIMARY KEY,
            queue TEXT NOT NULL,
            cron_expr TEXT NOT NULL,
            payload TEXT NOT NULL,
            priority INTEGER NOT NULL DEFAULT 0,
            expires_s INTEGER,
            next_fire_at INTEGER NOT NULL,
            enabled INTEGER NOT NULL DEFAULT 1,
            max_attempts INTEGER NOT NULL DEFAULT 3)""",
          """
          CREATE TABLE IF NOT EXISTS _honker_results (
            job_id INTEGER PRIMARY KEY,
            value TEXT,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()),
            expires_at INTEGER)""",
          """
          CREATE TABLE IF NOT EXISTS _honker_stream (
            offset INTEGER PRIMARY KEY AUTOINCREMENT,
            topic TEXT NOT NULL,
            key TEXT,
            payload TEXT NOT NULL,
            created_at INTEGER NOT NULL DEFAULT (unixepoch()))""",
          """
          CREATE INDEX IF NOT EXISTS _honker_stream_topic
            ON _honker_stream(topic, offset)""",
          """
          CREATE TABLE IF NOT EXISTS _honker_stream_consumers (
            name TEXT NOT NULL,
            topic TEXT NOT NULL,
            offset INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (name, topic))""");

  private static final List<String> ALL =
      Stream.concat(NOTIFICATIONS.stream(), OTHERS.stream()).toList();

  private SharedTables() {}

  /** Every statement that makes a table or an index, in order; each does nothing if it is there. */
  public static List<String> ddl() {
    return ALL;
  }

  /**
   * Adds the columns that older files lack. Does not begin a transaction.
   *
   * @throws SQLException if a column is missing and cannot be added
   */
  public static void addMissingColumns(Connection connection) throws SQLException {
    addSchedulerColumn(connection, "enabled", "INTEGER NOT NULL DEFAULT 1");
    addSchedulerColumn(connection, "max_attempts", "INTEGER NOT NULL DEFAULT 3");
  }

  /** Tells whether the table of schedules has all columns, the later ones included. */
  public static boolean hasAllColumns(Connection connection) throws SQLException {
    return hasSchedulerColumn(connection, "enabled")
        && hasSchedulerColumn(connection, "max_attempts");
  }

  /** Makes what is missing but the log of notifications. Does not begin a transaction. */
  static void makeOthers(Connection connection) throws SQLException {
    run(connection, OTHERS);
    addMissingColumns(connection);
  }

  static void run(Connection connection, List<String> ddl) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : ddl) {
        statement.executeUpdate(sql);
      }
    }
  }

  private static void addSchedulerColumn(Connection connection, String name, String definition)
      throws SQLException {
    if (hasSchedulerColumn(connection, name)) {
      return;
    }
    try {
      run(
          connection,
          List.of("ALTER TABLE _honker_scheduler_tasks ADD COLUMN " + name + " " + definition));
    } catch (SQLException e) {
      String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      if (!message.contains("duplicate column")) { // another process was first
        throw e;
      }
    }
  }

  private static boolean hasSchedulerColumn(Connection connection, String name)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pragma_table_info('_honker_scheduler_tasks') WHERE name = '"
                    + name
                    + "'")) {
      row.next();
      return row.getInt(1) > 0;
    }
  }
}
