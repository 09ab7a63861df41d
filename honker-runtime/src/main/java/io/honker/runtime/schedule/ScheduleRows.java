package io.honker.runtime.schedule;

import io.honker.codec.Json;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.ScheduleRow;
import io.honker.runtime.store.ScheduleRow.OwnRules;
import io.honker.schedule.CatchUp;
import io.honker.schedule.DstRule;
import io.honker.schedule.Schedule;
import io.honker.schedule.ScheduleInfo;
import io.honker.schedule.ScheduleUpdate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes rows of what the application says, and the other way round. */
final class ScheduleRows {

  private final Engine engine;
  private final FireRules rules;

  ScheduleRows(Engine engine, FireRules rules) {
    this.engine = engine;
    this.rules = rules;
  }

  /** The row of a schedule that is registered now. */
  ScheduleRow of(Schedule schedule, FireRule rule, Instant now) {
    return place(
        new ScheduleRow(
            schedule.name(),
            schedule.queue(),
            schedule.expression(),
            engine.encode(schedule.payload()),
            schedule.priority(),
            schedule.maxAttempts(),
            seconds(schedule.expiresAfter()),
            rule.firstAfter(now),
            true,
            null,
            true),
        rule);
  }

  /** What a row becomes that takes the place of another (rule C-4). */
  ScheduleRow inPlaceOf(ScheduleRow before, ScheduleRow row, FireRule rule) {
    return row.with(
        hasTimesOf(before, rule) ? before.nextFireAt() : row.nextFireAt(), before.enabled());
  }

  private boolean hasTimesOf(ScheduleRow before, FireRule rule) {
    try {
      return rules.read(before).hasTimesOf(rule);
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  /**
   * A changed row.
   *
   * @throws IllegalArgumentException if the new expression never fires, or rules that stay cannot
   *     be read
   */
  ScheduleRow changed(ScheduleRow row, ScheduleUpdate update, Instant now) {
    ScheduleRow changed =
        new ScheduleRow(
            row.name(),
            update.queue().orElse(row.queue()),
            update.expression().orElse(row.expression()),
            update.setsPayload() ? engine.encode(update.payload()) : row.payload(),
            update.priority().orElse(row.priority()),
            update.maxAttempts().orElse(row.maxAttempts()),
            update.setsExpiry() ? seconds(update.expiresAfter()) : row.expiresSeconds(),
            row.nextFireAt(),
            row.enabled(),
            row.own(),
            row.sound());
    if (update.expression().isEmpty()) {
      return changed;
    }
    FireRule rule = FireRules.ruleOf(update.expression().get(), row.own());
    return place(changed.with(rule.firstAfter(now), row.enabled()), rule);
  }

  /** Puts a row into the shared table if that can hold it, with a spelling that honker knows. */
  private static ScheduleRow place(ScheduleRow row, FireRule rule) {
    boolean shareable = rule.isShareable();
    return new ScheduleRow(
        row.name(),
        row.queue(),
        shareable ? rule.expression().canonical() : row.expression(),
        row.payload(),
        row.priority(),
        row.maxAttempts(),
        row.expiresSeconds(),
        row.nextFireAt(),
        row.enabled(),
        shareable ? null : ownRules(rule),
        true);
  }

  private static OwnRules ownRules(FireRule rule) {
    ZoneId zone = rule.zone();
    return new OwnRules(
        zone == null ? null : zone.getId(),
        rule.dstRule().gap().name(),
        rule.dstRule().overlap().name(),
        rule.catchUp().kind().name(),
        rule.catchUp().cap(),
        rule.catchUp().grace().toSeconds(),
        0);
  }

  /** Fractions round up. */
  private static @Nullable Long seconds(Optional<Duration> duration) {
    return duration.isEmpty() ? null : (Long) Seconds.after(Instant.EPOCH, duration.get());
  }

  /** A snapshot for the application; what cannot be read is left out. */
  static ScheduleInfo info(ScheduleRow row) {
    OwnRules own = row.own();
    Long expires = row.expiresSeconds();
    return new ScheduleInfo(
        row.name(),
        row.expression(),
        row.queue(),
        Json.of(row.payload()),
        row.priority(),
        row.maxAttempts(),
        expires == null ? null : Duration.ofSeconds(expires),
        readable(own, FireRules::zone).orElse(null),
        readable(own, FireRules::dstRule).orElse(DstRule.standard()),
        readable(own, FireRules::catchUp).orElse(CatchUp.all()),
        row.enabled(),
        Seconds.instant(row.nextFireAt()),
        row.shared());
  }

  private static <R> Optional<R> readable(
      @Nullable OwnRules own, Function<OwnRules, @Nullable R> read) {
    try {
      return own == null ? Optional.empty() : Optional.ofNullable(read.apply(own));
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }
}
