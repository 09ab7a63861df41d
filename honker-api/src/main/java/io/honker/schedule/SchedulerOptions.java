package io.honker.schedule;

import io.honker.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a {@link RunningScheduler} leads.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class SchedulerOptions {

  private static final SchedulerOptions DEFAULTS = builder().build();

  private final Duration leaderLease;

  private SchedulerOptions(Builder builder) {
    this.leaderLease = builder.leaderLease;
  }

  /**
   * Returns the defaults: a lease of 60 s.
   *
   * @return the shared default options
   */
  public static SchedulerOptions defaults() {
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
   * Returns how long a leader that fell silent keeps others from leading.
   *
   * @return the lease; renewed when half of it has passed
   */
  public Duration leaderLease() {
    return leaderLease;
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private Duration leaderLease = Duration.ofSeconds(60);

    private Builder() {}

    /**
     * Sets how long a leader that fell silent keeps others from leading.
     *
     * @param lease at least 2 s; fractions of a second round up; default 60 s
     * @return this builder
     */
    public Builder leaderLease(Duration lease) {
      this.leaderLease = Objects.requireNonNull(lease, "lease");
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range
     */
    public SchedulerOptions build() {
      List<String> problems = new ArrayList<>();
      if (leaderLease.compareTo(Duration.ofSeconds(2)) < 0) {
        problems.add("leaderLease must be at least 2 s, not " + leaderLease);
      }
      Checks.throwIfAny(problems);
      return new SchedulerOptions(this);
    }
  }
}
