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
 * An event of a stream (table {@code _honker_stream}). Read-only; see {@link HonkerEntities}.
 *
 * <p>Immutable: a snapshot of the row when it was read.
 *
 * @since 0.1.0
 */
@Entity(name = "HonkerStreamEvent")
@Immutable
@Synchronize({"_honker_stream"})
@Subselect(
    "SELECT offset AS event_offset, "
        + "topic, "
        + "key AS event_key, "
        + "payload, "
        + Times.TEXT
        + "created_at"
        + Times.OF_SECONDS
        + " AS created_at FROM _honker_stream")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
public class HonkerStreamEvent {

  @Id
  @Column(name = "event_offset")
  private long offset;

  @Column(name = "topic")
  private String topic;

  @Column(name = "event_key")
  private @Nullable String key;

  @Column(name = "payload")
  private String payload;

  @Column(name = "created_at")
  private Instant createdAt;

  /** Hibernate makes these. */
  protected HonkerStreamEvent() {}

  /**
   * Returns the offset.
   *
   * @return the offset, in commit order over all topics
   */
  public long getOffset() {
    return offset;
  }

  /**
   * Returns the stream's topic.
   *
   * @return the stream's topic
   */
  public String getTopic() {
    return topic;
  }

  /**
   * Returns the key.
   *
   * @return the key, or null
   */
  public @Nullable String getKey() {
    return key;
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
   * Returns when it was published.
   *
   * @return when it was published
   */
  public Instant getCreatedAt() {
    return createdAt;
  }
}
