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
 * What a job returned (table {@code _honker_results}). Results that expired stay until they are
 * swept. Read-only; see {@link HonkerEntities}.
 *
 * <p>Immutable: a snapshot of the row when it was read.
 *
 * @since 0.1.0
 */
@Entity(name = "HonkerResult")
@Immutable
@Synchronize({"_honker_results"})
@Subselect(
    "SELECT job_id, "
        + "value, "
        + Times.TEXT
        + "created_at"
        + Times.OF_SECONDS
        + " AS created_at, "
        + Times.TEXT
        + "expires_at"
        + Times.OF_SECONDS
        + " AS expires_at FROM _honker_results")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
public class HonkerResult {

  @Id
  @Column(name = "job_id")
  private long jobId;

  @Column(name = "value")
  private @Nullable String value;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "expires_at")
  private @Nullable Instant expiresAt;

  /** Hibernate makes these. */
  protected HonkerResult() {}

  /**
   * Returns the id of the job.
   *
   * @return the id of the job, which may be gone
   */
  public long getJobId() {
    return jobId;
  }

  /**
   * Returns the value's JSON document.
   *
   * @return the value's JSON document, or null
   */
  public @Nullable String getValue() {
    return value;
  }

  /**
   * Returns when it was saved.
   *
   * @return when it was saved
   */
  public Instant getCreatedAt() {
    return createdAt;
  }

  /**
   * Returns when it ends.
   *
   * @return when it ends, or null for never
   */
  public @Nullable Instant getExpiresAt() {
    return expiresAt;
  }
}
