package io.honker.cli;

import io.honker.codec.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Knows JSON as SQLite does, with a database in memory of its own. */
final class JsonDocuments implements AutoCloseable {

  /** As an SQL expression for the column {@code payload}: see {@link #shown}. */
  static final String PAYLOAD =
      "CASE WHEN json_valid(payload) THEN json(payload) ELSE json_quote(payload) END AS payload";

  private final Connection connection;
  private final PreparedStatement shown;

  private JsonDocuments(Connection connection) throws SQLException {
    this.connection = connection;
    this.shown =
        connection.prepareStatement(
            "SELECT CASE WHEN json_valid(?1) THEN json(?1) ELSE json_quote(?1) END");
  }

  static JsonDocuments open() throws SQLException {
    return new JsonDocuments(DriverManager.getConnection("jdbc:sqlite::memory:"));
  }

  /** A document on one line; text that is no JSON becomes a JSON string. */
  Json shown(String document) throws SQLException {
    shown.setString(1, document);
    try (ResultSet row = shown.executeQuery()) {
      row.next();
      return Json.of(row.getString(1));
    }
  }

  /** A text as a JSON string. */
  static Json quoted(String text) throws SQLException {
    return value("SELECT json_quote(?)", text);
  }

  /**
   * A document, if it is one.
   *
   * @throws IllegalArgumentException if not, saying where it goes wrong
   */
  static Json checked(String document) throws SQLException {
    long position = Long.parseLong(value("SELECT json_error_position(?)", document).text());
    boolean strict = value("SELECT json_valid(?)", document).text().equals("1");
    if (strict) {
      return Json.of(document);
    }
    throw new IllegalArgumentException(
        "the payload is not JSON"
            + (position > 0 ? ": see character " + position : ", only JSON5")
            + "; --raw-text makes a JSON string of any text");
  }

  private static Json value(String sql, String parameter) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return Json.of(row.getString(1));
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
