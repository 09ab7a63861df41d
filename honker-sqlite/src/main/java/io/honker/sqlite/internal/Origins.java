package io.honker.sqlite.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Under which identities a file publishes to other machines: its id with an incarnation (rule B-2).
 *
 * <p>The file says which file it is: its number in the file system. A copy of it, or a backup put
 * in its place, says the number of another file, and begins another origin when it is opened first.
 * Events up to that moment are history that it shares with its original, and keep their origin.
 */
final class Origins {

  private static final String FILE_IDENTITY = "file_identity";

  /** The largest offset that was ever given, also where somebody has emptied the topic since. */
  private static final String BEGIN =
      """
      INSERT INTO _honkerj_origins(origin, after_offset)
      SELECT ?, max(
        coalesce((SELECT seq FROM sqlite_sequence WHERE name = '_honker_stream'), 0),
        coalesce((SELECT max(offset) FROM _honker_stream), 0),
        coalesce((SELECT max(after_offset) FROM _honkerj_origins), 0))""";

  private static final String BEGIN_FIRST =
      "INSERT INTO _honkerj_origins(origin, after_offset) VALUES (?, 0)";

  private final Connection connection;
  private final MetaTable meta;
  private final @Nullable String file;

  /**
   * Prepares for a file.
   *
   * @param file the file's number, null where the platform shows none
   */
  Origins(Connection connection, @Nullable String file) {
    this.connection = connection;
    this.meta = new MetaTable(connection);
    this.file = file;
  }

  /** Whether this is the file that the last origin was begun in. */
  boolean areSettled() throws SQLException {
    return !areEmpty() && isSameFile();
  }

  /**
   * Begins the first origin, or another one if the file is a copy. Inside a transaction that has
   * the writer: another process may have done it a moment ago.
   *
   * @return the origin that was begun because the file is a copy, null if none was
   */
  @Nullable String settle(String databaseId) throws SQLException {
    if (areSettled()) {
      return null;
    }
    boolean first = areEmpty();
    String origin = databaseId + "." + UUID.randomUUID().toString().substring(0, 8);
    try (PreparedStatement insert = connection.prepareStatement(first ? BEGIN_FIRST : BEGIN)) {
      insert.setString(1, origin);
      insert.executeUpdate();
    }
    meta.put(FILE_IDENTITY, file);
    return first ? null : origin;
  }

  private boolean areEmpty() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT 1 FROM _honkerj_origins LIMIT 1")) {
      return !row.next();
    }
  }

  private boolean isSameFile() throws SQLException {
    return Objects.equals(file, meta.find(FILE_IDENTITY));
  }
}
