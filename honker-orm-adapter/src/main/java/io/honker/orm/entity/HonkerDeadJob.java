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
 * A job that was given up (table {@code _honker_dead}). Read-only; see {@link HonkerEntities}.
 *
 * <p>Immutable: a snapshot of the row when it was read.
 *
 * @since 0.1.0
 */
@Entity(name = "HonkerDeadJob")
@Immutable
@Synchronize({"_honker_dead"})
@Subselect(
    "SELECT id, "
        + "queue, "
        + "payload, "
        + "priority, "
        + Times.TEXT
        + "run_at"
        + Times.OF_SECONDS
        + " AS run_at, "
        + "attempts, "
        + "max_attempts, "
        + "last_error, "
        + Times.TEXT
        + "created_at"
        + Times.OF_SECONDS
        + " AS created_at, "
        + Times.TEXT
        + "died_at"
        + Times.OF_SECONDS
        + " AS died_at FROM _honker_dead")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
public class HonkerDeadJob {

  @Id
  @Column(name = "id")
  private long id;

  @Column(name = "queue")
  private String queue;

  @Column(name = "payload")
  private String payload;

  @Column(name = "priority")
  private int priority;

  @Column(name = "run_at")
  private Instant runAt;

  @Column(name = "attempts")
  private int attempts;

  @Column(name = "max_attempts")
  private int maxAttempts;

  @Column(name = "last_error")
  private @Nullable String lastError;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "died_at")
  private Instant diedAt;

  /** Hibernate makes these. */
  protected HonkerDeadJob() {}

  /**
   * Returns the id that the job had in its queue.
   *
   * @return the id that the job had in its queue
   */
  public long getId() {
    return id;
  }

  /**
   * Returns the queue's name.
   *
   * @return the queue's name
   */
  public String getQueue() {
    return queue;
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
   * Returns the priority it had.
   *
   * @return the priority it had
   */
  public int getPriority() {
    return priority;
  }

  /**
   * Returns when it could be claimed last.
   *
   * @return when it could be claimed last
   */
  public Instant getRunAt() {
    return runAt;
  }

  /**
   * Returns how often it was claimed.
   *
   * @return how often it was claimed
   */
  public int getAttempts() {
    return attempts;
  }

  /**
   * Returns how often it could be claimed.
   *
   * @return how often it could be claimed
   */
  public int getMaxAttempts() {
    return maxAttempts;
  }

  /**
   * Returns why it was given up.
   *
   * @return why it was given up, or null
   */
  public @Nullable String getLastError() {
    return lastError;
  }

  /**
   * Returns when it was enqueued.
   *
   * @return when it was enqueued
   */
  public Instant getCreatedAt() {
    return createdAt;
  }

  /**
   * Returns when it was given up.
   *
   * @return when it was given up
   */
  public Instant getDiedAt() {
    return diedAt;
  }
}
