package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited for its turn to write. Nothing was written and the
 * interrupt flag is set again (rule T-6).
 *
 * @since 0.1.0
 */
public final class HonkerInterruptedException extends HonkerException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what was being waited for
   * @param cause the cause, or null
   */
  public HonkerInterruptedException(String message, @Nullable Throwable cause) {
    super("HNK-INTERRUPTED", message, cause);
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}
