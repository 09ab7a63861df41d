package io.honker.sqlite.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What a file says of itself: texts by key. */
final class MetaTable {

  private final Connection connection;

  MetaTable(Connection connection) {
    this.connection = connection;
  }

  @Nullable String find(String key) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT value FROM _honkerj_meta WHERE key = ?")) {
      statement.setString(1, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }

  /** Puts a text, or removes it. */
  void put(String key, @Nullable String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            value == null
                ? "DELETE FROM _honkerj_meta WHERE key = ?1"
                : "REPLACE INTO _honkerj_meta(key, value) VALUES (?1, ?2)")) {
      statement.setString(1, key);
      if (value != null) {
        statement.setString(2, value);
      }
      statement.executeUpdate();
    }
  }
}
