package io.honker.transport;

import io.honker.error.HonkerException;
import org.jspecify.annotations.Nullable;

/**
 * The broker cannot be reached, did not answer, or refused. Messages never hold credentials or
 * payloads.
 *
 * @since 0.1.0
 */
public final class TransportException extends HonkerException {

  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /**
   * Creates an exception.
   *
   * @param message which broker, what went wrong, and the remedy
   * @param retryable whether the same call can succeed later without anything being changed
   * @param cause the cause, or null
   */
  public TransportException(String message, boolean retryable, @Nullable Throwable cause) {
    super("HNK-TRANSPORT", message, cause);
    this.retryable = retryable;
  }

  @Override
  public boolean isRetryable() {
    return retryable;
  }
}
