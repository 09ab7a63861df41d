package io.honker.runtime.schedule;

import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.ScheduleRow;
import org.jspecify.annotations.Nullable;

/**
 * What a due schedule is to do.
 *
 * @param row the schedule as it was seen
 * @param passed its fire times
 */
record FirePlan(ScheduleRow row, FireRule.Passed passed) {

  /** The job of a schedule, due at once. */
  static NewJob job(ScheduleRow row, long now) {
    return new NewJob(
        row.queue(), row.priority(), now, Math.max(1, row.maxAttempts()), now, expiresAt(row, now));
  }

  private static @Nullable Long expiresAt(ScheduleRow row, long now) {
    Long seconds = row.expiresSeconds();
    if (seconds == null) {
      return null;
    }
    long expiresAt = now + seconds;
    return seconds > 0 && expiresAt < now ? (Long) Long.MAX_VALUE : (Long) expiresAt;
  }
}
