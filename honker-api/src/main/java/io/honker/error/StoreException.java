package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * The store failed in a way that is neither contention nor a broken environment: an SQL error, a
 * failed commit. What was asked for did not happen (rule T-1).
 *
 * @since 0.1.0
 */
public final class StoreException extends HonkerException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed and why
   * @param cause the cause, or null
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super("HNK-STORE-FAILED", message, cause);
  }
}
