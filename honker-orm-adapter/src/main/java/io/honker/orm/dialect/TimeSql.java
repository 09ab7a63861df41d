package io.honker.orm.dialect;

import jakarta.persistence.TemporalType;
import org.hibernate.query.common.TemporalUnit;

/**
 * SQL for calculations with the text of {@link TimeText}. SQLite's functions round to milliseconds,
 * so they get the text without its fraction, which is dealt with apart.
 */
@SuppressWarnings("deprecation") // Dialect's own signatures have TemporalType
final class TimeSql {

  static final String NOW_UTC = "strftime('%Y-%m-%d %H:%M:%f000000','now')";
  static final String NOW_LOCAL = "strftime('%Y-%m-%d %H:%M:%f000000','now','localtime')";
  static final String TIME_LOCAL = "strftime('%H:%M:%f000000','now','localtime')";
  static final String DATE_LOCAL = "date('now','localtime')";

  private static final String BILLION = "1000000000";

  private TimeSql() {}

  /** A value up to its seconds. */
  private static String whole(String value) {
    return "substr(" + value + ",1,instr(" + value + "||'.','.')-1)";
  }

  /** The nine digits after the point, as text. */
  private static String fraction(String value) {
    return "substr(substr(" + value + ",instr(" + value + "||'.','.')+1)||'000000000',1,9)";
  }

  private static String nanos(String value) {
    return "cast(" + fraction(value) + " as integer)";
  }

  private static String number(String format, String value) {
    return "cast(strftime('" + format + "'," + whole(value) + ") as integer)";
  }

  // ---- extract

  /** The pattern of a field of {@code ?2}; null if the field is none of SQLite's. */
  static String extract(TemporalUnit unit) {
    String value = "?2";
    return switch (unit) {
      case YEAR -> number("%Y", value);
      case QUARTER -> "((" + number("%m", value) + "+2)/3)";
      case MONTH -> number("%m", value);
      case WEEK -> number("%V", value);
      case DAY, DAY_OF_MONTH -> number("%d", value);
      case DAY_OF_WEEK -> "(" + number("%w", value) + "+1)";
      case DAY_OF_YEAR -> number("%j", value);
      case HOUR -> number("%H", value);
      case MINUTE -> number("%M", value);
      case SECOND -> "(" + number("%S", value) + "+" + nanos(value) + "/1e9)";
      case EPOCH -> "unixepoch(" + whole(value) + ")";
      case TIMEZONE_HOUR, TIMEZONE_MINUTE -> "0"; // what has a zone is stored in UTC
      default -> "";
    };
  }

  // ---- difference of ?3 and ?2, in complete units

  static String difference(TemporalUnit unit) {
    return switch (unit) {
      case YEAR -> "(" + months() + "/12)";
      case QUARTER -> "(" + months() + "/3)";
      case MONTH -> months();
      case WEEK -> "(" + seconds() + "/604800)";
      case DAY -> "(" + seconds() + "/86400)";
      case HOUR -> "(" + seconds() + "/3600)";
      case MINUTE -> "(" + seconds() + "/60)";
      case SECOND -> seconds();
      case NANOSECOND, NATIVE -> "(" + epochs() + "*" + BILLION + "+(" + nanosBetween() + "))";
      default -> throw new IllegalArgumentException("no difference in units of " + unit);
    };
  }

  private static String epochs() {
    return "(unixepoch(" + whole("?3") + ")-unixepoch(" + whole("?2") + "))";
  }

  private static String nanosBetween() {
    return nanos("?3") + "-" + nanos("?2");
  }

  /** A second begun and not ended does not count, in either direction. */
  private static String seconds() {
    return complete(epochs(), nanosBetween(), "0");
  }

  private static String months() {
    return complete("(" + monthsOf("?3") + "-(" + monthsOf("?2") + "))", rest("?3"), rest("?2"));
  }

  private static String monthsOf(String value) {
    return number("%Y", value) + "*12+" + number("%m", value);
  }

  /** What follows year and month, which sorts as text; a date is its midnight. */
  private static String rest(String value) {
    return "substr(" + value + "||' 00:00:00.000000000',9,21)";
  }

  private static String complete(String units, String to, String from) {
    return "(" + units + "-(" + units + ">0 and " + to + "<" + from + ")+(" + units + "<0 and " + to
        + ">" + from + "))";
  }

  // ---- ?3 plus ?2 units

  static String sum(TemporalUnit unit, TemporalType type) {
    return switch (unit) {
      case YEAR -> plus(type, "(?2)||' years'");
      case QUARTER -> plus(type, "((?2)*3)||' months'");
      case MONTH -> plus(type, "(?2)||' months'");
      case WEEK -> plus(type, "((?2)*7)||' days'");
      case DAY -> plus(type, "(?2)||' days'");
      case HOUR -> plus(type, "(?2)||' hours'");
      case MINUTE -> plus(type, "(?2)||' minutes'");
      case SECOND -> plusNanos(type, nanosOfSeconds());
      case NANOSECOND, NATIVE -> plusNanos(type, "(?2)");
      default -> throw new IllegalArgumentException("cannot add units of " + unit);
    };
  }

  /** The day that a shorter month does not have becomes its last one. */
  private static String plus(TemporalType type, String modifier) {
    String sum = function(type) + "(" + whole("?3") + "," + modifier + ",'floor')";
    return type == TemporalType.DATE ? sum : "(" + sum + "||'.'||" + fraction("?3") + ")";
  }

  /** Whole seconds may be too many for a double, and others are close to what they should be. */
  private static String nanosOfSeconds() {
    String nanos = "(?2)*" + BILLION;
    return "iif(typeof(?2)='integer'," + nanos + ",cast(round(" + nanos + ") as integer))";
  }

  private static String plusNanos(TemporalType type, String added) {
    String total = "(" + nanos("?3") + "+" + added + ")";
    String part = total + "%" + BILLION;
    String seconds = "(" + total + "/" + BILLION + "-(" + part + "<0))";
    String sum = function(type) + "(" + whole("?3") + "," + seconds + "||' seconds')";
    return type == TemporalType.DATE
        ? sum
        : "(" + sum + "||printf('.%09d',(" + part + "+" + BILLION + ")%" + BILLION + "))";
  }

  private static String function(TemporalType type) {
    return switch (type) {
      case DATE -> "date";
      case TIME -> "time";
      case TIMESTAMP -> "datetime";
    };
  }

  // ---- casts of ?1

  static String textToDate() {
    return "date(" + whole("?1") + ")";
  }

  static String textToTime() {
    return "(time(" + whole("?1") + ")||'.'||" + fraction("?1") + ")";
  }

  static String textToTimestamp() {
    return "(datetime(" + whole("?1") + ")||'.'||" + fraction("?1") + ")";
  }
}
