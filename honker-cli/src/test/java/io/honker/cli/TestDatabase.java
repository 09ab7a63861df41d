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
