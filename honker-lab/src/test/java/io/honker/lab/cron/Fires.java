package io.honker.lab.cron;

import io.honker.runtime.cron.CronExpression;
import io.honker.schedule.DstRule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A schedule played from one instant to another. */
final class Fires {

  private Fires() {}

  /** All runs after {@code from}, before {@code end}. */
  static List<Instant> between(
      CronExpression expression, ZoneId zone, DstRule rule, Instant from, Instant end) {
    List<Instant> fires = new ArrayList<>();
    Optional<Instant> next = expression.next(from, zone, rule);
    while (next.isPresent() && next.get().isBefore(end)) {
      fires.add(next.get());
      next = expression.next(next.get(), zone, rule);
    }
    return fires;
  }

  /** All runs of a local day, as local times with their offset. */
  static List<String> on(String date, String expression, ZoneId zone, DstRule rule) {
    Instant start = LocalDate.parse(date).atStartOfDay(zone).toInstant();
    Instant end = LocalDate.parse(date).plusDays(1).atStartOfDay(zone).toInstant();
    return between(CronExpression.of(expression), zone, rule, start.minusSeconds(1), end).stream()
        .map(fire -> fire.atZone(zone))
        .map(fire -> fire.toLocalTime() + "" + fire.getOffset())
        .toList();
  }
}
