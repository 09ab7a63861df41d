package io.honker.runtime.cron;

import io.honker.schedule.DstRule;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Instants at which wall-clock times come, clock changes minded (rule C-2). Between two changes of
 * the clock local and absolute time run alike, so the search goes from one such stretch to the
 * next.
 */
final class FireTimes {

  private final WallTimes times;
  private final ZoneRules rules;
  private final DstRule dstRule;
  private final int lastYear;

  /** The change that began the stretch looked at, if any; then the one that ends it. */
  private @Nullable ZoneOffsetTransition begin;

  private @Nullable ZoneOffsetTransition end;
  private ZoneOffset offset;

  /** Where in the stretch to go on. */
  private LocalDateTime from;

  private FireTimes(WallTimes times, ZoneRules rules, DstRule dstRule, long after, int years) {
    Instant instant = Instant.ofEpochSecond(after);
    this.times = times;
    this.rules = rules;
    this.dstRule = dstRule;
    this.begin = rules.previousTransition(instant.plusSeconds(1));
    this.end = rules.nextTransition(instant);
    this.offset = rules.getOffset(instant);
    this.from = LocalDateTime.ofEpochSecond(after, 0, offset).plusSeconds(1);
    this.lastYear = from.getYear() + years;
  }

  /** The first one after a whole second; empty if there is none for so many years. */
  static Optional<Instant> next(
      WallTimes times, ZoneRules rules, DstRule dstRule, long after, int years) {
    return new FireTimes(times, rules, dstRule, after, years).search();
  }

  private Optional<Instant> search() {
    while (true) {
      skipSecondPass();
      LocalDateTime match = times.firstFrom(from, lastYear);
      if (match == null) {
        return Optional.empty();
      }
      ZoneOffsetTransition change = end;
      if (change == null || match.isBefore(lastOf(change))) {
        return Optional.of(match.toInstant(offset));
      }
      if (change.isGap() && runsAfter(change, match)) {
        return Optional.of(change.getInstant());
      }
      begin = change;
      end = rules.nextTransition(change.getInstant());
      offset = change.getOffsetAfter();
      from = change.getDateTimeAfter();
    }
  }

  private void skipSecondPass() {
    ZoneOffsetTransition change = begin;
    boolean firstOnly = times.isFixed() && dstRule.overlap() == DstRule.Overlap.FIRST;
    if (firstOnly && change != null && change.isOverlap()) {
      LocalDateTime thereAfter = change.getDateTimeBefore();
      from = from.isBefore(thereAfter) ? thereAfter : from;
    }
  }

  /** The end of what counts of this stretch, exclusive. */
  private LocalDateTime lastOf(ZoneOffsetTransition change) {
    boolean secondOnly = times.isFixed() && dstRule.overlap() == DstRule.Overlap.SECOND;
    return secondOnly && change.isOverlap()
        ? change.getDateTimeAfter()
        : change.getDateTimeBefore();
  }

  /**
   * Whether the gap took a time away that is to be made up for right after it; given the first time
   * that it may have taken.
   */
  private boolean runsAfter(ZoneOffsetTransition gap, LocalDateTime match) {
    if (dstRule.gap() == DstRule.Gap.SKIP) {
      return false;
    }
    @Nullable LocalDateTime lost = match;
    while (lost != null && lost.isBefore(gap.getDateTimeAfter())) {
      if (times.isFixed() || !comesLater(lost, gap.getDuration())) {
        return true;
      }
      lost = times.firstFrom(afterLost(lost, gap.getDuration()), lastYear);
    }
    return false;
  }

  /** All seconds of a minute share its fate, unless the shift is none of whole minutes. */
  private static LocalDateTime afterLost(LocalDateTime lost, Duration shift) {
    return shift.toSeconds() % 60 == 0
        ? lost.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1)
        : lost.plusSeconds(1);
  }

  /** Whether the clock, put forward, shows another match when it would have shown this one. */
  private boolean comesLater(LocalDateTime lost, Duration shift) {
    return times.matches(lost.plus(shift));
  }
}
