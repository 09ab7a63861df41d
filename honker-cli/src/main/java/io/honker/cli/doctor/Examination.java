package io.honker.cli.doctor;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One look at a database: the connection, the one now, and what was found so far. */
final class Examination {

  private final Connection connection;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();

  Examination(Connection connection, Instant now) {
    this.connection = connection;
    this.now = now;
  }

  long now() {
    return now.getEpochSecond();
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  void found(String id, Severity severity, String message, String remedy) {
    findings.add(new Finding(id, severity, null, message, remedy));
  }

  void found(String id, Severity severity, String subject, String message, String remedy) {
    findings.add(new Finding(id, severity, subject, message, remedy));
  }

  boolean hasTable(String name) throws SQLException {
    return number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", name) > 0;
  }

  boolean hasColumn(String table, String column) throws SQLException {
    return number("SELECT count(*) FROM pragma_table_info(?) WHERE name = ?", table, column) > 0;
  }

  /** What to do with a row. */
  @FunctionalInterface
  interface RowWork {
    void see(ResultSet row) throws SQLException;
  }

  void each(RowWork work, String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          work.see(rows);
        }
      }
    }
  }

  /** The number in the first column of the only row. */
  long number(String sql, @Nullable Object... parameters) throws SQLException {
    long[] number = new long[1];
    each(row -> number[0] = row.getLong(1), sql, parameters);
    return number[0];
  }

  /** The texts in the first column. */
  List<String> texts(String sql, @Nullable Object... parameters) throws SQLException {
    List<String> texts = new ArrayList<>();
    each(row -> texts.add(String.valueOf(row.getString(1))), sql, parameters);
    return texts;
  }

  /** For how long something has been so: {@code 45 s}, {@code 3 min}, {@code 5 h}, {@code 12 d}. */
  String since(long second) {
    long age = Math.max(0, now() - second);
    if (age < 120) {
      return age + " s";
    }
    if (age < 7_200) {
      return age / 60 + " min";
    }
    return age < 172_800 ? age / 3_600 + " h" : age / 86_400 + " d";
  }

  /** A few names, and how many more there are. */
  static String some(List<String> names) {
    int shown = Math.min(names.size(), 5);
    String text = String.join(", ", names.subList(0, shown));
    return names.size() > shown ? text + " and " + (names.size() - shown) + " more" : text;
  }

  static String jobs(long count) {
    return count == 1 ? "1 job" : count + " jobs";
  }
}
