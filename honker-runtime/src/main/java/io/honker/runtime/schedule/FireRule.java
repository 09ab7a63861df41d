package io.honker.runtime.schedule;

import io.honker.runtime.cron.CronExpression;
import io.honker.runtime.loop.Seconds;
import io.honker.schedule.CatchUp;
import io.honker.schedule.DstRule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule fires: expression, zone, clock change rule and catch-up policy.
 *
 * @param zone the zone, null for the system's
 */
record FireRule(
    CronExpression expression, @Nullable ZoneId zone, DstRule dstRule, CatchUp catchUp) {

  /**
   * Whether honker's other bindings compute the same times from the canonical spelling, as far as
   * the expression goes, so that the schedule may stand in the shared table.
   */
  boolean isShareable() {
    return zone == null
        && dstRule.equals(DstRule.standard())
        && catchUp.equals(CatchUp.all())
        && CronExpression.honker(expression.canonical()).equals(expression);
  }

  /** Whether both fire at the same times as long as nobody is late. */
  boolean hasTimesOf(FireRule other) {
    return expression.equals(other.expression)
        && Objects.equals(zone, other.zone)
        && dstRule.equals(other.dstRule);
  }

  /** The first fire time after a moment, in whole seconds; empty if there is none. */
  Optional<Long> next(Instant after) {
    ZoneId where = zone == null ? ZoneId.systemDefault() : zone;
    return expression.next(after, where, dstRule).map(Seconds::ceil);
  }

  /** The first fire time after a moment. */
  long firstAfter(Instant moment) {
    return next(moment)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "schedule expression \"" + expression + "\" never fires after " + moment));
  }

  private long firstAfter(long second) {
    return firstAfter(Seconds.instant(second));
  }

  /** Fire times after a moment. */
  List<Instant> preview(Instant after, int count) {
    List<Instant> times = new ArrayList<>();
    Optional<Long> next = next(after);
    while (next.isPresent() && times.size() < count) {
      Instant time = Seconds.instant(next.get());
      times.add(time);
      next = next(time);
    }
    return times;
  }

  /**
   * Which of the fire times that have passed count (rule C-4).
   *
   * @param fireAts those that count, in order
   * @param nextFireAt the one after now
   */
  record Passed(List<Long> fireAts, long nextFireAt) {}

  /**
   * Decides what to make of the fire times from a stored one up to now.
   *
   * @throws RuntimeException if the times are out of any calendar's range
   */
  Passed passed(long storedFireAt, long now) {
    return switch (catchUp.kind()) {
      case ALL -> all(storedFireAt, now);
      case LATEST -> latestOnly(storedFireAt, now, Long.MAX_VALUE);
      case NONE -> latestOnly(storedFireAt, now, catchUp.grace().toSeconds());
    };
  }

  private Passed all(long storedFireAt, long now) {
    List<Long> fireAts = new ArrayList<>();
    long at = storedFireAt;
    while (at <= now && fireAts.size() < catchUp.cap()) {
      fireAts.add(at);
      at = firstAfter(at);
    }
    return new Passed(fireAts, at <= now ? firstAfter(now) : at);
  }

  private Passed latestOnly(long storedFireAt, long now, long grace) {
    long latest = latest(storedFireAt, now);
    long next = expression.isInterval() ? firstAfter(latest) : firstAfter(now);
    boolean counts = Math.subtractExact(now, latest) <= grace;
    return new Passed(counts ? List.of(latest) : List.of(), next);
  }

  /** The last fire time that is not after now. */
  private long latest(long storedFireAt, long now) {
    if (expression.isInterval()) {
      long interval = expression.interval().toSeconds();
      return storedFireAt + Math.subtractExact(now, storedFireAt) / interval * interval;
    }
    if (firstAfter(storedFireAt) > now) {
      return storedFireAt;
    }
    long early = storedFireAt; // the first time after this one is not after now
    long late = now; // the first time after this one is
    while (late - early > 1) {
      long middle = early + (late - early) / 2;
      if (firstAfter(middle) <= now) {
        early = middle;
      } else {
        late = middle;
      }
    }
    return firstAfter(early);
  }
}
