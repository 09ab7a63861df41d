package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * This thread asked for the writer while it holds it already: a nested transaction, or a
 * stand-alone write inside one. Waiting would deadlock, so it is refused at once; the outer
 * transaction is untouched (rule T-3).
 *
 * @since 0.1.0
 */
public final class NestedWriteException extends HonkerException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what was called and which form to call instead
   * @param cause the cause, or null
   */
  public NestedWriteException(String message, @Nullable Throwable cause) {
    super("HNK-TX-NESTED", message, cause);
  }
}
