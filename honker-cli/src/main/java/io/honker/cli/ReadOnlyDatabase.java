package io.honker.cli;

import io.honker.error.StoreSchemaException;
import io.honker.error.StoreUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A database that is looked at and left as it is: no tables are made, no journal mode is changed,
 * and nobody waits for us. Therefore it works on files of every version, and beside other versions.
 */
final class ReadOnlyDatabase implements AutoCloseable {

  private static final int NOT_A_DATABASE = 26;

  private final Connection connection;

  private ReadOnlyDatabase(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a file with honker's tables.
   *
   * @throws StoreUnavailableException if there is no such file, or if it is no database
   * @throws StoreSchemaException if it has none
   */
  static ReadOnlyDatabase open(Path file) throws SQLException {
    ReadOnlyDatabase database = new ReadOnlyDatabase(connect(file));
    try {
      database.requireTables(file);
      return database;
    } catch (SQLException e) {
      database.close();
      if ((e.getErrorCode() & 0xff) == NOT_A_DATABASE) {
        throw new StoreUnavailableException(file + " is no database; is it the right file?", e);
      }
      throw e;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private void requireTables(Path file) throws SQLException {
    if (!hasTable("_honker_live")) {
      throw new StoreSchemaException(
          file
              + " has no tables of honker; is it the right file? \"honker sql FILE 'SELECT"
              + " honker_bootstrap()'\" makes them",
          null);
    }
  }

  /** A connection that refuses writes, to any SQLite file that exists. */
  static Connection connect(Path file) throws SQLException {
    Connection connection = connectToCopy(file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only=ON");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** A connection that writes nothing here, but may write a copy elsewhere. */
  static Connection connectToCopy(Path file) throws SQLException {
    requireFile(file);
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=5000");
      statement.execute("PRAGMA temp_store=MEMORY");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StoreUnavailableException(
          (Files.exists(file) ? "not a file: " : "no such file: ") + file, null);
    }
  }

  Rows rows(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return Rows.read(result);
      }
    }
  }

  boolean hasTable(String name) throws SQLException {
    return !rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name)
        .values()
        .isEmpty();
  }

  /** Whether there is such a column in such a table. */
  boolean hasColumn(String table, String column) throws SQLException {
    return !rows("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column)
        .values()
        .isEmpty();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
