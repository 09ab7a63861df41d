package io.honker.orm.entity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.Subselect;
import org.hibernate.annotations.Synchronize;

/**
 * A lock (table {@code _honker_locks}). A row whose lease has ended holds nothing. Read-only; see
 * {@link HonkerEntities}.
 *
 * <p>Immutable: a snapshot of the row when it was read.
 *
 * @since 0.1.0
 */
@Entity(name = "HonkerLock")
@Immutable
@Synchronize({"_honker_locks"})
@Subselect(
    "SELECT name, "
        + "owner, "
        + Times.TEXT
        + "expires_at"
        + Times.OF_SECONDS
        + " AS expires_at FROM _honker_locks")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
public class HonkerLock {

  @Id
  @Column(name = "name")
  private String name;

  @Column(name = "owner")
  private String owner;

  @Column(name = "expires_at")
  private Instant expiresAt;

  /** Hibernate makes these. */
  protected HonkerLock() {}

  /**
   * Returns the lock's name.
   *
   * @return the lock's name
   */
  public String getName() {
    return name;
  }

  /**
   * Returns who holds it.
   *
   * @return who holds it
   */
  public String getOwner() {
    return owner;
  }

  /**
   * Returns when the lease ends.
   *
   * @return when the lease ends
   */
  public Instant getExpiresAt() {
    return expiresAt;
  }
}
