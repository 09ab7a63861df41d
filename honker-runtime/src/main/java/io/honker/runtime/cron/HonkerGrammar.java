package io.honker.runtime.cron;

import java.util.ArrayList;
import java.util.List;

/** honker's own grammar, with its leniencies, its order of checks and its words (rule C-1). */
final class HonkerGrammar {

  private static final String EVERY = "@every";

  private HonkerGrammar() {}

  static ParsedSchedule parse(String text) {
    String trimmed = Tokens.trim(text);
    if (isInterval(trimmed)) {
      return ParsedSchedule.ofInterval(trimmed, interval(trimmed));
    }
    List<String> texts = Tokens.split(trimmed);
    List<CronField> kinds = CronField.ofCount(texts.size());
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException(
          "schedule expression requires 5 or 6 cron fields, or '@every <n><unit>'; got "
              + texts.size()
              + ": "
              + Tokens.quote(trimmed));
    }
    List<FieldValues> fields = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      fields.add(field(kinds.get(i), texts.get(i)));
    }
    return ParsedSchedule.ofTimes(trimmed, WallTimes.of(fields));
  }

  /** Whether the text, trimmed, is meant as an interval. */
  static boolean isInterval(String trimmed) {
    return trimmed.startsWith(EVERY);
  }

  /** The seconds of an interval. */
  static long interval(String trimmed) {
    String body = Tokens.trim(trimmed.substring(EVERY.length()));
    int digits = 0;
    while (digits < body.length() && Tokens.isDigit(body.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits == body.length()) {
      String got = body.isEmpty() ? "" : "; got " + Tokens.quote(body);
      throw new IllegalArgumentException("interval expression must be '@every <n><unit>'" + got);
    }
    long count = count(body, digits);
    try {
      return Math.multiplyExact(count, secondsOf(body.substring(digits)));
    } catch (ArithmeticException e) {
      throw refusal("interval is too large: ", body, e);
    }
  }

  private static long count(String body, int digits) {
    long count;
    try {
      count = Long.parseLong(body.substring(0, digits));
    } catch (NumberFormatException e) {
      throw refusal("interval count must be an integer: ", body, e);
    }
    if (count == 0) {
      throw new IllegalArgumentException("interval count must be positive: " + Tokens.quote(body));
    }
    return count;
  }

  private static long secondsOf(String unit) {
    return switch (unit) {
      case "s" -> 1;
      case "m" -> 60;
      case "h" -> 60 * 60;
      case "d" -> 24 * 60 * 60;
      default ->
          throw new IllegalArgumentException(
              "unsupported interval unit " + Tokens.quote(unit) + "; expected one of s, m, h, d");
    };
  }

  private static IllegalArgumentException refusal(String what, String body, Exception cause) {
    return new IllegalArgumentException(what + Tokens.quote(body), cause);
  }

  static FieldValues field(CronField field, String text) {
    long bits = 0;
    boolean repeats = false;
    for (String part : text.split(",", -1)) {
      FieldValues values = part(field, part);
      bits |= values.bits();
      repeats |= values.repeats();
    }
    return new FieldValues(bits, repeats, text);
  }

  private static FieldValues part(CronField field, String part) {
    int slash = part.indexOf('/');
    long step = slash < 0 ? 1 : step(part, part.substring(slash + 1));
    String base = slash < 0 ? part : part.substring(0, slash);
    if (base.equals("*")) {
      return new FieldValues(CronField.bits(field.low(), field.high(), step), true, part);
    }
    int dash = base.indexOf('-');
    long from = number(part, dash < 0 ? base : base.substring(0, dash));
    long to = dash < 0 ? from : number(part, base.substring(dash + 1));
    if (from < field.low() || to > field.high() || from > to) {
      throw new IllegalArgumentException(
          "cron field "
              + Tokens.quote(part)
              + (" out of range [" + field.low() + "," + field.high() + "] or inverted"));
    }
    // A step behind a single number changes nothing, so it does not make a step schedule either.
    return new FieldValues(CronField.bits(from, to, step), slash >= 0 && dash >= 0, part);
  }

  private static long step(String part, String text) {
    long step = Tokens.number(text);
    if (step <= 0) {
      throw new IllegalArgumentException(
          "cron step must be "
              + (step == 0 ? "positive: " : "a positive integer: ")
              + Tokens.quote(part));
    }
    return step;
  }

  private static long number(String part, String text) {
    long number = Tokens.number(text);
    if (number < 0) {
      throw new IllegalArgumentException("cron field " + Tokens.quote(part) + " not an integer");
    }
    return number;
  }
}
