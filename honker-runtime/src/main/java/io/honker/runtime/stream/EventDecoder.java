package io.honker.runtime.stream;

import io.honker.error.PayloadException;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.EventRow;
import io.honker.stream.StreamEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes typed events of rows. Confined to one thread at a time. */
final class EventDecoder<T> {

  private final Engine engine;
  private final TopicContext<T> context;
  private long lastSecond;
  private Instant lastInstant = Instant.EPOCH;

  EventDecoder(Engine engine, TopicContext<T> context) {
    this.engine = engine;
    this.context = context;
  }

  /**
   * Decodes one event.
   *
   * @throws PayloadException if that is not possible, naming the event
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // JSON null is the payload the producer chose
  StreamEvent<T> decode(EventRow row) {
    T payload;
    try {
      payload = (T) engine.decode(row.payload(), context.type().type());
    } catch (RuntimeException e) { // a codec of the application's may throw anything
      throw PayloadException.unreadable(
          "event " + row.offset() + " of topic \"" + context.topic() + "\"",
          context.type().toString(),
          e);
    }
    return new StreamEvent<>(
        row.offset(), context.topic(), row.key(), payload, instant(row.createdAt()));
  }

  /** Neighbours are often of one second. */
  private Instant instant(long second) {
    if (second != lastSecond) {
      lastSecond = second;
      lastInstant = Seconds.instant(second);
    }
    return lastInstant;
  }

  List<StreamEvent<T>> decodeAll(List<EventRow> rows) {
    List<StreamEvent<T>> events = new ArrayList<>(rows.size());
    for (EventRow row : rows) {
      events.add(decode(row));
    }
    return events;
  }
}
