package io.honker.sqlite.internal;

import java.sql.ParameterMetaData;
import java.sql.SQLException;
import java.sql.Types;

/** Parameters as SQLite knows them: so many, of any type. */
final class PlainParameters implements ParameterMetaData {

  private final int count;

  PlainParameters(int count) {
    this.count = count;
  }

  @Override
  public int getParameterCount() {
    return count;
  }

  private void check(int index) throws SQLException {
    if (index < 1 || index > count) {
      throw new SQLException("there is no parameter " + index + "; there are " + count);
    }
  }

  @Override
  public int getParameterType(int index) throws SQLException {
    check(index);
    return Types.VARCHAR;
  }

  @Override
  public String getParameterTypeName(int index) throws SQLException {
    check(index);
    return "VARCHAR";
  }

  @Override
  public String getParameterClassName(int index) throws SQLException {
    check(index);
    return "java.lang.String";
  }

  @Override
  public int getParameterMode(int index) throws SQLException {
    check(index);
    return parameterModeIn;
  }

  @Override
  public int isNullable(int index) throws SQLException {
    check(index);
    return parameterNullable;
  }

  @Override
  public boolean isSigned(int index) throws SQLException {
    check(index);
    return true;
  }

  @Override
  public int getPrecision(int index) throws SQLException {
    check(index);
    return 0;
  }

  @Override
  public int getScale(int index) throws SQLException {
    check(index);
    return 0;
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
