package io.honker.runtime.stream;

import io.honker.codec.TypeRef;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Names;
import io.honker.stream.EventStream;
import java.util.List;
import java.util.Objects;

/** Hands out event streams. */
public final class Streams {

  private final Engine engine;

  /** Makes the feature over an engine. */
  public Streams(Engine engine) {
    this.engine = engine;
  }

  /** The handle of a topic. */
  public <T> EventStream<T> stream(String topic, TypeRef<T> type) {
    engine.checkOpen();
    Names.notBlank("topic", Objects.requireNonNull(topic, "topic"));
    return new StoreEventStream<>(
        engine, new TopicContext<>(topic, Objects.requireNonNull(type, "type")));
  }

  /** Topics with events. */
  public List<String> topics() {
    return engine.read(c -> engine.store().streams().topics(c));
  }
}
