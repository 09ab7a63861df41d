package io.honker.cli;

import io.honker.error.StoreUnavailableException;
import io.honker.sqlite.HonkerFunctions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database file opened by JDBC alone: with honker's pragmas and SQL functions, but without making
 * tables, threads or a watcher.
 */
final class PlainDatabase {

  private PlainDatabase() {}

  /**
   * Opens a file.
   *
   * @throws StoreUnavailableException if it is missing and is not to be created
   */
  static Connection open(Path file, boolean create) throws SQLException {
    if (!create && !Files.isRegularFile(file)) {
      throw new StoreUnavailableException(
          (Files.exists(file) ? "not a file: " : "no such file: ")
              + file
              + "; --create makes a new one",
          null);
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=5000");
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=NORMAL");
      statement.execute("PRAGMA foreign_keys=ON");
      statement.execute("PRAGMA cache_size=-32000");
      statement.execute("PRAGMA temp_store=MEMORY");
      statement.execute("PRAGMA wal_autocheckpoint=10000");
      HonkerFunctions.register(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
