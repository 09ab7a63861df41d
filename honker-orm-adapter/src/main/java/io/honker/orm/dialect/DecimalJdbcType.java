package io.honker.orm.dialect;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import org.hibernate.type.descriptor.ValueBinder;
import org.hibernate.type.descriptor.ValueExtractor;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.jdbc.AdjustableJdbcType;
import org.hibernate.type.descriptor.jdbc.BasicBinder;
import org.hibernate.type.descriptor.jdbc.BasicExtractor;
import org.hibernate.type.descriptor.jdbc.JdbcLiteralFormatter;
import org.hibernate.type.descriptor.jdbc.JdbcType;
import org.hibernate.type.descriptor.jdbc.JdbcTypeIndicators;
import org.hibernate.type.descriptor.jdbc.internal.JdbcLiteralFormatterNumericData;
import org.jspecify.annotations.Nullable;

/**
 * Decimals as the numbers that SQLite has, 64-bit integers and doubles, so that they compare, sort
 * and count as numbers. A value that would not come back the same is refused instead of rounded.
 *
 * <p>Immutable.
 */
final class DecimalJdbcType implements AdjustableJdbcType {

  private static final long serialVersionUID = 1L;

  private static final int LONG_DIGITS = 19;

  private final int typeCode;
  private final int scale;

  private DecimalJdbcType(int typeCode, int scale) {
    this.typeCode = typeCode;
    this.scale = scale;
  }

  static DecimalJdbcType of(int typeCode) {
    return new DecimalJdbcType(typeCode, JdbcTypeIndicators.NO_COLUMN_SCALE);
  }

  /** Values of a column with a declared scale come back with it, as from other databases. */
  @Override
  public JdbcType resolveIndicatedType(JdbcTypeIndicators indicators, JavaType<?> domainType) {
    return indicators.getColumnScale() == JdbcTypeIndicators.NO_COLUMN_SCALE
        ? this
        : new DecimalJdbcType(typeCode, indicators.getColumnScale());
  }

  @Override
  public int getJdbcTypeCode() {
    return typeCode;
  }

  @Override
  public String getFriendlyName() {
    return typeCode == Types.NUMERIC ? "NUMERIC" : "DECIMAL";
  }

  @Override
  public Class<?> getPreferredJavaTypeClass(WrapperOptions options) {
    return BigDecimal.class;
  }

  @Override
  public <T> JdbcLiteralFormatter<T> getJdbcLiteralFormatter(JavaType<T> javaType) {
    return new JdbcLiteralFormatterNumericData<>(javaType, BigDecimal.class);
  }

  @Override
  public <X> ValueBinder<X> getBinder(JavaType<X> javaType) {
    return new Binder<>(javaType, this);
  }

  @Override
  public <X> ValueExtractor<X> getExtractor(JavaType<X> javaType) {
    return new Extractor<>(javaType, this, scale);
  }

  /** The number that SQLite keeps of a value. */
  static Number exact(BigDecimal value) throws SQLException {
    BigDecimal plain = value.stripTrailingZeros();
    if (plain.scale() <= 0
        && plain.precision() - plain.scale() <= LONG_DIGITS
        && plain.toBigInteger().bitLength() < Long.SIZE) {
      return plain.longValueExact();
    }
    double kept = value.doubleValue();
    if (Double.isFinite(kept) && BigDecimal.valueOf(kept).compareTo(value) == 0) {
      return kept;
    }
    throw new SQLDataException(
        "a decimal of "
            + plain.precision()
            + " digits does not fit into SQLite's numbers, which keep 15, and whole numbers of 64"
            + " bits; it would be rounded. To keep every digit, map the attribute with"
            + " @JdbcTypeCode(SqlTypes.VARCHAR), as a text that sorts and counts as text, or to a"
            + " Long of its smallest unit with an AttributeConverter");
  }

  static @Nullable BigDecimal read(@Nullable Object stored, int scale) throws SQLException {
    BigDecimal value;
    if (stored == null) {
      return null;
    } else if (stored instanceof Double || stored instanceof Float) {
      value = BigDecimal.valueOf(((Number) stored).doubleValue());
    } else {
      try {
        value = new BigDecimal(stored.toString());
      } catch (NumberFormatException e) {
        throw new SQLDataException("a stored value is no number", e);
      }
    }
    BigDecimal plain = value.stripTrailingZeros();
    if (scale >= 0 && plain.scale() <= scale) {
      return plain.setScale(scale, RoundingMode.UNNECESSARY);
    }
    return plain.scale() < 0 ? plain.setScale(0, RoundingMode.UNNECESSARY) : plain;
  }

  private static final class Binder<X> extends BasicBinder<X> {

    private static final long serialVersionUID = 1L;

    Binder(JavaType<X> javaType, JdbcType type) {
      super(javaType, type);
    }

    private Number exact(X value, WrapperOptions options) throws SQLException {
      return DecimalJdbcType.exact(getJavaType().unwrap(value, BigDecimal.class, options));
    }

    @Override
    protected void doBind(PreparedStatement statement, X value, int index, WrapperOptions options)
        throws SQLException {
      statement.setObject(index, exact(value, options));
    }

    @Override
    protected void doBind(CallableStatement statement, X value, String name, WrapperOptions options)
        throws SQLException {
      statement.setObject(name, exact(value, options));
    }
  }

  private static final class Extractor<X> extends BasicExtractor<X> {

    private static final long serialVersionUID = 1L;

    private final int scale;

    Extractor(JavaType<X> javaType, JdbcType type, int scale) {
      super(javaType, type);
      this.scale = scale;
    }

    @Override
    protected @Nullable X doExtract(ResultSet rows, int column, WrapperOptions options)
        throws SQLException {
      return getJavaType().wrap(read(rows.getObject(column), scale), options);
    }

    @Override
    protected @Nullable X doExtract(CallableStatement call, int index, WrapperOptions options)
        throws SQLException {
      return getJavaType().wrap(read(call.getObject(index), scale), options);
    }

    @Override
    protected @Nullable X doExtract(CallableStatement call, String name, WrapperOptions options)
        throws SQLException {
      return getJavaType().wrap(read(call.getObject(name), scale), options);
    }
  }
}
