package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything this library throws, apart from the JDK's own exceptions for plain misuse
 * ({@link NullPointerException}, {@link IllegalArgumentException}, {@link IllegalStateException}).
 *
 * <p>Messages name the thing, the reason and the remedy and end with the code; they never contain
 * payloads.
 *
 * @since 0.1.0
 */
public abstract class HonkerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * Creates an exception.
   *
   * @param code a stable code such as {@code HNK-STORE-BUSY}, never null
   * @param message what happened, to what, and what to do about it
   * @param cause the cause, or null
   */
  protected HonkerException(String code, String message, @Nullable Throwable cause) {
    super(message + " [" + code + "]", cause);
    this.code = code;
  }

  /**
   * Returns the stable code of this failure, listed in {@code docs/errors.md}.
   *
   * @return a code such as {@code HNK-STORE-BUSY}
   */
  public final String code() {
    return code;
  }

  /**
   * Tells whether the same call may succeed later without a change.
   *
   * @return true if a retry makes sense
   */
  public boolean isRetryable() {
    return false;
  }
}
