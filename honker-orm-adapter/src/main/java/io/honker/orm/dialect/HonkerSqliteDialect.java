package io.honker.orm.dialect;

import jakarta.persistence.TemporalType;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Calendar;
import java.util.Date;
import java.util.TimeZone;
import org.hibernate.HibernateException;
import org.hibernate.LockMode;
import org.hibernate.LockOptions;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.model.FunctionContributions;
import org.hibernate.boot.model.TypeContributions;
import org.hibernate.community.dialect.SQLiteDialect;
import org.hibernate.dialect.DatabaseVersion;
import org.hibernate.dialect.unique.UniqueDelegate;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.config.spi.StandardConverters;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolutionInfo;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.exception.spi.SQLExceptionConversionDelegate;
import org.hibernate.mapping.Table;
import org.hibernate.persister.entity.mutation.EntityMutationTarget;
import org.hibernate.query.common.TemporalUnit;
import org.hibernate.query.sqm.CastType;
import org.hibernate.query.sqm.IntervalType;
import org.hibernate.query.sqm.produce.function.FunctionParameterType;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.sql.ast.SqlAstTranslator;
import org.hibernate.sql.ast.SqlAstTranslatorFactory;
import org.hibernate.sql.ast.spi.LockingClauseStrategy;
import org.hibernate.sql.ast.spi.SqlAppender;
import org.hibernate.sql.ast.spi.StandardSqlAstTranslatorFactory;
import org.hibernate.sql.ast.tree.Statement;
import org.hibernate.sql.ast.tree.select.QuerySpec;
import org.hibernate.sql.exec.spi.JdbcOperation;
import org.hibernate.sql.model.MutationOperation;
import org.hibernate.sql.model.internal.OptionalTableUpdate;
import org.hibernate.tool.schema.spi.Exporter;
import org.hibernate.type.BasicTypeRegistry;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.StandardBasicTypes;
import org.hibernate.type.descriptor.jdbc.JdbcType;
import org.hibernate.type.descriptor.jdbc.spi.JdbcTypeRegistry;

/**
 * Hibernate's SQLite dialect without its faults that lose data or break expectations (rule H-4).
 * {@link io.honker.orm.HonkerOrm} uses it by itself; anybody else sets {@code hibernate.dialect} to
 * this class's name.
 *
 * <p>How values are stored, so that they come back the same and sort and compare in SQL:
 *
 * <table>
 *   <caption>Storage</caption>
 *   <tr><th>Java</th><th>SQLite</th></tr>
 *   <tr><td>{@code Instant}</td><td>text, UTC: {@code 2026-03-29 08:05:00.000000001}</td></tr>
 *   <tr><td>{@code java.util.Date}, {@code Timestamp}, {@code Calendar}</td><td>as {@code Instant}
 *   </td></tr>
 *   <tr><td>{@code LocalDateTime}</td><td>text of the same form, as it is</td></tr>
 *   <tr><td>{@code LocalDate}</td><td>text: {@code 2026-03-29}</td></tr>
 *   <tr><td>{@code LocalTime}</td><td>text: {@code 08:05:00.000000001}</td></tr>
 *   <tr><td>{@code OffsetDateTime}, {@code ZonedDateTime}</td><td>as {@code Instant}; the offset in
 *   a column of its own with {@code @TimeZoneStorage(COLUMN)} or {@code
 *   hibernate.timezone.default_storage=AUTO}, which {@code HonkerOrm} sets; otherwise it comes back
 *   as UTC</td></tr>
 *   <tr><td>{@code UUID}</td><td>16 bytes, as the stock dialect does</td></tr>
 *   <tr><td>{@code BigDecimal}, {@code BigInteger}</td><td>number; what SQLite would round is
 *   refused: more than 15 significant digits, but for whole numbers of 64 bits</td></tr>
 * </table>
 *
 * <p>What SQL calculates with decimals is as exact as SQLite's doubles: {@code 0.1 * 3} is not
 * {@code 0.3}. An attribute of more digits can be kept exactly in two ways. With
 * {@code @JdbcTypeCode(SqlTypes.VARCHAR)} it is a text: every digit and the scale come back, and
 * the same digits are found by a parameter, but it sorts as text, {@code <} compares as text, and
 * SQL's sums of it are rounded. With an {@code AttributeConverter} to a {@code Long} of the
 * smallest unit it sorts and compares with parameters rightly, up to 18 digits, and SQL's sums are
 * exact, in that unit.
 *
 * <p>Dates and times that the stock dialect stored, as milliseconds, are read, but do not compare
 * with these. Years are 0 to 9999.
 *
 * <p>In HQL, {@code local datetime}, {@code local date} and {@code local time} are those of the
 * operating system's time zone, which SQLite goes by; the JVM's should be the same. {@code
 * instant}, {@code offset datetime} and {@code current_timestamp} are UTC, and so are the fields
 * that {@code extract} finds in instants and the values of {@code @CurrentTimestamp(source = DB)},
 * which are for instants therefore, not for {@code LocalDateTime}.
 *
 * <p>Foreign keys are created with their table. Where Hibernate updates a schema, tables that are
 * there already get no new ones, because SQLite cannot add them; unique constraints are added as
 * indexes.
 *
 * <p>Pessimistic locks: SQLite locks files, not rows. Where every read-write transaction has the
 * writer from its first statement on, as with {@code HonkerOrm}, all rows are locked already and
 * the lock modes say so truthfully, but in read-only sessions, which hold nothing; elsewhere they
 * are refused, see {@link #WRITER_TRANSACTIONS}.
 *
 * <p>Safe for use by multiple threads.
 *
 * @since 0.1.0
 */
@SuppressWarnings({"deprecation", "removal", "JavaUtilDate"}) // Dialect's own signatures
public class HonkerSqliteDialect extends SQLiteDialect {

  /**
   * The setting that says, with {@code true}, that every read-write transaction begins with BEGIN
   * IMMEDIATE. Only then are pessimistic locks allowed. {@code HonkerOrm} sets it; with a pool of
   * sqlite-jdbc connections it is true with {@code transaction_mode=IMMEDIATE}, or with {@code
   * jdbc.explicit_readonly=true}.
   */
  public static final String WRITER_TRANSACTIONS = "honker.orm.writer_transactions";

  private static final DatabaseVersion OLDEST = DatabaseVersion.make(3, 51, 3);

  private final ConstraintNames names = new ConstraintNames();
  private final UniqueDelegate inline = new InlineConstraints(this);
  private final Exporter<Table> tables = new SqliteTableExporter(this);
  private volatile boolean writerTransactions;

  /** Creates the dialect for the oldest SQLite that honker takes. */
  public HonkerSqliteDialect() {
    super(OLDEST);
  }

  /**
   * Creates the dialect for the SQLite that is connected to.
   *
   * @param info what the connection told
   */
  public HonkerSqliteDialect(DialectResolutionInfo info) {
    super(info.makeCopyOrDefault(OLDEST));
    registerKeywords(info);
  }

  /**
   * Learns the names of the constraints of a mapping, which SQLite does not tell. Called by this
   * module when a session factory is built.
   *
   * @param metadata the mapping, never null
   */
  public void learn(Metadata metadata) {
    names.learn(metadata);
  }

  // ---- types

  @Override
  public void contributeTypes(TypeContributions contributions, ServiceRegistry services) {
    super.contributeTypes(contributions, services);
    writerTransactions =
        services
            .requireService(ConfigurationService.class)
            .getSetting(WRITER_TRANSACTIONS, StandardConverters.BOOLEAN, false);
    JdbcTypeRegistry types = contributions.getTypeConfiguration().getJdbcTypeRegistry();
    for (JdbcType type : TemporalJdbcTypes.all()) {
      types.addDescriptor(type.getDefaultSqlTypeCode(), type);
    }
    types.addDescriptor(Types.NUMERIC, DecimalJdbcType.of(Types.NUMERIC));
    types.addDescriptor(Types.DECIMAL, DecimalJdbcType.of(Types.DECIMAL));
  }

  /** A cast to {@code timestamp} would make a number of the text. */
  @Override
  protected String castType(int sqlTypeCode) {
    return switch (sqlTypeCode) {
      case SqlTypes.DATE,
          SqlTypes.TIME,
          SqlTypes.TIME_UTC,
          SqlTypes.TIME_WITH_TIMEZONE,
          SqlTypes.TIMESTAMP,
          SqlTypes.TIMESTAMP_UTC,
          SqlTypes.TIMESTAMP_WITH_TIMEZONE ->
          "text";
      default -> super.castType(sqlTypeCode);
    };
  }

  @Override
  public String castPattern(CastType from, CastType to) {
    return switch (to) {
      case DATE ->
          switch (from) {
            case STRING -> TimeSql.textToDate();
            case TIMESTAMP, OFFSET_TIMESTAMP, ZONE_TIMESTAMP -> "substr(?1,1,10)";
            default -> super.castPattern(from, to);
          };
      case TIME ->
          switch (from) {
            case STRING -> TimeSql.textToTime();
            case TIMESTAMP, OFFSET_TIMESTAMP, ZONE_TIMESTAMP -> "substr(?1,12)";
            default -> super.castPattern(from, to);
          };
      case TIMESTAMP, OFFSET_TIMESTAMP, ZONE_TIMESTAMP ->
          switch (from) {
            case STRING -> TimeSql.textToTimestamp();
            case DATE -> "(?1||' 00:00:00.000000000')";
            default -> super.castPattern(from, to);
          };
      default -> super.castPattern(from, to);
    };
  }

  // ---- dates and times

  @Override
  public String extractPattern(TemporalUnit unit) {
    String pattern = TimeSql.extract(unit);
    return pattern.isEmpty() ? super.extractPattern(unit) : pattern;
  }

  @Override
  public String timestampaddPattern(
      TemporalUnit unit, TemporalType temporalType, IntervalType intervalType) {
    return TimeSql.sum(unit, temporalType);
  }

  @Override
  public String timestampdiffPattern(
      TemporalUnit unit, TemporalType fromTemporalType, TemporalType toTemporalType) {
    return TimeSql.difference(unit);
  }

  @Override
  public String currentDate() {
    return TimeSql.DATE_LOCAL;
  }

  @Override
  public String currentTime() {
    return TimeSql.TIME_LOCAL;
  }

  /** An instant: Hibernate uses it for {@code Timestamp} and for stamps of the database. */
  @Override
  public String currentTimestamp() {
    return TimeSql.NOW_UTC;
  }

  @Override
  public String currentLocalTimestamp() {
    return TimeSql.NOW_LOCAL;
  }

  @Override
  public String currentTimestampWithTimeZone() {
    return TimeSql.NOW_UTC;
  }

  @Override
  public void appendDateTimeLiteral(
      SqlAppender appender, TemporalAccessor value, TemporalType precision, TimeZone jdbcTimeZone) {
    appender.appendSql("'" + text(value, precision) + "'");
  }

  private static String text(TemporalAccessor value, TemporalType precision) {
    return switch (precision) {
      case DATE -> TimeText.of(LocalDate.from(value));
      case TIME -> TimeText.of(LocalTime.from(value));
      case TIMESTAMP ->
          value.isSupported(ChronoField.INSTANT_SECONDS)
              ? TimeText.of(Instant.from(value))
              : TimeText.of(LocalDateTime.from(value));
    };
  }

  @Override
  public void appendDateTimeLiteral(
      SqlAppender appender, Date value, TemporalType precision, TimeZone jdbcTimeZone) {
    append(appender, Instant.ofEpochMilli(value.getTime()), precision);
  }

  @Override
  public void appendDateTimeLiteral(
      SqlAppender appender, Calendar value, TemporalType precision, TimeZone jdbcTimeZone) {
    append(appender, value.toInstant(), precision);
  }

  private static void append(SqlAppender appender, Instant instant, TemporalType precision) {
    appender.appendSql("'" + text(instant.atZone(ZoneId.systemDefault()), precision) + "'");
  }

  @Override
  public void initializeFunctionRegistry(FunctionContributions contributions) {
    super.initializeFunctionRegistry(contributions);
    BasicTypeRegistry types = contributions.getTypeConfiguration().getBasicTypeRegistry();
    contributions
        .getFunctionRegistry()
        .patternDescriptorBuilder("format", "strftime(?2,substr(?1,1,23))")
        .setInvariantType(types.resolve(StandardBasicTypes.STRING))
        .setExactArgumentCount(2)
        .setParameterTypes(FunctionParameterType.TEMPORAL, FunctionParameterType.STRING)
        .setArgumentListSignature("(TEMPORAL datetime as STRING pattern)")
        .register();
  }

  // ---- tables

  @Override
  public UniqueDelegate getUniqueDelegate() {
    return inline;
  }

  @Override
  public Exporter<Table> getTableExporter() {
    return tables;
  }

  /** SQLite has one integer type, and an identity column must be of that name. */
  @Override
  public boolean equivalentTypes(int typeCode1, int typeCode2) {
    return (SqlTypes.isIntegral(typeCode1) && SqlTypes.isIntegral(typeCode2))
        || super.equivalentTypes(typeCode1, typeCode2);
  }

  /** SQLite has no COMMENT ON. */
  @Override
  public boolean supportsCommentOn() {
    return false;
  }

  // ---- statements

  /** Otherwise each insert is followed by a query for its row id. */
  @Override
  public boolean getDefaultUseGetGeneratedKeys() {
    return true;
  }

  @Override
  public SqlAstTranslatorFactory getSqlAstTranslatorFactory() {
    return new StandardSqlAstTranslatorFactory() {
      @Override
      protected <T extends JdbcOperation> SqlAstTranslator<T> buildTranslator(
          SessionFactoryImplementor factory, Statement statement) {
        return new HonkerSqliteTranslator<>(factory, statement);
      }
    };
  }

  @Override
  public MutationOperation createOptionalTableUpdateOperation(
      EntityMutationTarget target, OptionalTableUpdate update, SessionFactoryImplementor factory) {
    return HonkerSqliteTranslator.canUpsert(update)
        ? new HonkerSqliteTranslator<>(factory, update).upsert(update)
        : super.createOptionalTableUpdateOperation(target, update, factory);
  }

  @Override
  public LockingClauseStrategy getLockingClauseStrategy(QuerySpec query, LockOptions options) {
    if (!writerTransactions && options != null && isPessimistic(options.getLockMode())) {
      throw new HibernateException(
          "SQLite locks no rows, so the lock mode "
              + options.getLockMode()
              + " would be without effect; begin transactions with BEGIN IMMEDIATE (HonkerOrm, or"
              + " transaction_mode=IMMEDIATE) and say so with "
              + WRITER_TRANSACTIONS
              + "=true, or use optimistic locks");
    }
    return super.getLockingClauseStrategy(query, options);
  }

  private static boolean isPessimistic(LockMode mode) {
    return switch (mode) {
      case PESSIMISTIC_READ, PESSIMISTIC_WRITE, UPGRADE_NOWAIT, UPGRADE_SKIPLOCKED -> true;
      default -> false;
    };
  }

  // ---- failures

  @Override
  public SQLExceptionConversionDelegate buildSQLExceptionConversionDelegate() {
    return new SqliteFailures(names, super.buildSQLExceptionConversionDelegate());
  }
}
