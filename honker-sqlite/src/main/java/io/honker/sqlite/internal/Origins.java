package io.honker.sqlite.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** Under which identities a file publishes: its id and an incarnation (rule B-2). */
final class Origins {

  private final Connection connection;

  Origins(Connection connection) {
    this.connection = connection;
  }

  /** Begins the first origin if there is none. */
  void beginFirst(String databaseId) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO _honkerj_origins(origin, after_offset)
            SELECT ?, 0 WHERE NOT EXISTS (SELECT 1 FROM _honkerj_origins)""")) {
      insert.setString(1, fresh(databaseId));
      insert.executeUpdate();
    }
  }

  private static String fresh(String databaseId) {
    return databaseId + "." + UUID.randomUUID().toString().substring(0, 8);
  }
}
