package io.honker.sqlite.functions;

import io.honker.runtime.cron.CronExpression;
import java.time.ZoneId;

/** When a schedule expression of the shared tables fires next, in the zone of this process. */
final class CronTimes {

  private CronTimes() {}

  /**
   * Returns the next time after another one, both in unix seconds.
   *
   * @throws IllegalArgumentException if there is none, with the text that honker gives
   */
  static long next(String expression, long fromUnix) {
    return CronExpression.honker(expression).sharedNext(fromUnix, ZoneId.systemDefault());
  }
}
