package io.honker.error;

import org.jspecify.annotations.Nullable;

/**
 * The file holds tables that this version cannot work with, usually because a newer version wrote
 * them (rule F-4).
 *
 * @since 0.1.0
 */
public final class StoreSchemaException extends HonkerException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message the version found, the version known, and the remedy
   * @param cause the cause, or null
   */
  public StoreSchemaException(String message, @Nullable Throwable cause) {
    super("HNK-STORE-SCHEMA", message, cause);
  }
}
