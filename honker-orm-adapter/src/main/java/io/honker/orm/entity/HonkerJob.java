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
 * A job that waits or is being worked on (table {@code _honker_live}). Read-only; see {@link
 * HonkerEntities}.
 *
 * <p>Immutable: a snapshot of the row when it was read.
 *
 * @since 0.1.0
 */
@Entity(name = "HonkerJob")
@Immutable
@Synchronize({"_honker_live"})
@Subselect(
    "SELECT id, "
        + "queue, "
        + "payload, "
        + "state, "
        + "priority, "
        + Times.TEXT
        + "run_at"
        + Times.OF_SECONDS
        + " AS run_at, "
        + "worker_id, "
        + Times.TEXT
        + "claim_expires_at"
        + Times.OF_SECONDS
        + " AS claim_expires_at, "
        + "attempts, "
        + "max_attempts, "
        + Times.TEXT
        + "created_at"
        + Times.OF_SECONDS
        + " AS created_at, "
        + Times.TEXT
        + "expires_at"
        + Times.OF_SECONDS
        + " AS expires_at FROM _honker_live")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
public class HonkerJob {

  @Id
  @Column(name = "id")
  private long id;

  @Column(name = "queue")
  private String queue;

  @Column(name = "payload")
  private String payload;

  @Column(name = "state")
  private String state;

  @Column(name = "priority")
  private int priority;

  @Column(name = "run_at")
  private Instant runAt;

  @Column(name = "worker_id")
  private @Nullable String workerId;

  @Column(name = "claim_expires_at")
  private @Nullable Instant claimExpiresAt;

  @Column(name = "attempts")
  private int attempts;

  @Column(name = "max_attempts")
  private int maxAttempts;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "expires_at")
  private @Nullable Instant expiresAt;

  /** Hibernate makes these. */
  protected HonkerJob() {}

  /**
   * Returns the job's id.
   *
   * @return the job's id, as {@code Job.id()} tells it
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
   * Returns {@code pending} or {@code processing}.
   *
   * @return {@code pending} or {@code processing}
   */
  public String getState() {
    return state;
  }

  /**
   * Returns the priority.
   *
   * @return the priority, higher first
   */
  public int getPriority() {
    return priority;
  }

  /**
   * Returns when it may be claimed.
   *
   * @return when it may be claimed
   */
  public Instant getRunAt() {
    return runAt;
  }

  /**
   * Returns who claimed it.
   *
   * @return who claimed it, or null
   */
  public @Nullable String getWorkerId() {
    return workerId;
  }

  /**
   * Returns when the claim ends.
   *
   * @return when the claim ends, or null
   */
  public @Nullable Instant getClaimExpiresAt() {
    return claimExpiresAt;
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
   * Returns how often it may be claimed.
   *
   * @return how often it may be claimed
   */
  public int getMaxAttempts() {
    return maxAttempts;
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
   * Returns when it is given up unclaimed.
   *
   * @return when it is given up unclaimed, or null
   */
  public @Nullable Instant getExpiresAt() {
    return expiresAt;
  }
}
