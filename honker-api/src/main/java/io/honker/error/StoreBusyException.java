package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * Another process or thread kept the writer for longer than the writer timeout. Nothing was
 * written; trying again is safe (rule T-9).
 *
 * @since 0.1.0
 */
public final class StoreBusyException extends HonkerException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message who holds the writer, as far as known, and for how long we waited
   * @param cause the cause, or null
   */
  public StoreBusyException(String message, @Nullable Throwable cause) {
    super("HNK-STORE-BUSY", message, cause);
  }

  @Override
  public boolean isRetryable() {
    return true;
  }
}
