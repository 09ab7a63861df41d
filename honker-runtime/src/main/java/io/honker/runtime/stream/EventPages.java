package io.honker.runtime.stream;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.StreamStore;
import io.honker.stream.StreamPosition;
import java.util.List;

/** Reads a topic page by page, so that memory stays bounded however much there is. */
final class EventPages {

  private static final int MOST_EVENTS = 1000;
  private static final long MOST_CHARS = 4L << 20;

  private final Engine engine;
  private final StreamStore streams;
  private final String topic;

  EventPages(Engine engine, String topic) {
    this.engine = engine;
    this.streams = engine.store().streams();
    this.topic = topic;
  }

  List<EventRow> after(long offset) {
    return engine.read(c -> streams.read(c, topic, offset, MOST_EVENTS, MOST_CHARS));
  }

  /** The offset that a position stands for now. */
  long resolve(StreamPosition position) {
    return position.isEnd() ? engine.read(c -> streams.lastOffset(c, topic)) : position.offset();
  }
}
