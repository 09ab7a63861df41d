package io.honker.runtime.cron;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The fields of an expression, in the order in which they are written. */
enum CronField {
  SECOND("second", 0, 59, ""),
  MINUTE("minute", 0, 59, ""),
  HOUR("hour", 0, 23, ""),
  DAY_OF_MONTH("day-of-month", 1, 31, ""),
  MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  DAY_OF_WEEK("day-of-week", 0, 6, "SUN MON TUE WED THU FRI SAT");

  private static final int NAME_LENGTH = 3;

  private final String label;
  private final int low;
  private final int high;
  private final String names;

  CronField(String label, int low, int high, String names) {
    this.label = label;
    this.low = low;
    this.high = high;
    this.names = names;
  }

  String label() {
    return label;
  }

  int low() {
    return low;
  }

  int high() {
    return high;
  }

  /** The value with this name, in any case; -1 if there is none. */
  int named(String name) {
    int index = names.indexOf(name.toUpperCase(Locale.ROOT));
    boolean isName = name.length() == NAME_LENGTH && index % (NAME_LENGTH + 1) == 0;
    return isName && index >= 0 ? low + index / (NAME_LENGTH + 1) : -1;
  }

  /** The fields of an expression with so many: six, or five without the seconds; else none. */
  static List<CronField> ofCount(int count) {
    List<CronField> all = Arrays.asList(values());
    return switch (count) {
      case 5 -> all.subList(1, all.size());
      case 6 -> all;
      default -> List.of();
    };
  }

  /** One bit for each value from {@code from} to {@code to}, at most 63, by {@code step}. */
  static long bits(long from, long to, long step) {
    long bits = 0;
    for (long value = from; value <= to; value += step) {
      bits |= 1L << value;
    }
    return bits;
  }
}
