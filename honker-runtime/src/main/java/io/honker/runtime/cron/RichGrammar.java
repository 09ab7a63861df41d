package io.honker.runtime.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The grammar of the Java API: honker's, and names, 7 as Sunday, {@code a/step} from a on, and
 * macros (rule C-1). Spells what honker would not understand, or would understand otherwise, in its
 * terms.
 */
final class RichGrammar {

  private static final Map<String, String> MACROS =
      Map.of(
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *",
          "@monthly", "0 0 1 * *",
          "@weekly", "0 0 * * 0",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@hourly", "0 * * * *");

  private static final long NO_STEP = 0;
  private static final int SUNDAY = 0;
  private static final int SUNDAY_TOO = 7;

  private final String text;

  private RichGrammar(String text) {
    this.text = text;
  }

  static ParsedSchedule parse(String text) {
    String trimmed = Tokens.trim(text);
    return new RichGrammar(trimmed).parse();
  }

  private ParsedSchedule parse() {
    if (HonkerGrammar.isInterval(text)) {
      return ParsedSchedule.ofInterval(text, interval());
    }
    if (text.startsWith("@")) {
      return parse(macro());
    }
    List<String> texts = Tokens.split(text);
    List<CronField> kinds = CronField.ofCount(texts.size());
    if (kinds.isEmpty()) {
      throw refusal(
          "has "
              + texts.size()
              + " fields; write 5 (minute hour day-of-month month day-of-week), 6 (second first),"
              + " @every <n><unit> or a macro such as @daily");
    }
    List<FieldValues> fields = new ArrayList<>();
    StringJoiner shared = new StringJoiner(" ");
    for (int i = 0; i < texts.size(); i++) {
      FieldValues values = field(kinds.get(i), texts.get(i));
      fields.add(values);
      shared.add(values.shared());
    }
    boolean asGiven = String.join(" ", texts).equals(shared.toString());
    return ParsedSchedule.ofTimes(asGiven ? text : shared.toString(), WallTimes.of(fields));
  }

  private long interval() {
    try {
      return HonkerGrammar.interval(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "schedule "
              + Tokens.quote(text)
              + (": " + e.getMessage() + "; write @every, a whole number and one of s, m, h, d"),
          e);
    }
  }

  private String macro() {
    String expansion = MACROS.get(text.toLowerCase(Locale.ROOT));
    if (expansion == null) {
      throw refusal(
          "is no macro; use @yearly, @monthly, @weekly, @daily, @hourly or @every <n><unit>");
    }
    return expansion;
  }

  private FieldValues field(CronField field, String fieldText) {
    long bits = 0;
    boolean repeats = false;
    StringJoiner shared = new StringJoiner(",");
    for (String part : fieldText.split(",", -1)) {
      FieldValues values = part(field, part);
      bits |= values.bits();
      repeats |= values.repeats();
      shared.add(values.shared());
    }
    return new FieldValues(bits, repeats, shared.toString());
  }

  private FieldValues part(CronField field, String part) {
    int slash = part.indexOf('/');
    long step = slash < 0 ? NO_STEP : step(field, part, part.substring(slash + 1));
    String base = slash < 0 ? part : part.substring(0, slash);
    if (base.equals("*")) {
      return new FieldValues(bits(field, field.low(), field.high(), step), true, part);
    }
    return base.indexOf('-') < 0 ? single(field, part, base, step) : range(field, part, base, step);
  }

  /** A value, or with a step all from there on. */
  private FieldValues single(CronField field, String part, String base, long step) {
    long from = value(field, part, base);
    long to = step == NO_STEP ? from : Math.max(from, field.high());
    checkRange(field, part, from, to);
    long bits = bits(field, from, to, step);
    boolean many = Long.bitCount(bits) > 1;
    boolean asGiven = !many && to <= field.high() && isNumeric(base);
    return new FieldValues(bits, many, asGiven ? part : list(field, bits));
  }

  private FieldValues range(CronField field, String part, String base, long step) {
    int dash = base.indexOf('-');
    String end = base.substring(dash + 1);
    long from = value(field, part, base.substring(0, dash));
    long to = rangeEnd(from, end, value(field, part, end));
    checkRange(field, part, from, to);
    long bits = bits(field, from, to, step);
    String shared = part;
    if (to > field.high()) {
      shared = list(field, bits);
    } else if (!isNumeric(base)) {
      shared = from + "-" + to + (step == NO_STEP ? "" : "/" + step);
    }
    return new FieldValues(bits, step != NO_STEP, shared);
  }

  /** FRI-SUN ends with the Sunday after. */
  private static long rangeEnd(long from, String end, long value) {
    boolean sundayAtTheEnd = end.equalsIgnoreCase("SUN") && from > SUNDAY;
    return sundayAtTheEnd ? SUNDAY_TOO : value;
  }

  private static boolean isNumeric(String base) {
    return base.chars().noneMatch(Character::isLetter);
  }

  private static String list(CronField field, long bits) {
    StringJoiner list = new StringJoiner(",");
    for (int value = field.low(); value <= field.high(); value++) {
      if ((bits >>> value & 1) != 0) {
        list.add(Integer.toString(value));
      }
    }
    return list.toString();
  }

  private static long bits(CronField field, long from, long to, long step) {
    return fold(field, CronField.bits(from, to, Math.max(1, step)));
  }

  private static long fold(CronField field, long bits) {
    boolean sundayToo = field == CronField.DAY_OF_WEEK && (bits >>> SUNDAY_TOO & 1) != 0;
    return sundayToo ? (bits & ~(1L << SUNDAY_TOO)) | 1L << SUNDAY : bits;
  }

  private long step(CronField field, String part, String stepText) {
    long step = Tokens.number(stepText);
    if (step <= 0) {
      throw refusal(
          field, part, "has a step that is no positive whole number; write it like */5 or 10-40/5");
    }
    return step;
  }

  private long value(CronField field, String part, String valueText) {
    int named = field.named(valueText);
    long value = named >= 0 ? named : Tokens.number(valueText);
    if (value < 0) {
      throw refusal(
          field, part, "is no number, range or list; use " + allowed(field) + ", or * for any");
    }
    return value;
  }

  private void checkRange(CronField field, String part, long from, long to) {
    int highest = field == CronField.DAY_OF_WEEK ? SUNDAY_TOO : field.high();
    if (from < field.low() || from > highest || to > highest || to < field.low()) {
      throw refusal(field, part, "is out of range; use " + allowed(field));
    }
    if (from > to) {
      throw refusal(
          field,
          part,
          "runs backwards; write the lower value first, or two ranges with a comma between");
    }
  }

  private static String allowed(CronField field) {
    String numbers = field.low() + "-" + field.high();
    return switch (field) {
      case MONTH -> numbers + " or JAN-DEC";
      case DAY_OF_WEEK -> numbers + " (Sunday is 0 or 7) or SUN-SAT";
      default -> numbers;
    };
  }

  private IllegalArgumentException refusal(CronField field, String part, String problem) {
    return refusal(field.label() + " " + Tokens.quote(part) + " " + problem);
  }

  private IllegalArgumentException refusal(String problem) {
    return new IllegalArgumentException("schedule " + Tokens.quote(text) + ": " + problem);
  }
}
