package io.honker.orm.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.IdClass;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.Subselect;
import org.hibernate.annotations.Synchronize;

/**
 * How far a named consumer has read a topic (table {@code _honker_stream_consumers}). Read-only;
 * see {@link HonkerEntities}.
 *
 * <p>Immutable: a snapshot of the row when it was read.
 *
 * @since 0.1.0
 */
@Entity(name = "HonkerStreamConsumer")
@Immutable
@Synchronize({"_honker_stream_consumers"})
@Subselect("SELECT name, " + "topic, " + "offset AS event_offset FROM _honker_stream_consumers")
@IdClass(HonkerStreamConsumer.Id.class)
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
public class HonkerStreamConsumer {

  @jakarta.persistence.Id
  @Column(name = "name")
  private String name;

  @jakarta.persistence.Id
  @Column(name = "topic")
  private String topic;

  @Column(name = "event_offset")
  private long offset;

  /** Hibernate makes these. */
  protected HonkerStreamConsumer() {}

  /**
   * Returns the consumer's name.
   *
   * @return the consumer's name
   */
  public String getName() {
    return name;
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
   * Returns the offset of the last event done.
   *
   * @return the offset of the last event done
   */
  public long getOffset() {
    return offset;
  }

  /**
   * Which row it is.
   *
   * @param name the consumer's name
   * @param topic the stream's topic
   * @since 0.1.0
   */
  public record Id(String name, String topic) {}
}
