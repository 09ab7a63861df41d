package io.honker.sqlite.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a statement, kept so that they can be bound to whichever physical statement it
 * runs on. Values are kept as the driver would bind them: it has numbers, texts, bytes and null.
 */
final class RecordedParameters {

  private static final Object UNSET = new Object();

  private @Nullable Object[] values = new Object[8];
  private int count;

  /** Records a value that the driver takes as it is. */
  void set(int index, @Nullable Object value) throws SQLException {
    if (index < 1) {
      throw new SQLException("parameters are counted from 1, not " + index);
    }
    if (index > count) {
      grow(index);
    }
    values[index - 1] = value;
  }

  private void grow(int newCount) {
    if (newCount > values.length) {
      values = Arrays.copyOf(values, Math.max(newCount, values.length * 2));
    }
    Arrays.fill(values, count, newCount, UNSET);
    count = newCount;
  }

  /** Records any object as the driver's {@code setObject} takes it. */
  void setObject(int index, @Nullable Object value) throws SQLException {
    set(index, bindable(value));
  }

  @SuppressWarnings("JavaUtilDate") // JDBC's own
  private static @Nullable Object bindable(@Nullable Object value) throws SQLException {
    if (value == null
        || value instanceof String
        || value instanceof Long
        || value instanceof Integer
        || value instanceof Double
        || value instanceof Float
        || value instanceof byte[]) {
      return value;
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    }
    if (value instanceof java.util.Date date) {
      return date.getTime(); // the driver's default, which our connections leave as it is
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toString();
    }
    return bindableLarge(value);
  }

  private static Object bindableLarge(Object value) throws SQLException {
    if (value instanceof InputStream stream) {
      return bytes(stream, Long.MAX_VALUE);
    }
    if (value instanceof Reader reader) {
      return text(reader, Long.MAX_VALUE);
    }
    if (value instanceof java.sql.Blob blob) {
      return blob.getBytes(1, Math.toIntExact(blob.length()));
    }
    if (value instanceof java.sql.Clob clob) {
      return clob.getSubString(1, Math.toIntExact(clob.length()));
    }
    return value.toString();
  }

  void setBytes(int index, @Nullable InputStream stream, long length) throws SQLException {
    set(index, stream == null ? null : bytes(stream, length));
  }

  void setText(int index, @Nullable InputStream stream, long length, Charset charset)
      throws SQLException {
    set(index, stream == null ? null : new String(bytes(stream, length), charset));
  }

  void setText(int index, @Nullable Reader reader, long length) throws SQLException {
    set(index, reader == null ? null : text(reader, length));
  }

  private static byte[] bytes(InputStream stream, long length) throws SQLException {
    try {
      return stream.readNBytes(limit(length));
    } catch (IOException e) {
      throw new SQLException("the stream given as a parameter cannot be read", e);
    }
  }

  private static String text(Reader reader, long length) throws SQLException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    try {
      long left = limit(length);
      int read = reader.read(buffer, 0, (int) Math.min(left, buffer.length));
      while (read > 0) {
        text.append(buffer, 0, read);
        left -= read;
        read = reader.read(buffer, 0, (int) Math.min(left, buffer.length));
      }
    } catch (IOException e) {
      throw new SQLException("the reader given as a parameter cannot be read", e);
    }
    return text.toString();
  }

  private static int limit(long length) throws SQLException {
    if (length < 0) {
      throw new SQLFeatureNotSupportedException("a length below zero: " + length);
    }
    return (int) Math.min(length, Integer.MAX_VALUE);
  }

  void clear() {
    Arrays.fill(values, 0, count, null);
    count = 0;
  }

  /** A copy that later changes do not reach, for a batch. */
  RecordedParameters copy() {
    RecordedParameters copy = new RecordedParameters();
    copy.values = Arrays.copyOf(values, Math.max(1, count));
    copy.count = count;
    return copy;
  }

  /** Binds all to a statement of the driver, whose earlier values are not to be seen again. */
  void bindTo(PreparedStatement physical) throws SQLException {
    int wanted = physical.getParameterMetaData().getParameterCount();
    if (count > wanted) {
      throw new SQLException(
          "parameter " + count + " was set, but the statement has " + wanted + " only");
    }
    for (int i = 0; i < wanted; i++) {
      Object value = i < count ? values[i] : UNSET;
      if (value instanceof String text) {
        physical.setString(i + 1, text);
      } else if (value == UNSET) {
        throw new SQLException("parameter " + (i + 1) + " of " + wanted + " was not set");
      } else {
        physical.setObject(i + 1, value);
      }
    }
  }
}
