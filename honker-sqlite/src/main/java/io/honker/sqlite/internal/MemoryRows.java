package io.honker.sqlite.internal;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows in memory: those that a write returned, of which nothing may be left on the writer once it
 * is given back, and those of metadata. Values convert as SQLite's own would.
 */
final class MemoryRows extends LabelledRows {

  private final MemoryColumns columns;
  private final List<@Nullable Object[]> rows;
  private int row;
  private boolean closed;
  private boolean lastWasNull;

  MemoryRows(@Nullable Statement statement, MemoryColumns columns, List<@Nullable Object[]> rows) {
    super(statement);
    this.columns = columns;
    this.rows = rows;
  }

  /** Reads a result to its end. The caller closes it. */
  static MemoryRows copyOf(@Nullable Statement statement, ResultSet source) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    int width = source.getMetaData().getColumnCount();
    MemoryColumns columns = null;
    while (source.next()) {
      if (columns == null) { // the driver derives types from the first row
        columns = MemoryColumns.copyOf(source.getMetaData());
      }
      @Nullable Object[] values = new Object[width];
      for (int i = 0; i < width; i++) {
        values[i] = source.getObject(i + 1);
      }
      rows.add(values);
    }
    return new MemoryRows(
        statement, columns != null ? columns : MemoryColumns.copyOf(source.getMetaData()), rows);
  }

  @Override
  public boolean next() throws SQLException {
    checkOpen();
    row = Math.min(row + 1, rows.size() + 1);
    return row <= rows.size();
  }

  private void checkOpen() throws SQLException {
    if (closed) {
      throw new SQLException("the result set is closed");
    }
  }

  private @Nullable Object value(int column) throws SQLException {
    checkOpen();
    if (row < 1 || row > rows.size()) {
      throw new SQLException("the result set is not on a row; call next()");
    }
    @Nullable Object[] values = rows.get(row - 1);
    if (column < 1 || column > values.length) {
      throw new SQLException("column " + column + " out of bounds [1," + values.length + "]");
    }
    Object value = values[column - 1];
    lastWasNull = value == null;
    return value;
  }

  private Number number(int column) throws SQLException {
    Object value = value(column);
    if (value == null) {
      return 0;
    }
    if (value instanceof Number number) {
      return number;
    }
    try {
      return new BigDecimal(String.valueOf(getString(column)).strip());
    } catch (NumberFormatException e) {
      return 0; // as SQLite does it
    }
  }

  @Override
  public int getInt(int column) throws SQLException {
    return number(column).intValue();
  }

  @Override
  public long getLong(int column) throws SQLException {
    return number(column).longValue();
  }

  @Override
  public float getFloat(int column) throws SQLException {
    return number(column).floatValue();
  }

  @Override
  public double getDouble(int column) throws SQLException {
    return number(column).doubleValue();
  }

  @Override
  public @Nullable String getString(int column) throws SQLException {
    Object value = value(column);
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    return value == null ? null : value.toString();
  }

  @Override
  public byte @Nullable [] getBytes(int column) throws SQLException {
    Object value = value(column);
    if (value == null) {
      return null;
    }
    return value instanceof byte[] bytes
        ? bytes.clone()
        : value.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
    String text = getString(column);
    try {
      return text == null ? null : new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw new SQLException("column " + column + " holds no number", e);
    }
  }

  @Override
  public @Nullable Object getObject(int column) throws SQLException {
    return value(column);
  }

  @Override
  public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
    if (value(column) == null) {
      return null;
    }
    return type.cast(converted(column, type));
  }

  private @Nullable Object converted(int column, Class<?> type) throws SQLException {
    return switch (type.getName()) {
      case "java.lang.String" -> getString(column);
      case "java.lang.Integer" -> getInt(column);
      case "java.lang.Long" -> getLong(column);
      case "java.lang.Short" -> getShort(column);
      case "java.lang.Double" -> getDouble(column);
      case "java.lang.Float" -> getFloat(column);
      case "java.lang.Boolean" -> getBoolean(column);
      case "java.math.BigDecimal" -> getBigDecimal(column);
      case "[B" -> getBytes(column);
      case "java.sql.Date" -> getDate(column);
      case "java.sql.Time" -> getTime(column);
      case "java.sql.Timestamp" -> getTimestamp(column);
      case "java.time.LocalDate" -> new Timestamp(millis(column)).toLocalDateTime().toLocalDate();
      case "java.time.LocalTime" -> new Timestamp(millis(column)).toLocalDateTime().toLocalTime();
      case "java.time.LocalDateTime" -> new Timestamp(millis(column)).toLocalDateTime();
      default -> objectOf(column, type);
    };
  }

  private @Nullable Object objectOf(int column, Class<?> type) throws SQLException {
    Object value = value(column);
    if (type.isInstance(value)) {
      return value;
    }
    throw new SQLException("column " + column + " cannot be had as " + type.getName());
  }

  /** Dates are milliseconds, as the driver stores them, or text. */
  private long millis(int column) throws SQLException {
    Object value = value(column);
    if (value instanceof Number number) {
      return number.longValue();
    }
    String text = String.valueOf(value).strip().replace('T', ' ');
    try {
      return Timestamp.valueOf(text.length() <= 10 ? text + " 00:00:00" : text).getTime();
    } catch (IllegalArgumentException e) {
      throw new SQLException("column " + column + " holds no date or time", e);
    }
  }

  @Override
  public @Nullable Date getDate(int column) throws SQLException {
    return value(column) == null ? null : new Date(millis(column));
  }

  @Override
  public @Nullable Date getDate(int column, Calendar calendar) throws SQLException {
    return getDate(column);
  }

  @Override
  public @Nullable Time getTime(int column) throws SQLException {
    return value(column) == null ? null : new Time(millis(column));
  }

  @Override
  public @Nullable Time getTime(int column, Calendar calendar) throws SQLException {
    return getTime(column);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column) throws SQLException {
    return value(column) == null ? null : new Timestamp(millis(column));
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
    return getTimestamp(column);
  }

  @Override
  public Blob getBlob(int column) throws SQLException {
    throw new SQLFeatureNotSupportedException("use getBytes() or getBinaryStream()");
  }

  @Override
  public Clob getClob(int column) throws SQLException {
    throw new SQLFeatureNotSupportedException("use getString() or getCharacterStream()");
  }

  @Override
  public boolean wasNull() {
    return lastWasNull;
  }

  @Override
  public int findColumn(String label) throws SQLException {
    checkOpen();
    return columns.indexOf(label);
  }

  @Override
  public ResultSetMetaData getMetaData() {
    return columns;
  }

  @Override
  public int getRow() {
    return row > rows.size() ? 0 : row;
  }

  @Override
  public boolean isBeforeFirst() {
    return row == 0 && !rows.isEmpty();
  }

  @Override
  public boolean isFirst() {
    return row == 1 && !rows.isEmpty();
  }

  @Override
  public boolean isAfterLast() {
    return row > rows.size() && !rows.isEmpty();
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }
}
