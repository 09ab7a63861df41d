package io.honker.sqlite.functions;

/** When a schedule expression of the shared tables fires next. */
interface CronTimes {

  /**
   * Returns the first time strictly after another one.
   *
   * @param expression in the grammar that every honker knows
   * @param fromUnix in unix seconds
   * @return in unix seconds
   * @throws IllegalArgumentException if there is none, with the text that honker gives
   */
  long next(String expression, long fromUnix);
}
