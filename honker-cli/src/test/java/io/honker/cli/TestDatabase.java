package io.honker.cli;

import io.honker.Honker;
import io.honker.sqlite.HonkerFunctions;
import io.honker.sqlite.SqliteHonker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Plants rows and looks at them, with plain JDBC. */
final class TestDatabase {

  private TestDatabase() {}

  /** A database with all tables and no rows. */
  static Path create(Path folder) {
    Path file = folder.resolve("app.db");
    Honker honker = SqliteHonker.open(file);
    honker.close();
    return file;
  }

  /** Opens a file as applications do and tells under which identity it publishes to others. */
  static String origin(Path file) {
    try (Honker honker = SqliteHonker.open(file)) {
      return honker.bridges().origin();
    }
  }

  /**
   * Plants a bridge of topic orders with events 1 to 4: the second was received from elsewhere, the
   * first is acknowledged, and up to the third may have left.
   */
  static void plantBridge(Path file) throws SQLException {
    execute(
        file,
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4)
        INSERT INTO _honker_stream(topic, payload) SELECT 'orders', '{}' FROM n""",
        "INSERT INTO _honkerj_received_marks VALUES ('orders', 2, 'elsewhere.1', 'orders', 77, 0)",
        """
        INSERT INTO _honkerj_bridges
        VALUES ('out', 'OUTBOUND', 'orders', 'all-orders', 'RUNNING', NULL, 0, 0, NULL, 0)""",
        "INSERT INTO _honker_stream_consumers VALUES ('honkerj-bridge:out', 'orders', 1)",
        """
        INSERT INTO _honkerj_bridge_sent
        SELECT 'out', origin, 'orders', 3, 1 FROM _honkerj_origins""",
        "INSERT INTO _honkerj_bridge_sent VALUES ('out', 'elsewhere.1', 'orders', 77, 76)",
        "INSERT INTO _honkerj_bridge_sent VALUES ('out', 'elsewhere.2', 'orders', 5, 5)");
  }

  static void execute(Path file, String... statements) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static String text(Path file, String query) throws SQLException {
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? String.valueOf(row.getString(1)) : "no row";
    }
  }

  static Connection connect(Path file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=60000");
    }
    HonkerFunctions.register(connection);
    return connection;
  }

  /** Whether SQLite takes a text for JSON. */
  static boolean isJson(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        var statement = connection.prepareStatement("SELECT json_valid(?)")) {
      statement.setString(1, text);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
