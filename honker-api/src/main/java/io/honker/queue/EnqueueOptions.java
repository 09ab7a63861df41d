package io.honker.queue;

import io.honker.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a job is enqueued (rule Q-1).
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class EnqueueOptions {

  private static final EnqueueOptions DEFAULTS = builder().build();

  private final int priority;
  private final @Nullable Duration delay;
  private final @Nullable Instant runAt;
  private final @Nullable Duration expiresAfter;
  private final int maxAttempts;
  private final Duration uniqueFor;

  private EnqueueOptions(Builder builder) {
    this.priority = builder.priority;
    this.delay = builder.delay;
    this.runAt = builder.runAt;
    this.expiresAfter = builder.expiresAfter;
    this.maxAttempts = builder.maxAttempts;
    this.uniqueFor = builder.uniqueFor;
  }

  /**
   * Returns the defaults: due at once, priority 0, never expires, attempts of the queue handle.
   *
   * @return the shared default options
   */
  public static EnqueueOptions defaults() {
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
   * Starts from these options.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder builder = builder();
    builder.priority = priority;
    builder.delay = delay;
    builder.runAt = runAt;
    builder.expiresAfter = expiresAfter;
    builder.maxAttempts = maxAttempts;
    builder.uniqueFor = uniqueFor;
    return builder;
  }

  /**
   * Returns the priority.
   *
   * @return higher runs first; default 0
   */
  public int priority() {
    return priority;
  }

  /**
   * Returns after how long the job is due. Wins over {@link #runAt}.
   *
   * @return the delay, empty if none was set
   */
  public Optional<Duration> delay() {
    return Optional.ofNullable(delay);
  }

  /**
   * Returns when the job is due.
   *
   * @return the instant, empty if none was set
   */
  public Optional<Instant> runAt() {
    return Optional.ofNullable(runAt);
  }

  /**
   * Returns after how long the job is no longer worth running.
   *
   * @return the time from enqueueing to expiry, empty if it never expires
   */
  public Optional<Duration> expiresAfter() {
    return Optional.ofNullable(expiresAfter);
  }

  /**
   * Returns how many attempts the job gets.
   *
   * @return at least 1, or empty for the queue handle's default
   */
  public OptionalInt maxAttempts() {
    return maxAttempts == 0 ? OptionalInt.empty() : OptionalInt.of(maxAttempts);
  }

  /**
   * Returns how long a unique key stays taken, counted from enqueueing, even after the job is done.
   *
   * @return the window; zero frees the key with the job
   */
  public Duration uniqueFor() {
    return uniqueFor;
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private int priority;
    private @Nullable Duration delay;
    private @Nullable Instant runAt;
    private @Nullable Duration expiresAfter;
    private int maxAttempts;
    private boolean maxAttemptsSet;
    private Duration uniqueFor = Duration.ZERO;

    private Builder() {}

    /**
     * Sets the priority.
     *
     * @param priority higher runs first; default 0
     * @return this builder
     */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /**
     * Makes the job due after a delay. Wins over {@link #runAt}.
     *
     * @param delay not negative; fractions of a second round up
     * @return this builder
     */
    public Builder delay(Duration delay) {
      this.delay = Objects.requireNonNull(delay, "delay");
      return this;
    }

    /**
     * Makes the job due at an instant; a past one is due at once.
     *
     * @param runAt not before 1970; fractions of a second round up
     * @return this builder
     */
    public Builder runAt(Instant runAt) {
      this.runAt = Objects.requireNonNull(runAt, "runAt");
      return this;
    }

    /**
     * Lets the job expire: if nobody has claimed it by then, it goes to the dead letters.
     *
     * @param expiresAfter positive, from enqueueing; fractions of a second round up
     * @return this builder
     */
    public Builder expiresAfter(Duration expiresAfter) {
      this.expiresAfter = Objects.requireNonNull(expiresAfter, "expiresAfter");
      return this;
    }

    /**
     * Sets how many attempts the job gets.
     *
     * @param maxAttempts at least 1; default the queue handle's
     * @return this builder
     */
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      this.maxAttemptsSet = true;
      return this;
    }

    /**
     * Keeps a unique key taken for a window from enqueueing, even after the job is done.
     *
     * @param window not negative; zero, the default, frees the key with the job
     * @return this builder
     */
    public Builder uniqueFor(Duration window) {
      this.uniqueFor = Objects.requireNonNull(window, "window");
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range, listing all of them
     */
    public EnqueueOptions build() {
      List<String> problems = new ArrayList<>();
      if (delay != null) {
        Checks.notNegative(problems, "delay", delay);
      }
      if (runAt != null && runAt.isBefore(Instant.EPOCH)) {
        problems.add("runAt must not be before 1970, but is " + runAt);
      }
      if (expiresAfter != null) {
        Checks.positive(problems, "expiresAfter", expiresAfter);
      }
      if (maxAttemptsSet) {
        Checks.atLeast(problems, "maxAttempts", maxAttempts, 1);
      }
      Checks.notNegative(problems, "uniqueFor", uniqueFor);
      Checks.throwIfAny(problems);
      return new EnqueueOptions(this);
    }
  }
}
