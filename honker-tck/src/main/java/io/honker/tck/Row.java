package io.honker.tck;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of a table as SQL shows it, column by column. */
final class Row {

  private final Map<String, @Nullable Object> columns = new LinkedHashMap<>();

  static Row of(ResultSet current) throws SQLException {
    Row row = new Row();
    ResultSetMetaData meta = current.getMetaData();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      row.columns.put(meta.getColumnLabel(i).toLowerCase(Locale.ROOT), current.getObject(i));
    }
    return row;
  }

  long number(String column) {
    if (value(column) instanceof Number number) {
      return number.longValue();
    }
    throw new AssertionError(column + " is no number in " + this);
  }

  @Nullable String text(String column) {
    Object value = value(column);
    return value == null ? null : value.toString();
  }

  boolean isNull(String column) {
    return value(column) == null;
  }

  private @Nullable Object value(String column) {
    if (!columns.containsKey(column)) {
      throw new AssertionError("no column " + column + " in " + this);
    }
    return columns.get(column);
  }

  @Override
  public String toString() {
    return columns.toString();
  }
}
