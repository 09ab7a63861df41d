package io.honker.runtime.cron;

import io.honker.schedule.DstRule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schedule expression and the times it means: five fields (minute, hour, day of month, month, day
 * of week), six (seconds first), or an interval, {@code @every 5m}. A day has to match day of month
 * <em>and</em> day of week. See rules C-1 and C-2.
 *
 * <pre>{@code
 * CronExpression weekdays = CronExpression.of("0 8-18/2 * * MON-FRI");
 * Optional<Instant> next = weekdays.next(now, ZoneId.of("Europe/Berlin"), DstRule.standard());
 * }</pre>
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class CronExpression {

  /** How far ahead a match is looked for. */
  private static final int YEARS = 100;

  /** What honker's calendar holds: the years -262143 to 262142. */
  private static final long FIRST_SECOND = -8_334_601_228_800L;

  private static final long LAST_SECOND = 8_210_266_876_799L;
  private static final int LAST_YEAR = 262_142;

  private final String text;
  private final ParsedSchedule schedule;
  private final @Nullable WallTimes times;

  private CronExpression(String text, ParsedSchedule schedule) {
    this.text = text;
    this.schedule = schedule;
    this.times = schedule.times();
  }

  /**
   * Reads an expression as honker does, no more and no less: numbers only, Sunday is 0, a step
   * behind a single number changes nothing ({@code 5/15} is 5).
   *
   * @param text the expression; white space around it and between fields does not matter
   * @return the expression
   * @throws IllegalArgumentException if honker refuses the text; the message is honker's
   */
  public static CronExpression honker(String text) {
    return new CronExpression(text, HonkerGrammar.parse(text));
  }

  /**
   * Reads an expression of the Java API: what honker takes, and names in any case ({@code JAN},
   * {@code MON-FRI}), 7 as Sunday, {@code @yearly}, {@code @annually}, {@code @monthly},
   * {@code @weekly}, {@code @daily}, {@code @midnight} and {@code @hourly}. The one difference:
   * {@code 5/15} means every 15 from 5 on.
   *
   * @param text the expression; white space around it and between fields does not matter
   * @return the expression
   * @throws IllegalArgumentException if the text is none; the message names the expression, the
   *     field and the remedy
   */
  public static CronExpression of(String text) {
    ParsedSchedule schedule = RichGrammar.parse(text);
    return new CronExpression(schedule.shared(), schedule);
  }

  /**
   * Returns a spelling from which honker computes the same local times: the text as given if that
   * is one, otherwise with names as numbers, macros expanded, 7 as 0 and {@code 5/15} as {@code
   * 5,20,35,50}. It may be {@linkplain #isFixedTime() fixed-time} where this expression is not,
   * because a list shows no step.
   *
   * @return the text for the shared table
   */
  public String canonical() {
    return schedule.shared();
  }

  /**
   * Returns whether this is an interval, {@code @every <n><unit>}.
   *
   * @return whether there is an {@link #interval()}
   */
  public boolean isInterval() {
    return times == null;
  }

  /**
   * Returns the time between two runs.
   *
   * @return the interval; whole seconds, at least one
   * @throws IllegalStateException if this is no interval
   */
  public Duration interval() {
    if (!isInterval()) {
      throw new IllegalStateException("\"" + text + "\" is no interval; ask isInterval() first");
    }
    return Duration.ofSeconds(schedule.intervalSeconds());
  }

  /**
   * Returns whether neither hour nor minute has a wildcard or a step: such a schedule follows the
   * DST rule, others follow elapsed time.
   *
   * @return whether the times of day are fixed; false for an interval
   */
  public boolean isFixedTime() {
    return times != null && times.isFixed();
  }

  /**
   * Computes what honker's {@code honker_cron_next_after} computes in a process with the zone
   * given, its ways with clock changes included: a time in a gap moves to the first instant after
   * it; of a time that comes twice the later instant is taken, so that even a schedule of every
   * minute pauses for an hour when the overlap begins.
   *
   * @param fromUnix unix seconds
   * @param zone the zone of the process
   * @return unix seconds
   * @throws IllegalArgumentException if nothing matches for 100 years, an interval overflows or the
   *     time is outside the years -262143 to 262142; the message is honker's. Within 100 years of
   *     the last of these years honker breaks down instead.
   */
  public long sharedNext(long fromUnix, ZoneId zone) {
    WallTimes calendar = times;
    if (calendar == null) {
      return sharedInterval(fromUnix);
    }
    ZoneRules rules = zone.getRules();
    LocalDateTime from = local(fromUnix, rules);
    LocalDateTime start = from.plusSeconds(1);
    LocalDateTime match = calendar.firstFrom(start, Math.min(start.getYear() + YEARS, LAST_YEAR));
    if (match == null) {
      throw new IllegalArgumentException(
          "no schedule match found within 100 years after local datetime " + printed(from));
    }
    ZoneOffsetTransition change = rules.getTransition(match);
    if (change == null) {
      return match.toEpochSecond(rules.getOffset(match));
    }
    return change.isGap() ? change.toEpochSecond() : match.toEpochSecond(change.getOffsetAfter());
  }

  private long sharedInterval(long fromUnix) {
    try {
      return Math.addExact(fromUnix, schedule.intervalSeconds());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "next interval overflows unix timestamp for " + Tokens.quote(text), e);
    }
  }

  /**
   * Computes the next time to run, always after the instant given. Times that a clock change skips
   * or repeats follow the rule; an interval counts from {@code after}.
   *
   * @param after the instant after which to run, usually the last run or now
   * @param zone the zone whose clock the fields mean
   * @param rule what to do about times that the clock skips or repeats
   * @return the next instant, in whole seconds unless this is an interval; empty if there is none
   *     within 100 years, as for the 31st of February
   * @throws IllegalArgumentException if {@code after} is outside the years -262143 to 262142
   */
  public Optional<Instant> next(Instant after, ZoneId zone, DstRule rule) {
    Objects.requireNonNull(rule, "rule");
    ZoneRules rules = zone.getRules();
    WallTimes calendar = times;
    if (calendar == null) {
      return nextInterval(after);
    }
    local(after.getEpochSecond(), rules); // checks the range
    return FireTimes.next(calendar, rules, rule, after.getEpochSecond(), YEARS);
  }

  private Optional<Instant> nextInterval(Instant after) {
    try {
      return Optional.of(after.plusSeconds(schedule.intervalSeconds()));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static LocalDateTime local(long unix, ZoneRules rules) {
    if (unix < FIRST_SECOND || unix > LAST_SECOND) {
      throw new IllegalArgumentException("invalid timestamp: " + unix);
    }
    return LocalDateTime.ofEpochSecond(unix, 0, rules.getOffset(Instant.ofEpochSecond(unix)));
  }

  /** With seconds even if they are zero. */
  private static String printed(LocalDateTime time) {
    return time.getSecond() == 0 ? time + ":00" : time.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CronExpression that
        && canonical().equals(that.canonical())
        && isFixedTime() == that.isFixedTime();
  }

  @Override
  public int hashCode() {
    return canonical().hashCode();
  }

  /** Returns the {@link #canonical()} spelling. */
  @Override
  public String toString() {
    return canonical();
  }
}
