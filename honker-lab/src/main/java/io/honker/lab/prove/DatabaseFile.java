package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The database file as the bare driver sees it, without any of our code. */
final class DatabaseFile implements AutoCloseable {

  private final Connection connection;

  DatabaseFile(Path file) throws SQLException {
    this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    longs("SELECT count(*) FROM sqlite_schema"); // now the file is really open
  }

  void checkSound() throws SQLException {
    List<String> answer = texts("PRAGMA integrity_check");
    require(answer.equals(List.of("ok")), () -> "integrity_check says " + answer);
  }

  /** Reads one column of whole numbers. */
  List<Long> longs(String sql, Object... parameters) throws SQLException {
    return texts(sql, parameters).stream().map(Long::valueOf).toList();
  }

  /** Reads one column. */
  List<String> texts(String sql, Object... parameters) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement statement = prepared(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /** Reads a number for each id. */
  Map<Long, Long> longsById(String sql, Object... parameters) throws SQLException {
    Map<Long, Long> longs = new TreeMap<>();
    try (PreparedStatement statement = prepared(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        longs.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return longs;
  }

  /** Reads a text for each id. */
  Map<Long, String> textsById(String sql, Object... parameters) throws SQLException {
    Map<Long, String> texts = new TreeMap<>();
    try (PreparedStatement statement = prepared(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        texts.put(rows.getLong(1), rows.getString(2));
      }
    }
    return texts;
  }

  private PreparedStatement prepared(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
