package io.honker.cli.backup;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The mark by which the library sees that a file is a copy, whatever file it is put in the place
 * of: it stands where a file says which one it is, and says that of no file.
 */
final class CopyMark {

  private static final String PUT =
      "REPLACE INTO _honkerj_meta(key, value) VALUES ('file_identity', 'copy')";

  private CopyMark() {}

  /**
   * Marks a copy that nobody uses yet and that goes to the disk later; one that only other bindings
   * have opened has no identity to lose.
   */
  static void put(Connection copy) throws SQLException {
    if (!Tables.has(copy, "_honkerj_meta")) {
      return;
    }
    try (Statement statement = copy.createStatement()) {
      try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode=OFF")) {
        mode.next(); // no second file beside one that may vanish at any time
      }
      statement.execute("PRAGMA synchronous=OFF");
      statement.executeUpdate(PUT);
    }
  }
}
