package io.honker.sqlite.internal;

import io.honker.sqlite.functions.SqlFunctions;
import io.honker.time.HonkerClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;

/** Opens connections to one file with the pragmas of rule F-3 and the functions of rule F-6. */
final class SqliteConnections {

  private final Path file;
  private final SqliteSettings settings;
  private final HonkerClock clock;

  /** The clock is what the SQL functions take for now. */
  SqliteConnections(Path file, SqliteSettings settings, HonkerClock clock) {
    this.file = file;
    this.settings = settings;
    this.clock = clock;
  }

  SqliteSettings settings() {
    return settings;
  }

  /** Opens the writing connection, and creates the file if it is missing. */
  Connection openWriter() throws SQLException {
    Connection connection = open();
    try (Statement statement = connection.createStatement()) {
      switchToWal(statement);
      statement.execute("PRAGMA synchronous=" + settings.synchronous());
      statement.execute("PRAGMA wal_autocheckpoint=" + settings.walAutocheckpoint());
      return connection;
    } catch (SQLException e) {
      throw closing(connection, e);
    }
  }

  /** Opens a connection that refuses writes. */
  Connection openReader() throws SQLException {
    Connection connection = open();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only=ON");
      return connection;
    } catch (SQLException e) {
      throw closing(connection, e);
    }
  }

  private Connection open() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(0);
    config.setGetGeneratedKeys(false); // would run a second statement after every insert
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      BusyHandler.setHandler(connection, new WriterBusyHandler(settings.writerTimeout().toNanos()));
      statement.execute("PRAGMA foreign_keys=ON");
      statement.execute("PRAGMA cache_size=-32000");
      statement.execute("PRAGMA temp_store=MEMORY");
      SqlFunctions.register(connection, clock);
      return connection;
    } catch (SQLException e) {
      throw closing(connection, e);
    }
  }

  private static void switchToWal(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA journal_mode=WAL")) {
      row.next();
      String mode = row.getString(1);
      if (!"wal".equalsIgnoreCase(mode)) {
        throw new SQLException(
            "the file stays in journal mode " + mode + "; WAL needs a local file system");
      }
    }
  }

  private static SQLException closing(Connection connection, SQLException failure) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
