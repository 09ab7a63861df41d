package io.honker.runtime.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.honker.schedule.DstRule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {

  private static final DstRule RULE = DstRule.standard();

  private static void assertHonkerRefuses(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronExpression.honker(text))
        .withMessage(message);
  }

  // ---- honker's grammar

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "60 * * * *     | cron field \"60\" out of range [0,59] or inverted",
        "* * * * 7      | cron field \"7\" out of range [0,6] or inverted",
        "30-10 * * * *  | cron field \"30-10\" out of range [0,59] or inverted",
        "1,,2 * * * *   | cron field \"\" not an integer",
        "MON * * * *    | cron field \"MON\" not an integer",
        "a/2 * * * *    | cron field \"a/2\" not an integer",
        "*/0 * * * *    | cron step must be positive: \"*/0\"",
        "a/x * * * *    | cron step must be a positive integer: \"a/x\"",
        "*/4294967296 * * * * | cron step must be a positive integer: \"*/4294967296\"",
        "@every         | interval expression must be '@every <n><unit>'",
        "@every 5       | interval expression must be '@every <n><unit>'; got \"5\"",
        "@every 0w      | interval count must be positive: \"0w\"",
        "@every 5w      | unsupported interval unit \"w\"; expected one of s, m, h, d",
        "@every 1h30m   | unsupported interval unit \"h30m\"; expected one of s, m, h, d",
        "@every 99999999999999999999s | "
            + "interval count must be an integer: \"99999999999999999999s\"",
        "@every 9223372036854775807m | interval is too large: \"9223372036854775807m\"",
      })
  void honker_whenWrong_refusesInHonkersWords(String text, String message) {
    assertHonkerRefuses(text, message);
  }

  @Test
  void honker_whenFieldsAreMissing_countsThem() {
    String start = "schedule expression requires 5 or 6 cron fields, or '@every <n><unit>'; got ";
    assertHonkerRefuses(" ", start + "0: \"\"");
    assertHonkerRefuses(" 1 2\t3 ", start + "3: \"1 2\\t3\"");
    assertHonkerRefuses("@daily", start + "1: \"@daily\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5/15 * * * *          | 2026-01-01T00:05:00Z", // the step is ignored
        "+5 * * * *            | 2026-01-01T00:05:00Z",
        "*/4294967295 1 * * *  | 2026-01-01T01:00:00Z",
        "20/7 5 * * * *        | 2026-01-01T00:05:20Z",
        "0 0 13 * 5            | 2026-02-13T00:00:00Z", // both days must match
        "0 0 29 2 1            | 2044-02-29T00:00:00Z",
        "@every5m              | 2026-01-01T00:05:00Z",
        "@every  2d            | 2026-01-03T00:00:00Z",
      })
  void sharedNext_findsTheNextTime(String text, Instant next) {
    long from = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
    assertThat(CronExpression.honker(text).sharedNext(from, ZoneOffset.UTC))
        .isEqualTo(next.getEpochSecond());
  }

  @Test
  void sharedNext_whenThereIsNone_saysSoInHonkersWords() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronExpression.honker("0 0 31 2 *").sharedNext(0, ZoneOffset.UTC))
        .withMessage(
            "no schedule match found within 100 years after local datetime 1970-01-01T00:00:00");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CronExpression.honker(" @every 9d").sharedNext(Long.MAX_VALUE, ZoneOffset.UTC))
        .withMessage("next interval overflows unix timestamp for \" @every 9d\"");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> CronExpression.honker("* * * * *").sharedNext(Long.MAX_VALUE, ZoneOffset.UTC))
        .withMessage("invalid timestamp: 9223372036854775807");
  }

  @Test
  void sharedNext_whenTheClockChanges_doesAsHonker() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    long beforeGap = Instant.parse("2026-03-28T12:00:00Z").getEpochSecond();
    assertThat(CronExpression.honker("30 2 * * *").sharedNext(beforeGap, berlin))
        .isEqualTo(Instant.parse("2026-03-29T01:00:00Z").getEpochSecond());
    long beforeOverlap = Instant.parse("2026-10-24T23:59:00Z").getEpochSecond();
    assertThat(CronExpression.honker("* * * * *").sharedNext(beforeOverlap, berlin))
        .isEqualTo(Instant.parse("2026-10-25T01:00:00Z").getEpochSecond());
  }

  // ---- ours

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5/15 * * * *                | 5,20,35,50 * * * *",
        "5/100 * * * *               | 5/100 * * * *",
        "0 8-18/2 * * MON-FRI        | 0 8-18/2 * * 1-5",
        "0 0 1 jan,JUL *             | 0 0 1 1,7 *",
        "0 0 * JAN/3 *               | 0 0 * 1,4,7,10 *",
        "0 0 * * 7                   | 0 0 * * 0",
        "0 0 * * 5-7                 | 0 0 * * 0,5,6",
        "0 0 * * FRI-SUN             | 0 0 * * 0,5,6",
        "0 0 * * SUN-TUE             | 0 0 * * 0-2",
        "0 0 * * 0-7                 | 0 0 * * 0,1,2,3,4,5,6",
        "0 0 * * MON/2               | 0 0 * * 1,3,5",
        "0 0 * * Mon-Fri/2,7         | 0 0 * * 1-5/2,0",
        "@yearly                     | 0 0 1 1 *",
        "@annually                   | 0 0 1 1 *",
        "@monthly                    | 0 0 1 * *",
        "@weekly                     | 0 0 * * 0",
        "@daily                      | 0 0 * * *",
        "@midnight                   | 0 0 * * *",
        "@Hourly                     | 0 * * * *",
        "  */5   * * * *             | */5   * * * *",
        "+05 */4294967295 * * * 1-5  | +05 */4294967295 * * * 1-5",
        "@every 90s                  | @every 90s",
      })
  void canonical_isWhatHonkerUnderstands(String text, String canonical) {
    CronExpression expression = CronExpression.of(text);
    assertThat(expression.canonical()).isEqualTo(canonical).hasToString(expression.toString());
    assertThat(CronExpression.honker(canonical).canonical()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "1 2 3          | schedule \"1 2 3\": has 3 fields; write 5 (minute hour day-of-month month"
            + " day-of-week), 6 (second first), @every <n><unit> or a macro such as @daily",
        "61 * * * *     | schedule \"61 * * * *\": minute \"61\" is out of range; use 0-59",
        "* * * * 8      | schedule \"* * * * 8\": day-of-week \"8\" is out of range;"
            + " use 0-6 (Sunday is 0 or 7) or SUN-SAT",
        "* * * 0 *      | schedule \"* * * 0 *\": month \"0\" is out of range;"
            + " use 1-12 or JAN-DEC",
        "* 22-6 * * *   | schedule \"* 22-6 * * *\": hour \"22-6\" runs backwards;"
            + " write the lower value first, or two ranges with a comma between",
        "0 0 ? * *      | schedule \"0 0 ? * *\": day-of-month \"?\" is no number, range or list;"
            + " use 1-31, or * for any",
        "*/0 * * * * *  | schedule \"*/0 * * * * *\": second \"*/0\" has a step that is no positive"
            + " whole number; write it like */5 or 10-40/5",
        "@reboot        | schedule \"@reboot\": is no macro; use @yearly, @monthly, @weekly, @daily,"
            + " @hourly or @every <n><unit>",
        "@every 5w      | schedule \"@every 5w\": unsupported interval unit \"w\"; expected one of s,"
            + " m, h, d; write @every, a whole number and one of s, m, h, d",
      })
  void of_whenWrong_namesExpressionFieldAndRemedy(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronExpression.of(text))
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "* * JAN * *",
        "MON-JAN * * * *",
        "0 0 * * SAT-MON",
        "AN * * * *",
        "0 0 * * UN",
        "1-2-3 * * * *",
        "-1 * * * *",
        "1,,2 * * * *",
        "5/ * * * *",
        "0 0 * * N M"
      })
  void of_whenWrong_refuses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> CronExpression.of(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 * * *         | true",
        "0,30 1-5 * * *     | true",
        "*/10 30 2 * * *    | true", // seconds do not matter
        "0 * * * *          | false",
        "*/15 2 * * *       | false",
        "0-30/10 2 * * *    | false",
        "5/15 2 * * *       | false",
        "@daily             | true",
        "@hourly            | false",
        "@every 1d          | false",
      })
  void isFixedTime_needsNoWildcardAndNoStep(String text, boolean fixed) {
    assertThat(CronExpression.of(text).isFixedTime()).isEqualTo(fixed);
  }

  @Test
  void isFixedTime_whenHonkerIgnoresTheStep_isTrue() {
    assertThat(CronExpression.honker("5/15 2 * * *").isFixedTime()).isTrue();
  }

  @Test
  void interval_isThatOfEvery() {
    assertThat(CronExpression.of("@every 90m").isInterval()).isTrue();
    assertThat(CronExpression.of("@every 90m").interval()).isEqualTo(Duration.ofMinutes(90));
    assertThat(CronExpression.of("* * * * *").isInterval()).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> CronExpression.of("* * * * *").interval())
        .withMessageContaining("isInterval");
  }

  // ---- next

  @Test
  void next_withFractions_isTheNextWholeSecond() {
    Instant after = Instant.parse("2026-01-01T00:00:00.999Z");
    assertThat(CronExpression.of("* * * * * *").next(after, ZoneOffset.UTC, RULE))
        .contains(Instant.parse("2026-01-01T00:00:01Z"));
    assertThat(CronExpression.of("@every 1s").next(after, ZoneOffset.UTC, RULE))
        .contains(Instant.parse("2026-01-01T00:00:01.999Z"));
  }

  @Test
  void next_whenThereIsNone_isEmpty() {
    Instant after = Instant.parse("2026-01-01T00:00:00Z");
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    assertThat(CronExpression.of("0 0 31 2,4 *").next(after, berlin, RULE)).isEmpty();
    assertThat(CronExpression.of("@every 9223372036854775807s").next(after, berlin, RULE))
        .isEqualTo(Optional.empty());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CronExpression.of("* * * * *").next(Instant.MAX, berlin, RULE))
        .withMessageContaining("invalid timestamp");
  }

  @Test
  void equals_isByMeaningfulText() {
    assertThat(CronExpression.of("@daily"))
        .isEqualTo(CronExpression.honker("0 0 * * *"))
        .hasSameHashCodeAs(CronExpression.honker("0 0 * * *"))
        .isNotEqualTo(CronExpression.of("@hourly"));
    assertThat(CronExpression.of("0 2/6 * * *"))
        .isNotEqualTo(CronExpression.of("0 2,8,14,20 * * *"));
  }
}
