package io.honker.lab.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes up expressions, in honker's grammar, in ours, and in neither. */
final class RandomExpressions {

  private static final int[] LOW = {0, 0, 0, 1, 1, 0};
  private static final int[] HIGH = {59, 59, 23, 31, 12, 6};
  private static final String[] MONTHS = {
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"
  };
  private static final String[] DAYS = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};
  private static final String[] MACROS = {
    "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@Daily"
  };
  private static final String[] SPACES = {" ", "  ", "\t", "\u00a0", "\n ", "\u2003", "\u000b"};
  private static final String[] DEBRIS = {
    "",
    "*",
    "/",
    "-",
    ",",
    "+",
    "0",
    "7",
    "24",
    "31",
    "32",
    "60",
    "99999999999",
    "MON",
    "JAN",
    "?",
    "L",
    "#",
    " ",
    "@every",
    "@every 5",
    "s",
    "w",
    "-1",
    "1.5",
    "\"",
    "\\",
    "\u00e9",
    "\u0301",
    "'",
    "\t",
    "\u200b",
    "\u0663",
    "*/0",
    "5-3",
    "1,,2",
    "4294967295",
    "4294967296",
    "\u0007"
  };

  private final Random random;

  RandomExpressions(Random random) {
    this.random = random;
  }

  // ---- what honker takes

  /** What honker takes; few of them never match. */
  String honkers() {
    if (random.nextInt(40) == 0) {
      return "@every" + pick("", " ", "\t") + (1 + random.nextInt(5000)) + pick("s", "m", "h", "d");
    }
    List<String> fields = new ArrayList<>();
    for (int field = random.nextInt(3) == 0 ? 0 : 1; field < 6; field++) {
      fields.add(field(field, false));
    }
    return joined(fields);
  }

  /** Times that differ by clock changes: any day, all kinds of hours and minutes. */
  String daily() {
    String hour =
        random.nextBoolean() ? "*" : pick("1", "2", "3", "0-4", "*/2", "1,2", "1-3/2", "0");
    return field(1, false) + " " + hour + " * * *";
  }

  /** Six fields of values only, which every grammar takes and means alike. */
  String lists() {
    StringJoiner fields = new StringJoiner(" ");
    for (int field = 0; field < 6; field++) {
      fields.add(random.nextInt(10) < (field >= 3 ? 5 : 3) ? "*" : list(field));
    }
    return fields.toString();
  }

  private String list(int field) {
    TreeSet<Integer> values = new TreeSet<>();
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      values.add(between(LOW[field], HIGH[field]));
    }
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  // ---- what the Java API takes

  String rich() {
    if (random.nextInt(30) == 0) {
      return MACROS[random.nextInt(MACROS.length)];
    }
    List<String> fields = new ArrayList<>();
    for (int field = random.nextInt(3) == 0 ? 0 : 1; field < 6; field++) {
      fields.add(field(field, true));
    }
    return joined(fields);
  }

  // ---- what nobody takes, mostly

  String damaged() {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "@every 5m" : honkers());
    int blows = 1 + random.nextInt(2);
    for (int i = 0; i < blows; i++) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(3));
      text.replace(at, end, DEBRIS[random.nextInt(DEBRIS.length)]);
    }
    return text.toString();
  }

  // ---- fields

  private String joined(List<String> fields) {
    if (random.nextInt(10) > 0) {
      return String.join(" ", fields);
    }
    StringBuilder text = new StringBuilder(space());
    fields.forEach(field -> text.append(field).append(space()));
    return text.toString();
  }

  private String space() {
    return SPACES[random.nextInt(SPACES.length)];
  }

  private String field(int field, boolean rich) {
    // Free days and months mostly, or the next match is years away more often than not.
    if (random.nextInt(10) < (field >= 3 ? 6 : 2)) {
      return "*";
    }
    StringJoiner parts = new StringJoiner(",");
    for (int left = random.nextInt(4) == 0 ? 3 : 1; left > 0; left--) {
      parts.add(part(field, rich));
    }
    return parts.toString();
  }

  private String part(int field, boolean rich) {
    int low = between(LOW[field], HIGH[field]);
    int high = between(low, HIGH[field]);
    return switch (random.nextInt(6)) {
      case 0 -> "*/" + step(field);
      case 1 -> value(field, low, rich) + "-" + value(field, high, rich);
      case 2 -> value(field, low, rich) + "-" + value(field, high, rich) + "/" + step(field);
      case 3 -> value(field, low, rich) + "/" + step(field);
      default -> rich && field == 5 && random.nextInt(4) == 0 ? sunday() : value(field, low, rich);
    };
  }

  private String sunday() {
    return pick("7", "5-7", "0-7", "7/2", "FRI-SUN", "fri-sun/2", "SUN", "2-7/3");
  }

  private String step(int field) {
    return random.nextInt(20) == 0
        ? pick("100", "+7", "4294967295", "007")
        : Integer.toString(between(1, HIGH[field]));
  }

  private String value(int field, int value, boolean rich) {
    if (rich && field >= 4 && random.nextBoolean()) {
      String name = field == 4 ? MONTHS[value - 1] : DAYS[value];
      return random.nextBoolean() ? name : name.toLowerCase(Locale.ROOT);
    }
    return (random.nextInt(30) == 0 ? pick("+", "0", "00", "+0") : "") + value;
  }

  private int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
