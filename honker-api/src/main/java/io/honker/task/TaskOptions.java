package io.honker.task;

import io.honker.internal.Checks;
import io.honker.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a registered task is called and run.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class TaskOptions {

  private static final TaskOptions DEFAULTS = builder().build();

  private final int maxAttempts;
  private final int priority;
  private final @Nullable Duration expiresAfter;
  private final RetryPolicy retry;
  private final boolean storeResult;
  private final Duration resultTtl;

  private TaskOptions(Builder builder) {
    this.maxAttempts = builder.maxAttempts;
    this.priority = builder.priority;
    this.expiresAfter = builder.expiresAfter;
    this.retry = builder.retry;
    this.storeResult = builder.storeResult;
    this.resultTtl = builder.resultTtl;
  }

  /**
   * Returns the defaults, which are honker's: 3 attempts, 60 s between them, results kept for an
   * hour.
   *
   * @return the shared default options
   */
  public static TaskOptions defaults() {
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
   * Returns how many attempts a call gets.
   *
   * @return at least 1
   */
  public int maxAttempts() {
    return maxAttempts;
  }

  /**
   * Returns the priority of calls.
   *
   * @return the priority, higher first
   */
  public int priority() {
    return priority;
  }

  /**
   * Returns after how long a call that has not begun is no longer wanted.
   *
   * @return a duration, empty for never
   */
  public Optional<Duration> expiresAfter() {
    return Optional.ofNullable(expiresAfter);
  }

  /**
   * Returns what follows a failed attempt.
   *
   * @return the policy
   */
  public RetryPolicy retry() {
    return retry;
  }

  /**
   * Tells whether results are stored.
   *
   * @return whether the handler's return value is kept
   */
  public boolean storeResult() {
    return storeResult;
  }

  /**
   * Returns how long results are kept.
   *
   * @return the time to live; zero for until swept by hand
   */
  public Duration resultTtl() {
    return resultTtl;
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private int maxAttempts = 3;
    private int priority;
    private @Nullable Duration expiresAfter;
    private RetryPolicy retry = RetryPolicy.fixed(Duration.ofSeconds(60));
    private boolean storeResult = true;
    private Duration resultTtl = Duration.ofHours(1);

    private Builder() {}

    /**
     * Sets how many attempts a call gets.
     *
     * @param attempts at least 1; default 3
     * @return this builder
     */
    public Builder maxAttempts(int attempts) {
      this.maxAttempts = attempts;
      return this;
    }

    /**
     * Sets the priority of calls.
     *
     * @param priority higher first; default 0
     * @return this builder
     */
    public Builder priority(int priority) {
      this.priority = priority;
      return this;
    }

    /**
     * Sets after how long a call that has not begun is no longer wanted.
     *
     * @param duration positive; default never
     * @return this builder
     */
    public Builder expiresAfter(Duration duration) {
      this.expiresAfter = Objects.requireNonNull(duration, "duration");
      return this;
    }

    /**
     * Sets what follows a failed attempt.
     *
     * @param policy default {@code RetryPolicy.fixed(60 s)}
     * @return this builder
     */
    public Builder retry(RetryPolicy policy) {
      this.retry = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Sets whether results are stored.
     *
     * @param store default true
     * @return this builder
     */
    public Builder storeResult(boolean store) {
      this.storeResult = store;
      return this;
    }

    /**
     * Sets how long results are kept.
     *
     * @param ttl not negative; zero for until swept by hand; default 1 h
     * @return this builder
     */
    public Builder resultTtl(Duration ttl) {
      this.resultTtl = Objects.requireNonNull(ttl, "ttl");
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range, listing all of them
     */
    public TaskOptions build() {
      List<String> problems = new ArrayList<>();
      Checks.atLeast(problems, "maxAttempts", maxAttempts, 1);
      Checks.notNegative(problems, "resultTtl", resultTtl);
      if (expiresAfter != null) {
        Checks.positive(problems, "expiresAfter", expiresAfter);
      }
      Checks.throwIfAny(problems);
      return new TaskOptions(this);
    }
  }
}
