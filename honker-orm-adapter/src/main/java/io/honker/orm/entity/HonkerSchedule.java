package io.honker.orm.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.Subselect;
import org.hibernate.annotations.Synchronize;
import org.jspecify.annotations.Nullable;

/**
 * A recurring job (tables {@code _honker_scheduler_tasks} and {@code _honkerj_schedules}).
 * Read-only; see {@link HonkerEntities}.
 *
 * <p>Immutable: a snapshot of the row when it was read.
 *
 * @since 0.1.0
 */
@Entity(name = "HonkerSchedule")
@Immutable
@Synchronize({"_honker_scheduler_tasks", "_honkerj_schedules"})
@Subselect(
    "SELECT name, "
        + "queue, "
        + "cron_expr AS expression, "
        + "NULL AS zone, "
        + "payload, "
        + "priority, "
        + "max_attempts, "
        + "expires_s, "
        + Times.TEXT
        + "next_fire_at"
        + Times.OF_SECONDS
        + " AS next_fire_at, "
        + "enabled FROM _honker_scheduler_tasks"
        + " UNION ALL "
        + "SELECT name, "
        + "queue, "
        + "expression, "
        + "zone, "
        + "payload, "
        + "priority, "
        + "max_attempts, "
        + "expires_s, "
        + Times.TEXT
        + "next_fire_at"
        + Times.OF_SECONDS
        + " AS next_fire_at, "
        + "enabled FROM _honkerj_schedules")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
public class HonkerSchedule {

  @Id
  @Column(name = "name")
  private String name;

  @Column(name = "queue")
  private String queue;

  @Column(name = "expression")
  private String expression;

  @Column(name = "zone")
  private @Nullable String zone;

  @Column(name = "payload")
  private String payload;

  @Column(name = "priority")
  private int priority;

  @Column(name = "max_attempts")
  private int maxAttempts;

  @Column(name = "expires_s")
  private @Nullable Long expiresAfterSeconds;

  @Column(name = "next_fire_at")
  private Instant nextFireAt;

  @Column(name = "enabled")
  private boolean enabled;

  /** Hibernate makes these. */
  protected HonkerSchedule() {}

  /**
   * Returns the schedule's name.
   *
   * @return the schedule's name
   */
  public String getName() {
    return name;
  }

  /**
   * Returns the queue that it fires into.
   *
   * @return the queue that it fires into
   */
  public String getQueue() {
    return queue;
  }

  /**
   * Returns when it fires.
   *
   * @return when it fires, as it was written
   */
  public String getExpression() {
    return expression;
  }

  /**
   * Returns the time zone's id.
   *
   * @return the time zone's id, or null for the default
   */
  public @Nullable String getZone() {
    return zone;
  }

  /**
   * Returns the payload's JSON document.
   *
   * @return the payload's JSON document
   */
  public String getPayload() {
    return payload;
  }

  /**
   * Returns the priority of its jobs.
   *
   * @return the priority of its jobs
   */
  public int getPriority() {
    return priority;
  }

  /**
   * Returns how often each job may be claimed.
   *
   * @return how often each job may be claimed
   */
  public int getMaxAttempts() {
    return maxAttempts;
  }

  /**
   * Returns after how many seconds each job is given up unclaimed.
   *
   * @return after how many seconds each job is given up unclaimed, or null
   */
  public @Nullable Long getExpiresAfterSeconds() {
    return expiresAfterSeconds;
  }

  /**
   * Returns when it fires next.
   *
   * @return when it fires next
   */
  public Instant getNextFireAt() {
    return nextFireAt;
  }

  /**
   * Returns whether it fires.
   *
   * @return whether it fires, that is, is not paused
   */
  public boolean isEnabled() {
    return enabled;
  }
}
