package io.honker.runtime.codec;

import io.honker.codec.Json;
import io.honker.codec.PayloadCodec;
import io.honker.error.PayloadException;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The default codec. Every setting that shapes a stored document or decides what can be read is
 * written down here, so that a Jackson upgrade with other defaults changes nothing; a golden file
 * test holds it to that.
 */
public final class JacksonCodec implements PayloadCodec {

  private final JsonMapper mapper =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
          .disable(EnumFeature.WRITE_ENUMS_USING_INDEX, EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(
              DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
              DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
              DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private final Map<Type, ObjectReader> readers = new ConcurrentHashMap<>();

  /** Makes a codec. It is safe for use by multiple threads; one is enough. */
  public JacksonCodec() {}

  @Override
  public String encode(@Nullable Object value) {
    if (value instanceof Json raw) {
      return raw.text();
    }
    try {
      return mapper.writeValueAsString(value);
    } catch (JacksonException e) {
      throw PayloadException.unwritable(value == null ? "null" : value.getClass().getName(), e);
    }
  }

  @Override
  public @Nullable Object decode(String json, Type type) {
    if (type == Json.class) {
      return new Json(json);
    }
    try {
      return readers
          .computeIfAbsent(type, t -> mapper.readerFor(mapper.constructType(t)))
          .readValue(json);
    } catch (JacksonException | IllegalArgumentException e) {
      throw PayloadException.unreadable(type.getTypeName(), e);
    }
  }
}
