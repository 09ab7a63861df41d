package io.honker.sqlite.functions;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The current row of a query, read without conversions: other programs may have stored anything,
 * and whoever calls a function is to see that, not a guess. Columns count from 0, as in the texts.
 */
final class StrictRow {

  private final ResultSet rows;

  StrictRow(ResultSet rows) {
    this.rows = rows;
  }

  long integer(int index) throws SQLException {
    Long value = integerOrNull(index);
    if (value == null) {
      throw unexpected("Null", index);
    }
    return value;
  }

  @Nullable Long integerOrNull(int index) throws SQLException {
    Object value = rows.getObject(index + 1);
    if (value == null) {
      return null;
    }
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw unexpected(typeOf(value), index);
  }

  String text(int index) throws SQLException {
    String value = textOrNull(index);
    if (value == null) {
      throw unexpected("Null", index);
    }
    return value;
  }

  @Nullable String textOrNull(int index) throws SQLException {
    Object value = rows.getObject(index + 1);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw unexpected(typeOf(value), index);
  }

  private SQLException unexpected(String type, int index) throws SQLException {
    String name = rows.getMetaData().getColumnLabel(index + 1);
    return new SQLException(
        "Invalid column type " + type + " at index: " + index + ", name: " + name);
  }

  private static String typeOf(Object value) {
    if (value instanceof String) {
      return "Text";
    }
    if (value instanceof byte[]) {
      return "Blob";
    }
    return value instanceof Double ? "Real" : "Integer";
  }
}
