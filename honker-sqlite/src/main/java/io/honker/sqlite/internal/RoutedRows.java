package io.honker.sqlite.internal;

import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/**
 * Rows that SQLite is still producing. The driver uses one result set object for all executions of
 * a statement, and statements are kept for others: this wrapper is what cannot be used, or closed,
 * when the driver's object belongs to somebody else by then.
 */
final class RoutedRows extends LabelledRows {

  private final OpenStatement statement;
  private final ResultSet rows;
  private final long maxRows;
  private long row;
  private @Nullable MemoryColumns columns;
  private volatile boolean closed;

  RoutedRows(OpenStatement statement, ResultSet rows, long maxRows) {
    super(statement);
    this.statement = statement;
    this.rows = rows;
    this.maxRows = maxRows;
  }

  private ResultSet open() throws SQLException {
    if (closed) {
      throw new SQLException("the result set is closed, by its statement or by the transaction");
    }
    return rows;
  }

  @Override
  public boolean next() throws SQLException {
    if (maxRows > 0 && row >= maxRows) {
      open();
      return false;
    }
    row++;
    return open().next();
  }

  @Override
  public void close() throws SQLException {
    if (!closed) {
      statement.rowsClosed(this);
    }
  }

  /** Only the statement calls this, when it takes the driver's result set back. */
  void markClosed() {
    closed = true;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    if (columns == null) {
      columns = MemoryColumns.copyOf(open().getMetaData());
    }
    return columns;
  }

  @Override
  public int findColumn(String label) throws SQLException {
    return open().findColumn(label);
  }

  @Override
  public boolean wasNull() throws SQLException {
    return open().wasNull();
  }

  @Override
  public @Nullable String getString(int column) throws SQLException {
    return open().getString(column);
  }

  @Override
  public int getInt(int column) throws SQLException {
    return open().getInt(column);
  }

  @Override
  public long getLong(int column) throws SQLException {
    return open().getLong(column);
  }

  @Override
  public float getFloat(int column) throws SQLException {
    return open().getFloat(column);
  }

  @Override
  public double getDouble(int column) throws SQLException {
    return open().getDouble(column);
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
    return open().getBigDecimal(column);
  }

  @Override
  public byte @Nullable [] getBytes(int column) throws SQLException {
    return open().getBytes(column);
  }

  @Override
  public @Nullable Object getObject(int column) throws SQLException {
    return open().getObject(column);
  }

  @Override
  public <T> @Nullable T getObject(int column, Class<T> type) throws SQLException {
    return open().getObject(column, type);
  }

  @Override
  public @Nullable Date getDate(int column) throws SQLException {
    return open().getDate(column);
  }

  @Override
  public @Nullable Date getDate(int column, Calendar calendar) throws SQLException {
    return open().getDate(column, calendar);
  }

  @Override
  public @Nullable Time getTime(int column) throws SQLException {
    return open().getTime(column);
  }

  @Override
  public @Nullable Time getTime(int column, Calendar calendar) throws SQLException {
    return open().getTime(column, calendar);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column) throws SQLException {
    return open().getTimestamp(column);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
    return open().getTimestamp(column, calendar);
  }

  @Override
  public @Nullable Blob getBlob(int column) throws SQLException {
    return open().getBlob(column);
  }

  @Override
  public @Nullable Clob getClob(int column) throws SQLException {
    return open().getClob(column);
  }

  @Override
  public int getRow() throws SQLException {
    return open().getRow();
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    return open().isBeforeFirst();
  }

  @Override
  public boolean isFirst() throws SQLException {
    return open().isFirst();
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    return open().isAfterLast();
  }
}
