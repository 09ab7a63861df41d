package io.honker.retry;

import io.honker.error.HonkerException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler to fail the attempt and have the job retried after a delay of its own choice,
 * within the job's attempts.
 *
 * @since 0.1.0
 */
public final class RetryLaterException extends HonkerException {

  private static final long serialVersionUID = 1L;

  private final Duration delay;

  /**
   * Creates an exception.
   *
   * @param delay after which the job is due again; not negative, fractions of a second round up
   * @param reason kept in the attempt history
   */
  public RetryLaterException(Duration delay, String reason) {
    this(delay, reason, null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param delay after which the job is due again; not negative, fractions of a second round up
   * @param reason kept in the attempt history
   * @param cause the cause, or null
   */
  public RetryLaterException(Duration delay, String reason, @Nullable Throwable cause) {
    super("HNK-JOB-RETRY-LATER", reason, cause);
    this.delay = Objects.requireNonNull(delay, "delay");
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative, but is " + delay);
    }
  }

  /**
   * Returns after how long the job is due again.
   *
   * @return the delay
   */
  public Duration delay() {
    return delay;
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}
