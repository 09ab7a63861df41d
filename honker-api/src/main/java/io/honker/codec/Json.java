package io.honker.codec;

import java.util.Objects;

/**
 * JSON text that passes through a {@link PayloadCodec} untouched, byte for byte.
 *
 * <p>Use it as the payload type to handle documents yourself, or to forward what another process
 * wrote. The text is not validated.
 *
 * <p>Immutable.
 *
 * @param text the JSON document, never null
 * @since 0.1.0
 */
public record Json(String text) {

  /**
   * Checks that there is text.
   *
   * @param text the JSON document, never null
   */
  public Json {
    Objects.requireNonNull(text, "text");
  }

  /**
   * Wraps a JSON document.
   *
   * @param text the JSON document, never null
   * @return the wrapped text
   */
  public static Json of(String text) {
    return new Json(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
