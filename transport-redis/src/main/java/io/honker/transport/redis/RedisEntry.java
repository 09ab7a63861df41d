package io.honker.transport.redis;

import io.honker.transport.ReceivedEvent;
import io.honker.transport.RemoteEvent;
import io.honker.transport.Source;
import io.lettuce.core.StreamMessage;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads entries of the stream. The fields are those that {@link AppendScript} writes. */
final class RedisEntry {

  private RedisEntry() {}

  /** An entry without fields was trimmed while it was pending. */
  static boolean isGone(StreamMessage<String, String> entry) {
    Map<String, String> body = entry.getBody();
    return body == null || body.isEmpty();
  }

  /** The event, empty if the entry is none. */
  static Optional<ReceivedEvent> read(StreamMessage<String, String> entry) {
    Map<String, String> fields = entry.getBody();
    try {
      return Optional.of(
          new ReceivedEvent(
              new Source(field(fields, "origin"), field(fields, "topic")),
              new RemoteEvent(
                  Long.parseLong(field(fields, "offset")),
                  Long.parseLong(field(fields, "previous")),
                  fields.get("key"),
                  field(fields, "payload"),
                  Instant.parse(field(fields, "at"))),
              entry.getId()));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String field(Map<String, String> fields, String name) {
    @Nullable String value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no field " + name);
    }
    return value;
  }
}
