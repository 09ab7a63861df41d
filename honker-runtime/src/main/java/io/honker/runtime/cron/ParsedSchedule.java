package io.honker.runtime.cron;

import org.jspecify.annotations.Nullable;

/**
 * What a grammar made of a text: either times of the calendar or an interval.
 *
 * @param shared a spelling that honker computes the same times from
 * @param times the matching times; null for an interval
 * @param intervalSeconds the interval; 0 if there are times
 */
record ParsedSchedule(String shared, @Nullable WallTimes times, long intervalSeconds) {

  static ParsedSchedule ofTimes(String shared, WallTimes times) {
    return new ParsedSchedule(shared, times, 0);
  }

  static ParsedSchedule ofInterval(String shared, long seconds) {
    return new ParsedSchedule(shared, null, seconds);
  }
}
