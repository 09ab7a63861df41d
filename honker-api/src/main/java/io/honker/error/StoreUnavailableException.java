package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be opened or used: missing folder, not a database, no permission, replaced
 * under our feet, or its disk is full (rule F-7).
 *
 * @since 0.1.0
 */
public final class StoreUnavailableException extends HonkerException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message which file, what is wrong with it, and the remedy
   * @param cause the cause, or null
   */
  public StoreUnavailableException(String message, @Nullable Throwable cause) {
    super("HNK-STORE-UNAVAILABLE", message, cause);
  }
}
