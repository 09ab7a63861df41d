package io.honker.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 90s}, {@code 1h30m}, {@code 7d}; or ISO 8601. */
final class DurationText implements ITypeConverter<Duration> {

  private static final Pattern PARTS =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?");

  @Override
  public Duration convert(String text) {
    Matcher parts = PARTS.matcher(text);
    try {
      return !text.isEmpty() && parts.matches()
          ? Duration.ofDays(part(parts, 1))
              .plusHours(part(parts, 2))
              .plusMinutes(part(parts, 3))
              .plusSeconds(part(parts, 4))
          : Duration.parse(text);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException(
          "'" + text + "' is no duration; write 90s, 5m, 1h30m, 7d or PT5M");
    }
  }

  private static long part(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** The largest unit that tells enough: {@code 45s}, {@code 3m}, {@code 5h}, {@code 12d}. */
  static String rough(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7_200) {
      return duration.toMinutes() + "m";
    }
    return seconds < 172_800 ? duration.toHours() + "h" : duration.toDays() + "d";
  }
}
