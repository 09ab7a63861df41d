package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/**
 * A schedule as it is stored. Times are whole unix seconds.
 *
 * @param expiresSeconds after how long its jobs expire, null for never
 * @param own what only this library knows of it, null for a schedule of the shared table
 * @param sound whether its columns hold what they should; others may have written anything
 */
public record ScheduleRow(
    String name,
    String queue,
    String expression,
    String payload,
    int priority,
    int maxAttempts,
    @Nullable Long expiresSeconds,
    long nextFireAt,
    boolean enabled,
    @Nullable OwnRules own,
    boolean sound) {

  /**
   * What the shared table has no columns for.
   *
   * @param zone the zone's id, null for the system's
   * @param graceSeconds the grace of a catch-up policy that has one
   * @param revision changes whenever the row is put
   */
  public record OwnRules(
      @Nullable String zone,
      String gap,
      String overlap,
      String catchUp,
      int cap,
      long graceSeconds,
      long revision) {}

  /** Whether it stands in the table that honker's other bindings share. */
  public boolean shared() {
    return own == null;
  }

  /** A copy with another next fire time and state. */
  public ScheduleRow with(long newNextFireAt, boolean newEnabled) {
    return new ScheduleRow(
        name,
        queue,
        expression,
        payload,
        priority,
        maxAttempts,
        expiresSeconds,
        newNextFireAt,
        newEnabled,
        own,
        sound);
  }
}
