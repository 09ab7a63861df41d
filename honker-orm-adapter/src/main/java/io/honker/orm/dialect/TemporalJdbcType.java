package io.honker.orm.dialect;

import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import org.hibernate.type.descriptor.ValueBinder;
import org.hibernate.type.descriptor.ValueExtractor;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.jdbc.BasicBinder;
import org.hibernate.type.descriptor.jdbc.BasicExtractor;
import org.hibernate.type.descriptor.jdbc.JdbcLiteralFormatter;
import org.hibernate.type.descriptor.jdbc.JdbcType;
import org.jspecify.annotations.Nullable;

/**
 * Stores one of SQL's date and time types as text, see {@link TimeText}.
 *
 * <p>Immutable.
 */
final class TemporalJdbcType implements JdbcType {

  private static final long serialVersionUID = 1L;

  /** Between the values of any Java type that Hibernate maps here and the stored text. */
  interface Conversion {
    <X> String toText(X value, JavaType<X> type, WrapperOptions options);

    <X> X fromStored(Object stored, JavaType<X> type, WrapperOptions options);
  }

  private final int jdbcTypeCode;
  private final int sqlTypeCode;
  private final String name;
  private final transient Conversion conversion;

  TemporalJdbcType(int jdbcTypeCode, int sqlTypeCode, String name, Conversion conversion) {
    this.jdbcTypeCode = jdbcTypeCode;
    this.sqlTypeCode = sqlTypeCode;
    this.name = name;
    this.conversion = conversion;
  }

  @Override
  public int getJdbcTypeCode() {
    return jdbcTypeCode;
  }

  @Override
  public int getDefaultSqlTypeCode() {
    return sqlTypeCode;
  }

  @Override
  public String getFriendlyName() {
    return name;
  }

  @Override
  public <T> JdbcLiteralFormatter<T> getJdbcLiteralFormatter(JavaType<T> javaType) {
    return (appender, value, dialect, options) ->
        appender.appendSql("'" + conversion.toText(value, javaType, options) + "'");
  }

  @Override
  public <X> ValueBinder<X> getBinder(JavaType<X> javaType) {
    return new Binder<>(javaType, this);
  }

  @Override
  public <X> ValueExtractor<X> getExtractor(JavaType<X> javaType) {
    return new Extractor<>(javaType, this);
  }

  @Override
  public String toString() {
    return name + " as text";
  }

  private static final class Binder<X> extends BasicBinder<X> {

    private static final long serialVersionUID = 1L;

    private final TemporalJdbcType type;

    Binder(JavaType<X> javaType, TemporalJdbcType type) {
      super(javaType, type);
      this.type = type;
    }

    @Override
    protected void doBind(PreparedStatement statement, X value, int index, WrapperOptions options)
        throws SQLException {
      statement.setString(index, type.conversion.toText(value, getJavaType(), options));
    }

    @Override
    protected void doBind(CallableStatement statement, X value, String name, WrapperOptions options)
        throws SQLException {
      statement.setString(name, type.conversion.toText(value, getJavaType(), options));
    }
  }

  private static final class Extractor<X> extends BasicExtractor<X> {

    private static final long serialVersionUID = 1L;

    private final TemporalJdbcType type;

    Extractor(JavaType<X> javaType, TemporalJdbcType type) {
      super(javaType, type);
      this.type = type;
    }

    @Override
    protected @Nullable X doExtract(ResultSet rows, int column, WrapperOptions options)
        throws SQLException {
      return read(rows.getObject(column), options);
    }

    @Override
    protected @Nullable X doExtract(CallableStatement call, int index, WrapperOptions options)
        throws SQLException {
      return read(call.getObject(index), options);
    }

    @Override
    protected @Nullable X doExtract(CallableStatement call, String name, WrapperOptions options)
        throws SQLException {
      return read(call.getObject(name), options);
    }

    private @Nullable X read(@Nullable Object stored, WrapperOptions options) throws SQLException {
      if (stored == null) {
        return null;
      }
      try {
        return type.conversion.fromStored(stored, getJavaType(), options);
      } catch (DateTimeException e) {
        throw new SQLException("a stored value is no " + type.name + ", as SQLite writes it", e);
      }
    }
  }
}
