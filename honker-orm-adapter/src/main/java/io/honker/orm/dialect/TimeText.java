package io.honker.orm.dialect;

import static java.time.temporal.ChronoField.HOUR_OF_DAY;
import static java.time.temporal.ChronoField.MINUTE_OF_HOUR;
import static java.time.temporal.ChronoField.NANO_OF_SECOND;
import static java.time.temporal.ChronoField.SECOND_OF_MINUTE;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * Dates and times as the text that SQLite's own functions read, at full width, so that text order
 * is time order: {@code 2026-03-29 08:05:00.000000001}, {@code 2026-03-29}, {@code
 * 08:05:00.000000001}. Instants are UTC.
 */
final class TimeText {

  private static final int LAST_YEAR = 9999;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendValue(HOUR_OF_DAY, 2)
          .appendLiteral(':')
          .appendValue(MINUTE_OF_HOUR, 2)
          .appendLiteral(':')
          .appendValue(SECOND_OF_MINUTE, 2)
          .appendFraction(NANO_OF_SECOND, 9, 9, true)
          .toFormatter();

  private TimeText() {}

  static String of(LocalDate date) {
    if (date.getYear() < 0 || date.getYear() > LAST_YEAR) {
      throw new DateTimeException(
          "the year " + date.getYear() + " is not one of 0 to 9999, which SQLite can sort");
    }
    return date.toString();
  }

  static String of(LocalTime time) {
    return TIME.format(time);
  }

  static String of(LocalDateTime time) {
    return of(time.toLocalDate()) + ' ' + of(time.toLocalTime());
  }

  static String of(Instant instant) {
    return of(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
  }

  /**
   * Reads what this class wrote, what SQLite's functions write, and milliseconds, as the stock
   * dialect stores them.
   *
   * @param zone that of the milliseconds
   */
  static LocalDateTime dateTime(Object stored, ZoneId zone) {
    if (stored instanceof Double || stored instanceof Float) {
      throw new DateTimeException("neither text nor whole milliseconds");
    }
    if (stored instanceof Number millis) {
      return LocalDateTime.ofInstant(Instant.ofEpochMilli(millis.longValue()), zone);
    }
    String text = withoutZone(stored.toString());
    return text.indexOf(':') < 0
        ? LocalDate.parse(text).atStartOfDay()
        : LocalDateTime.parse(text.replace(' ', 'T'));
  }

  static LocalDate date(Object stored, ZoneId zone) {
    String text = stored.toString();
    return stored instanceof Number || text.length() > 10
        ? dateTime(stored, zone).toLocalDate()
        : LocalDate.parse(text);
  }

  static LocalTime time(Object stored, ZoneId zone) {
    String text = stored.toString();
    return stored instanceof Number || text.indexOf('-') > 0
        ? dateTime(stored, zone).toLocalTime()
        : LocalTime.parse(withoutZone(text));
  }

  private static String withoutZone(String text) {
    return text.endsWith("Z") ? text.substring(0, text.length() - 1) : text;
  }
}
