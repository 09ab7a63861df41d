package io.honker.codec;

import io.honker.error.PayloadException;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Turns payloads into JSON text and back.
 *
 * <p>The stored form is a JSON document, because other processes (Python, Node, Ruby, Go) read it
 * too. {@link Json} passes through untouched. The default codec is Jackson 3 with a frozen
 * configuration: enums by name, times as ISO-8601 strings, unknown properties ignored, no
 * polymorphic typing.
 *
 * <p>Implementations are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface PayloadCodec {

  /**
   * Encodes a value.
   *
   * @param value the payload; null becomes JSON {@code null}
   * @return the JSON document
   * @throws PayloadException if the value has no JSON form
   */
  String encode(@Nullable Object value);

  /**
   * Decodes a JSON document.
   *
   * @param json the stored document, never null
   * @param type the wanted type, never null
   * @return the value; null only for JSON {@code null}
   * @throws PayloadException if the document is not JSON or does not fit the type
   */
  @Nullable Object decode(String json, Type type);
}
