package io.honker.sqlite.internal;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link ResultSet} that SQLite has not: updating, scrolling, and types of other
 * databases. Long because the interface is; there is nothing in it.
 */
abstract class ReadOnlyRows implements ResultSet {

  private static SQLException unsupported() {
    return new SQLFeatureNotSupportedException(
        "result sets are read-only, go forward only, and hold SQLite's types");
  }

  @Override
  public final boolean absolute(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void afterLast() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void beforeFirst() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void cancelRowUpdates() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void deleteRow() throws SQLException {
    throw unsupported();
  }

  @Override
  public final boolean first() throws SQLException {
    throw unsupported();
  }

  @Override
  public final Array getArray(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final String getCursorName() throws SQLException {
    throw unsupported();
  }

  @Override
  public final NClob getNClob(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final Ref getRef(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final RowId getRowId(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final SQLXML getSQLXML(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final URL getURL(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void insertRow() throws SQLException {
    throw unsupported();
  }

  @Override
  public final boolean isLast() throws SQLException {
    throw unsupported();
  }

  @Override
  public final boolean last() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void moveToCurrentRow() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void moveToInsertRow() throws SQLException {
    throw unsupported();
  }

  @Override
  public final boolean previous() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void refreshRow() throws SQLException {
    throw unsupported();
  }

  @Override
  public final boolean relative(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateArray(String a, @Nullable Array b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateArray(int a, @Nullable Array b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateAsciiStream(String a, @Nullable InputStream b, int c)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateAsciiStream(String a, @Nullable InputStream b, long c)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateAsciiStream(String a, @Nullable InputStream b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateAsciiStream(int a, @Nullable InputStream b, int c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateAsciiStream(int a, @Nullable InputStream b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateAsciiStream(int a, @Nullable InputStream b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBigDecimal(String a, @Nullable BigDecimal b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBigDecimal(int a, @Nullable BigDecimal b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBinaryStream(String a, @Nullable InputStream b, int c)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBinaryStream(String a, @Nullable InputStream b, long c)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBinaryStream(String a, @Nullable InputStream b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBinaryStream(int a, @Nullable InputStream b, int c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBinaryStream(int a, @Nullable InputStream b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBinaryStream(int a, @Nullable InputStream b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBlob(String a, @Nullable InputStream b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBlob(String a, @Nullable InputStream b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBlob(String a, @Nullable Blob b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBlob(int a, @Nullable InputStream b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBlob(int a, @Nullable InputStream b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBlob(int a, @Nullable Blob b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBoolean(String a, boolean b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBoolean(int a, boolean b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateByte(String a, byte b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateByte(int a, byte b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBytes(String a, byte @Nullable [] b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateBytes(int a, byte @Nullable [] b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateCharacterStream(String a, @Nullable Reader b, int c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateCharacterStream(String a, @Nullable Reader b, long c)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateCharacterStream(String a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateCharacterStream(int a, @Nullable Reader b, int c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateCharacterStream(int a, @Nullable Reader b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateCharacterStream(int a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateClob(String a, @Nullable Reader b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateClob(String a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateClob(String a, @Nullable Clob b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateClob(int a, @Nullable Reader b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateClob(int a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateClob(int a, @Nullable Clob b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateDate(String a, @Nullable Date b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateDate(int a, @Nullable Date b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateDouble(String a, double b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateDouble(int a, double b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateFloat(String a, float b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateFloat(int a, float b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateInt(String a, int b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateInt(int a, int b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateLong(String a, long b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateLong(int a, long b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNCharacterStream(String a, @Nullable Reader b, long c)
      throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNCharacterStream(String a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNCharacterStream(int a, @Nullable Reader b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNCharacterStream(int a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNClob(String a, @Nullable Reader b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNClob(String a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNClob(String a, @Nullable NClob b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNClob(int a, @Nullable Reader b, long c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNClob(int a, @Nullable Reader b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNClob(int a, @Nullable NClob b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNString(String a, @Nullable String b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNString(int a, @Nullable String b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNull(String a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateNull(int a) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateObject(String a, @Nullable Object b, int c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateObject(String a, @Nullable Object b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateObject(int a, @Nullable Object b, int c) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateObject(int a, @Nullable Object b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateRef(String a, @Nullable Ref b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateRef(int a, @Nullable Ref b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateRow() throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateRowId(String a, @Nullable RowId b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateRowId(int a, @Nullable RowId b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateSQLXML(String a, @Nullable SQLXML b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateSQLXML(int a, @Nullable SQLXML b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateShort(String a, short b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateShort(int a, short b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateString(String a, @Nullable String b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateString(int a, @Nullable String b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateTime(String a, @Nullable Time b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateTime(int a, @Nullable Time b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateTimestamp(String a, @Nullable Timestamp b) throws SQLException {
    throw unsupported();
  }

  @Override
  public final void updateTimestamp(int a, @Nullable Timestamp b) throws SQLException {
    throw unsupported();
  }
}
