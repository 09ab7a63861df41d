package io.honker.sqlite.internal;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Queries for one column only. */
final class FirstColumn {

  private FirstColumn() {}

  /** The number in the first row; empty if there is none or it is null. */
  static OptionalLong number(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        return OptionalLong.empty();
      }
      long value = row.getLong(1);
      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }

  /** The texts in all rows. */
  static List<String> texts(PreparedStatement select) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  /**
   * The SQL for the different values of an index's first column, in their order: by skipping from
   * one to the next, not by reading all rows. For constants only.
   */
  static String distinct(String table, String column) {
    return """
        WITH RECURSIVE names(name) AS (
          SELECT min(%2$s) FROM %1$s
          UNION ALL
          SELECT (SELECT min(%2$s) FROM %1$s WHERE %2$s > name) FROM names WHERE name IS NOT NULL)
        SELECT name FROM names WHERE name IS NOT NULL"""
        .formatted(table, column);
  }
}
