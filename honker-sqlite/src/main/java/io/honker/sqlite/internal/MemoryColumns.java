package io.honker.sqlite.internal;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Columns described by values of their own, so that they outlive the statement they came from. */
final class MemoryColumns implements ResultSetMetaData {

  /** One column. */
  record Column(
      String label,
      String name,
      int type,
      String typeName,
      String table,
      int precision,
      int scale) {

    static Column ofRowId(String label) {
      return new Column(label, label, Types.BIGINT, "INTEGER", "", 0, 0);
    }
  }

  private final List<Column> columns;

  MemoryColumns(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** Reads all there is to know of the columns of a result or statement. */
  static MemoryColumns copyOf(ResultSetMetaData source) throws SQLException {
    Column[] columns = new Column[source.getColumnCount()];
    for (int i = 1; i <= columns.length; i++) {
      columns[i - 1] =
          new Column(
              source.getColumnLabel(i),
              source.getColumnName(i),
              source.getColumnType(i),
              source.getColumnTypeName(i),
              nonNull(source.getTableName(i)),
              source.getPrecision(i),
              source.getScale(i));
    }
    return new MemoryColumns(List.of(columns));
  }

  private static String nonNull(@Nullable String text) {
    return text == null ? "" : text;
  }

  int indexOf(String label) throws SQLException {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).label().equalsIgnoreCase(label)) {
        return i + 1;
      }
    }
    throw new SQLException("no such column: '" + label + "'");
  }

  private Column column(int index) throws SQLException {
    if (index < 1 || index > columns.size()) {
      throw new SQLException("column " + index + " out of bounds [1," + columns.size() + "]");
    }
    return columns.get(index - 1);
  }

  @Override
  public int getColumnCount() {
    return columns.size();
  }

  @Override
  public String getColumnLabel(int index) throws SQLException {
    return column(index).label();
  }

  @Override
  public String getColumnName(int index) throws SQLException {
    return column(index).name();
  }

  @Override
  public int getColumnType(int index) throws SQLException {
    return column(index).type();
  }

  @Override
  public String getColumnTypeName(int index) throws SQLException {
    return column(index).typeName();
  }

  @Override
  public String getTableName(int index) throws SQLException {
    return column(index).table();
  }

  @Override
  public int getPrecision(int index) throws SQLException {
    return column(index).precision();
  }

  @Override
  public int getScale(int index) throws SQLException {
    return column(index).scale();
  }

  @Override
  public boolean isSigned(int index) throws SQLException {
    return switch (column(index).type()) {
      case Types.CHAR, Types.VARCHAR, Types.BLOB, Types.BINARY, Types.NULL -> false;
      default -> true;
    };
  }

  @Override
  public String getColumnClassName(int index) {
    return "java.lang.Object";
  }

  @Override
  public int getColumnDisplaySize(int index) {
    return Integer.MAX_VALUE;
  }

  @Override
  public String getSchemaName(int index) {
    return "";
  }

  @Override
  public String getCatalogName(int index) {
    return "";
  }

  @Override
  public int isNullable(int index) {
    return columnNullableUnknown;
  }

  @Override
  public boolean isAutoIncrement(int index) {
    return false;
  }

  @Override
  public boolean isCaseSensitive(int index) {
    return true;
  }

  @Override
  public boolean isSearchable(int index) {
    return true;
  }

  @Override
  public boolean isCurrency(int index) {
    return false;
  }

  @Override
  public boolean isReadOnly(int index) {
    return true;
  }

  @Override
  public boolean isWritable(int index) {
    return false;
  }

  @Override
  public boolean isDefinitelyWritable(int index) {
    return false;
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrapped.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
