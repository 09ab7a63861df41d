package io.honker.lock;

import io.honker.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a lock is held.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class LockOptions {

  private static final LockOptions DEFAULTS = builder().build();

  private final Duration ttl;
  private final @Nullable String owner;
  private final boolean autoRenew;

  private LockOptions(Builder builder) {
    this.ttl = builder.ttl;
    this.owner = builder.owner;
    this.autoRenew = builder.autoRenew;
  }

  /**
   * Returns the defaults: 60 s, an owner of its own for each acquisition, no automatic renewal.
   *
   * @return the shared default options
   */
  public static LockOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Starts from the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns how long the lease lasts.
   *
   * @return the time to live; fractions of a second round up
   */
  public Duration ttl() {
    return ttl;
  }

  /**
   * Returns the owner's name.
   *
   * @return the owner, empty for a unique one per acquisition
   */
  public Optional<String> owner() {
    return Optional.ofNullable(owner);
  }

  /**
   * Tells whether the lease is extended in the background.
   *
   * @return whether it is renewed until it is released
   */
  public boolean autoRenew() {
    return autoRenew;
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private Duration ttl = Duration.ofSeconds(60);
    private @Nullable String owner;
    private boolean autoRenew;

    private Builder() {}

    /**
     * Sets how long the lease lasts.
     *
     * @param ttl positive; fractions of a second round up; default 60 s
     * @return this builder
     */
    public Builder ttl(Duration ttl) {
      this.ttl = Objects.requireNonNull(ttl, "ttl");
      return this;
    }

    /**
     * Sets the owner's name, which other programs see. Who acquires a lock under the owner that
     * holds it already gets it again, with a new fencing token and an extended lease.
     *
     * @param owner not blank; default one of its own for each acquisition
     * @return this builder
     */
    public Builder owner(String owner) {
      this.owner = Objects.requireNonNull(owner, "owner");
      return this;
    }

    /**
     * Extends the lease in the background until the lock is released.
     *
     * @return this builder
     */
    public Builder autoRenew() {
      this.autoRenew = true;
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range, listing all of them
     */
    public LockOptions build() {
      List<String> problems = new ArrayList<>();
      Checks.positive(problems, "ttl", ttl);
      if (owner != null) {
        Checks.notBlank(problems, "owner", owner);
      }
      Checks.throwIfAny(problems);
      return new LockOptions(this);
    }
  }
}
