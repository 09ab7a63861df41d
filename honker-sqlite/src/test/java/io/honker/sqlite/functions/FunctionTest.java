package io.honker.sqlite.functions;

import io.honker.tck.ManualClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A file with honker's tables and one connection in auto-commit mode, whose time stands still. */
abstract class FunctionTest {

  static final long NOW = ManualClock.START.getEpochSecond();

  @TempDir Path folder;
  final ManualClock clock = new ManualClock();
  Connection connection;

  @BeforeEach
  final void open() throws SQLException {
    connection = another();
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=OFF");
    SqlFunctions.makeNotifications(connection);
    run("SELECT honker_bootstrap()");
  }

  @AfterEach
  final void close() throws SQLException {
    connection.close();
  }

  final Connection another() throws SQLException {
    Connection opened = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("test.db"));
    SqlFunctions.register(opened, clock);
    return opened;
  }

  final void pass(long seconds) {
    clock.advance(Duration.ofSeconds(seconds));
  }

  final void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The only value of the only row: an Integer or Long, a String, or null. */
  final Object value(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getObject(1);
      }
    }
  }

  final long number(String sql, Object... parameters) throws SQLException {
    return ((Number) value(sql, parameters)).longValue();
  }

  /** What SQLite says about a statement that fails. */
  final String error(String sql) {
    try {
      run(sql);
    } catch (SQLException e) {
      return ErrorText.of(e);
    }
    throw new AssertionError("no error: " + sql);
  }

  /** Each row as its values joined by bars; null is written as a dash. */
  final List<String> rows(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          String value = rows.getString(i);
          values.add(value == null ? "-" : value);
        }
        found.add(String.join("|", values));
      }
    }
    return found;
  }

  final long enqueue(String queue) throws SQLException {
    return number("SELECT honker_enqueue(?, 'p', NULL, NULL, 0, 3, NULL)", queue);
  }

  final String claim(String queue, int count) throws SQLException {
    return (String) value("SELECT honker_claim_batch(?, 'w', ?, 300)", queue, count);
  }
}
