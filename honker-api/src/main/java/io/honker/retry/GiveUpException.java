package io.honker.retry;

import io.honker.error.HonkerException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler to send the job to the dead letters at once, whatever attempts it has left.
 *
 * @since 0.1.0
 */
public final class GiveUpException extends HonkerException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param reason recorded with the dead letter
   */
  public GiveUpException(String reason) {
    this(reason, null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param reason recorded with the dead letter
   * @param cause the cause, or null
   */
  public GiveUpException(String reason, @Nullable Throwable cause) {
    super("HNK-JOB-GIVE-UP", reason, cause);
  }
}
