package io.honker.runtime.cron;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The times of a wall clock that an expression means, whole seconds, without any zone. A day must
 * match day of month and day of week. Immutable.
 */
final class WallTimes {

  private final long seconds;
  private final long minutes;
  private final long hours;
  private final long months;

  /** Matching days of a month whose first day is a Sunday, a Monday, and so on. */
  private final long[] days;

  private final boolean fixed;
  private final LocalTime first;

  private WallTimes(List<FieldValues> fields) {
    this.seconds = fields.get(0).bits();
    this.minutes = fields.get(1).bits();
    this.hours = fields.get(2).bits();
    this.months = fields.get(4).bits();
    this.days = daysByFirst(fields.get(3).bits(), fields.get(5).bits());
    this.fixed = !fields.get(1).repeats() && !fields.get(2).repeats();
    this.first = LocalTime.of(from(hours, 0), from(minutes, 0), from(seconds, 0));
  }

  /** From five fields, at second 0, or six. */
  static WallTimes of(List<FieldValues> fields) {
    if (fields.size() == 6) {
      return new WallTimes(fields);
    }
    FieldValues zero = new FieldValues(1, false, "0");
    return new WallTimes(
        List.of(zero, fields.get(0), fields.get(1), fields.get(2), fields.get(3), fields.get(4)));
  }

  private static long[] daysByFirst(long daysOfMonth, long daysOfWeek) {
    long[] days = new long[7];
    for (int firstDay = 0; firstDay < 7; firstDay++) {
      for (int day = 1; day <= 31; day++) {
        if (has(daysOfMonth, day) && has(daysOfWeek, (firstDay + day - 1) % 7)) {
          days[firstDay] |= 1L << day;
        }
      }
    }
    return days;
  }

  /** Vixie's criterion: neither hour nor minute has a wildcard or a step. */
  boolean isFixed() {
    return fixed;
  }

  boolean matches(LocalDateTime time) {
    return time.equals(firstFrom(time, time.getYear()));
  }

  /** The first match at or after a time, up to the end of a year; null if there is none. */
  @Nullable LocalDateTime firstFrom(LocalDateTime from, int lastYear) {
    LocalDate start = from.toLocalDate();
    LocalDate day = firstDayFrom(start, lastYear);
    if (day == null || !day.equals(start)) {
      return day == null ? null : day.atTime(first);
    }
    LocalTime time = firstTimeFrom(from.toLocalTime());
    if (time != null) {
      return day.atTime(time);
    }
    LocalDate later = firstDayFrom(start.plusDays(1), lastYear);
    return later == null ? null : later.atTime(first);
  }

  private @Nullable LocalTime firstTimeFrom(LocalTime from) {
    int hour = from(hours, from.getHour());
    if (hour == from.getHour()) {
      int minute = from(minutes, from.getMinute());
      if (minute == from.getMinute()) {
        int second = from(seconds, from.getSecond());
        if (second >= 0) {
          return LocalTime.of(hour, minute, second);
        }
        minute = from(minutes, minute + 1);
      }
      if (minute >= 0) {
        return LocalTime.of(hour, minute, first.getSecond());
      }
      hour = from(hours, hour + 1);
    }
    return hour < 0 ? null : first.withHour(hour);
  }

  private @Nullable LocalDate firstDayFrom(LocalDate from, int lastYear) {
    LocalDate day = from;
    while (day.getYear() <= lastYear) {
      int month = from(months, day.getMonthValue());
      if (month < 0) {
        day = LocalDate.of(day.getYear() + 1, 1, 1);
        continue;
      }
      if (month != day.getMonthValue()) {
        day = LocalDate.of(day.getYear(), month, 1);
      }
      int match = firstDayOfMonthFrom(day);
      if (match >= 0) {
        return day.withDayOfMonth(match);
      }
      day = day.withDayOfMonth(1).plusMonths(1);
    }
    return null;
  }

  private int firstDayOfMonthFrom(LocalDate day) {
    int firstDay = Math.floorMod(day.getDayOfWeek().getValue() - (day.getDayOfMonth() - 1), 7);
    int match = from(days[firstDay], day.getDayOfMonth());
    return match <= day.lengthOfMonth() ? match : -1;
  }

  private static boolean has(long bits, int value) {
    return (bits >>> value & 1) != 0;
  }

  /** The lowest value of the set from {@code low}, at most 63, on; -1 if there is none. */
  private static int from(long bits, int low) {
    long rest = bits & -1L << low;
    return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
  }
}
