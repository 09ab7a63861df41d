package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prepared statement that records its parameters and binds them where it runs, so that it
 * survives changes of the auto-commit mode. Calendars are ignored: dates are stored as
 * milliseconds.
 */
final class RoutedPreparedStatement extends RoutedStatement implements PreparedStatement {

  private static final Charset UTF_8 = StandardCharsets.UTF_8;
  private static final long TO_THE_END = Long.MAX_VALUE;

  private final RoutedSql sql;
  private final RecordedParameters parameters = new RecordedParameters();
  private final List<StatementRun.Item> batch = new ArrayList<>();

  RoutedPreparedStatement(Connection connection, Route route, RoutedSql sql) {
    super(connection, route);
    this.sql = sql;
  }

  // ---- running

  @Override
  public boolean execute() throws SQLException {
    return run().execute(sql, parameters, SqlCall.ANY);
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    run().execute(sql, parameters, SqlCall.QUERY);
    return run().requireRows();
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    run().execute(sql, parameters, SqlCall.UPDATE);
    return run().updateCount();
  }

  @Override
  public int executeUpdate() throws SQLException {
    return (int) executeLargeUpdate();
  }

  @Override
  public void addBatch() throws SQLException {
    checkOpen();
    batch.add(new StatementRun.Item(sql, parameters.copy()));
  }

  @Override
  public void clearBatch() throws SQLException {
    checkOpen();
    batch.clear();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    checkOpen();
    List<StatementRun.Item> items = List.copyOf(batch);
    batch.clear();
    return run().executeBatch(items);
  }

  @Override
  void checkTakesText() throws SQLException {
    throw new SQLException("a prepared statement has its SQL; give none when running it");
  }

  // ---- describing

  @Override
  public @Nullable ResultSetMetaData getMetaData() throws SQLException {
    return prepared(
        statement -> {
          ResultSetMetaData columns = statement.getMetaData();
          return columns == null || columns.getColumnCount() == 0
              ? null
              : MemoryColumns.copyOf(columns);
        });
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    Integer count = prepared(statement -> statement.getParameterMetaData().getParameterCount());
    return new PlainParameters(count == null ? 0 : count);
  }

  private interface Look<T> {
    @Nullable T at(PreparedStatement statement) throws SQLException;
  }

  /** Prepares the text without running it, and without taking the writer for it. */
  private <T> @Nullable T prepared(Look<T> look) throws SQLException {
    Route route = route();
    route.lock();
    try {
      checkOpen();
      if (route.isInTransaction()) {
        return prepared(route.transaction(), look);
      }
      StoreConnection reader = route.borrowReader();
      try {
        return prepared(reader, look);
      } finally {
        route.ground().readers().giveBack(reader);
      }
    } finally {
      route.unlock();
    }
  }

  private <T> @Nullable T prepared(StoreConnection connection, Look<T> look) throws SQLException {
    try (PreparedStatement statement = connection.jdbc().prepareStatement(sql.text())) {
      return look.at(statement);
    }
  }

  // ---- parameters

  @Override
  public void clearParameters() throws SQLException {
    checkOpen();
    parameters.clear();
  }

  private void set(int index, @Nullable Object value) throws SQLException {
    checkOpen();
    parameters.set(index, value);
  }

  @Override
  public void setNull(int index, int sqlType) throws SQLException {
    set(index, null);
  }

  @Override
  public void setNull(int index, int sqlType, @Nullable String typeName) throws SQLException {
    set(index, null);
  }

  @Override
  public void setBoolean(int index, boolean value) throws SQLException {
    set(index, value ? 1 : 0);
  }

  @Override
  public void setByte(int index, byte value) throws SQLException {
    set(index, (int) value);
  }

  @Override
  public void setShort(int index, short value) throws SQLException {
    set(index, (int) value);
  }

  @Override
  public void setInt(int index, int value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setLong(int index, long value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setFloat(int index, float value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setDouble(int index, double value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setString(int index, @Nullable String value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setNString(int index, @Nullable String value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setBytes(int index, byte @Nullable [] value) throws SQLException {
    set(index, value);
  }

  @Override
  public void setBigDecimal(int index, @Nullable BigDecimal value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setDate(int index, @Nullable Date value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setDate(int index, @Nullable Date value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTime(int index, @Nullable Time value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTime(int index, @Nullable Time value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTimestamp(int index, @Nullable Timestamp value) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setTimestamp(int index, @Nullable Timestamp value, @Nullable Calendar calendar)
      throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setObject(int index, @Nullable Object value) throws SQLException {
    checkOpen();
    parameters.setObject(index, value);
  }

  @Override
  public void setObject(int index, @Nullable Object value, int sqlType) throws SQLException {
    setObject(index, value);
  }

  @Override
  public void setObject(int index, @Nullable Object value, int sqlType, int scaleOrLength)
      throws SQLException {
    setObject(index, value);
  }

  // ---- large parameters

  private void setBytes(int index, @Nullable InputStream stream, long length) throws SQLException {
    checkOpen();
    parameters.setBytes(index, stream, length);
  }

  private void setText(int index, @Nullable InputStream stream, long length, Charset charset)
      throws SQLException {
    checkOpen();
    parameters.setText(index, stream, length, charset);
  }

  private void setText(int index, @Nullable Reader reader, long length) throws SQLException {
    checkOpen();
    parameters.setText(index, reader, length);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream stream) throws SQLException {
    setBytes(index, stream, TO_THE_END);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream stream, int length)
      throws SQLException {
    setBytes(index, stream, length);
  }

  @Override
  public void setBinaryStream(int index, @Nullable InputStream stream, long length)
      throws SQLException {
    setBytes(index, stream, length);
  }

  @Override
  public void setBlob(int index, @Nullable InputStream stream) throws SQLException {
    setBytes(index, stream, TO_THE_END);
  }

  @Override
  public void setBlob(int index, @Nullable InputStream stream, long length) throws SQLException {
    setBytes(index, stream, length);
  }

  @Override
  public void setBlob(int index, @Nullable Blob blob) throws SQLException {
    setObject(index, blob);
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream stream) throws SQLException {
    setText(index, stream, TO_THE_END, UTF_8);
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream stream, int length)
      throws SQLException {
    setText(index, stream, length, UTF_8);
  }

  @Override
  public void setAsciiStream(int index, @Nullable InputStream stream, long length)
      throws SQLException {
    setText(index, stream, length, UTF_8);
  }

  @Override
  @Deprecated
  public void setUnicodeStream(int index, @Nullable InputStream stream, int length)
      throws SQLException {
    setText(index, stream, length, UTF_8);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader reader) throws SQLException {
    setText(index, reader, TO_THE_END);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader reader, int length)
      throws SQLException {
    setText(index, reader, length);
  }

  @Override
  public void setCharacterStream(int index, @Nullable Reader reader, long length)
      throws SQLException {
    setText(index, reader, length);
  }

  @Override
  public void setNCharacterStream(int index, @Nullable Reader reader) throws SQLException {
    setText(index, reader, TO_THE_END);
  }

  @Override
  public void setNCharacterStream(int index, @Nullable Reader reader, long length)
      throws SQLException {
    setText(index, reader, length);
  }

  @Override
  public void setClob(int index, @Nullable Reader reader) throws SQLException {
    setText(index, reader, TO_THE_END);
  }

  @Override
  public void setClob(int index, @Nullable Reader reader, long length) throws SQLException {
    setText(index, reader, length);
  }

  @Override
  public void setClob(int index, @Nullable Clob clob) throws SQLException {
    setObject(index, clob);
  }

  @Override
  public void setNClob(int index, @Nullable Reader reader) throws SQLException {
    setText(index, reader, TO_THE_END);
  }

  @Override
  public void setNClob(int index, @Nullable Reader reader, long length) throws SQLException {
    setText(index, reader, length);
  }

  @Override
  public void setNClob(int index, @Nullable NClob clob) throws SQLException {
    setObject(index, clob);
  }

  // ---- what SQLite has not

  @Override
  public void setArray(int index, @Nullable Array value) throws SQLException {
    throw noSuchType();
  }

  @Override
  public void setRef(int index, @Nullable Ref value) throws SQLException {
    throw noSuchType();
  }

  @Override
  public void setRowId(int index, @Nullable RowId value) throws SQLException {
    throw noSuchType();
  }

  @Override
  public void setSQLXML(int index, @Nullable SQLXML value) throws SQLException {
    throw noSuchType();
  }

  @Override
  public void setURL(int index, @Nullable URL value) throws SQLException {
    throw noSuchType();
  }

  private static SQLException noSuchType() {
    return new SQLFeatureNotSupportedException("SQLite has numbers, texts, bytes and null");
  }

  @Override
  public String toString() {
    return "prepared " + sql.kind();
  }
}
