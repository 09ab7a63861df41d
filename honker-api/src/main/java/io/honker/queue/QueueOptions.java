package io.honker.queue;

import io.honker.internal.Checks;
import io.honker.retry.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Defaults of one {@link JobQueue} handle.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class QueueOptions {

  private static final QueueOptions DEFAULTS = builder().build();

  private static final QueueOptions DELIVERY =
      builder()
          .visibilityTimeout(Duration.ofSeconds(60))
          .maxAttempts(5)
          .retry(
              RetryPolicy.exponential(Duration.ofSeconds(5))
                  .jitter(0)
                  .maxDelay(Duration.ofDays(365)))
          .build();

  private final Duration visibilityTimeout;
  private final int maxAttempts;
  private final RetryPolicy retry;

  private QueueOptions(Builder builder) {
    this.visibilityTimeout = builder.visibilityTimeout;
    this.maxAttempts = builder.maxAttempts;
    this.retry = builder.retry;
  }

  /**
   * Returns the defaults: 300 s visibility timeout, 3 attempts, exponential retry from 60 s.
   *
   * @return the shared default options
   */
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns the options of a delivery queue, which are those of honker's outbox helper (rule Q-13):
   * 60 s visibility timeout, 5 attempts, and between them 5 s, doubled after each, without jitter.
   *
   * @return the shared options
   */
  public static QueueOptions delivery() {
    return DELIVERY;
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
    return builder().visibilityTimeout(visibilityTimeout).maxAttempts(maxAttempts).retry(retry);
  }

  /**
   * Returns how long a claim's lease lasts.
   *
   * @return the visibility timeout; fractions of a second round up
   */
  public Duration visibilityTimeout() {
    return visibilityTimeout;
  }

  /**
   * Returns how many attempts a job gets unless its own options say otherwise.
   *
   * @return at least 1
   */
  public int maxAttempts() {
    return maxAttempts;
  }

  /**
   * Returns what follows a failed attempt, unless the worker says otherwise.
   *
   * @return the policy of workers of this handle
   */
  public RetryPolicy retry() {
    return retry;
  }

  /**
   * Collects options. Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private Duration visibilityTimeout = Duration.ofSeconds(300);
    private int maxAttempts = 3;
    private RetryPolicy retry = RetryPolicy.exponential(Duration.ofSeconds(60));

    private Builder() {}

    /**
     * Sets how long a claim's lease lasts.
     *
     * @param timeout positive; fractions of a second round up; default 300 s
     * @return this builder
     */
    public Builder visibilityTimeout(Duration timeout) {
      this.visibilityTimeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /**
     * Sets how many attempts a job gets.
     *
     * @param attempts at least 1; default 3
     * @return this builder
     */
    public Builder maxAttempts(int attempts) {
      this.maxAttempts = attempts;
      return this;
    }

    /**
     * Sets what follows a failed attempt for workers of this handle. {@link WorkerBuilder#retry}
     * wins over it.
     *
     * @param policy default {@code RetryPolicy.exponential(60 s)}
     * @return this builder
     */
    public Builder retry(RetryPolicy policy) {
      this.retry = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Makes the options.
     *
     * @return the options
     * @throws IllegalArgumentException if a value is out of range, listing all of them
     */
    public QueueOptions build() {
      List<String> problems = new ArrayList<>();
      Checks.positive(problems, "visibilityTimeout", visibilityTimeout);
      Checks.atLeast(problems, "maxAttempts", maxAttempts, 1);
      Checks.throwIfAny(problems);
      return new QueueOptions(this);
    }
  }
}
