package io.honker.orm.dialect;

import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.jdbc.JdbcType;

/** How each of SQL's date and time types is kept. */
final class TemporalJdbcTypes {

  private TemporalJdbcTypes() {}

  static List<JdbcType> all() {
    return List.of(
        new TemporalJdbcType(Types.DATE, Types.DATE, "DATE", new OfDate()),
        new TemporalJdbcType(Types.TIME, Types.TIME, "TIME", new OfTime()),
        new TemporalJdbcType(Types.TIME, SqlTypes.TIME_UTC, "TIME_UTC", new OfOffsetTime()),
        new TemporalJdbcType(
            Types.TIME_WITH_TIMEZONE,
            Types.TIME_WITH_TIMEZONE,
            "TIME_WITH_TIMEZONE",
            new OfOffsetTime()),
        new TemporalJdbcType(Types.TIMESTAMP, Types.TIMESTAMP, "TIMESTAMP", new OfDateTime()),
        new TemporalJdbcType(
            Types.TIMESTAMP, SqlTypes.TIMESTAMP_UTC, "TIMESTAMP_UTC", new OfInstant()),
        new TemporalJdbcType(
            Types.TIMESTAMP_WITH_TIMEZONE,
            Types.TIMESTAMP_WITH_TIMEZONE,
            "TIMESTAMP_WITH_TIMEZONE",
            new OfOffsetDateTime()));
  }

  /** That of {@code java.sql.Date} and {@code Time}, and of what the stock dialect stored. */
  private static ZoneId local() {
    return ZoneId.systemDefault();
  }

  private static boolean isFor(JavaType<?> type, Class<?> wanted) {
    return wanted.equals(type.getJavaTypeClass());
  }

  private static final class OfDate implements TemporalJdbcType.Conversion {

    @Override
    public <X> String toText(X value, JavaType<X> type, WrapperOptions options) {
      return TimeText.of(
          isFor(type, LocalDate.class)
              ? (LocalDate) value
              : type.unwrap(value, java.sql.Date.class, options).toLocalDate());
    }

    @Override
    public <X> X fromStored(Object stored, JavaType<X> type, WrapperOptions options) {
      LocalDate date = TimeText.date(stored, local());
      return isFor(type, LocalDate.class)
          ? type.wrap(date, options)
          : type.wrap(java.sql.Date.valueOf(date), options);
    }
  }

  private static final class OfTime implements TemporalJdbcType.Conversion {

    @Override
    public <X> String toText(X value, JavaType<X> type, WrapperOptions options) {
      if (isFor(type, LocalTime.class)) {
        return TimeText.of((LocalTime) value);
      }
      Time time = type.unwrap(value, Time.class, options);
      return TimeText.of(Instant.ofEpochMilli(time.getTime()).atZone(local()).toLocalTime());
    }

    @Override
    public <X> X fromStored(Object stored, JavaType<X> type, WrapperOptions options) {
      LocalTime time = TimeText.time(stored, local());
      if (isFor(type, LocalTime.class)) {
        return type.wrap(time, options);
      }
      Instant instant = time.atDate(LocalDate.EPOCH).atZone(local()).toInstant();
      return type.wrap(new Time(instant.toEpochMilli()), options);
    }
  }

  private static final class OfOffsetTime implements TemporalJdbcType.Conversion {

    @Override
    public <X> String toText(X value, JavaType<X> type, WrapperOptions options) {
      OffsetTime time = type.unwrap(value, OffsetTime.class, options);
      return TimeText.of(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalTime());
    }

    /** The stock dialect stored the time in UTC as if it were local. */
    @Override
    public <X> X fromStored(Object stored, JavaType<X> type, WrapperOptions options) {
      return type.wrap(TimeText.time(stored, local()).atOffset(ZoneOffset.UTC), options);
    }
  }

  /**
   * What is no {@code LocalDateTime} is an instant, and kept as one: as local time, the second of
   * the two hours that autumn repeats would come back as the first.
   */
  private static final class OfDateTime implements TemporalJdbcType.Conversion {

    @Override
    public <X> String toText(X value, JavaType<X> type, WrapperOptions options) {
      return isFor(type, LocalDateTime.class)
          ? TimeText.of((LocalDateTime) value)
          : TimeText.of(type.unwrap(value, Timestamp.class, options).toInstant());
    }

    @Override
    public <X> X fromStored(Object stored, JavaType<X> type, WrapperOptions options) {
      return isFor(type, LocalDateTime.class)
          ? type.wrap(TimeText.dateTime(stored, local()), options)
          : type.wrap(
              Timestamp.from(TimeText.dateTime(stored, ZoneOffset.UTC).toInstant(ZoneOffset.UTC)),
              options);
    }
  }

  private static final class OfInstant implements TemporalJdbcType.Conversion {

    @Override
    public <X> String toText(X value, JavaType<X> type, WrapperOptions options) {
      return TimeText.of(type.unwrap(value, Instant.class, options));
    }

    @Override
    public <X> X fromStored(Object stored, JavaType<X> type, WrapperOptions options) {
      return type.wrap(
          TimeText.dateTime(stored, ZoneOffset.UTC).toInstant(ZoneOffset.UTC), options);
    }
  }

  private static final class OfOffsetDateTime implements TemporalJdbcType.Conversion {

    @Override
    public <X> String toText(X value, JavaType<X> type, WrapperOptions options) {
      return TimeText.of(type.unwrap(value, OffsetDateTime.class, options).toInstant());
    }

    @Override
    public <X> X fromStored(Object stored, JavaType<X> type, WrapperOptions options) {
      return type.wrap(TimeText.dateTime(stored, ZoneOffset.UTC).atOffset(ZoneOffset.UTC), options);
    }
  }
}
