package io.honker.runtime.stream;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.HandlerGate;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.stream.EventHandler;
import io.honker.stream.StreamEvent;
import java.util.Objects;

/** Handles outside any transaction: at least once (rule S-3). */
final class PlainRun<T> implements EventRun<T> {

  private final Engine engine;
  private final StreamStore streams;
  private final String topic;
  private final String consumer;
  private final EventHandler<T> handler;
  private final Burial burial;
  private final HandlerGate gate;

  PlainRun(
      Engine engine,
      TopicContext<T> context,
      String consumer,
      EventHandler<T> handler,
      Burial burial,
      HandlerGate gate) {
    this.engine = engine;
    this.streams = engine.store().streams();
    this.topic = context.topic();
    this.consumer = consumer;
    this.handler = handler;
    this.burial = burial;
    this.gate = gate;
  }

  @Override
  public Outcome run(Delivery<T> delivery, long position) {
    StreamEvent<T> event = Objects.requireNonNull(delivery.event());
    if (!gate.enter()) {
      return new Outcome(position, null);
    }
    try {
      handler.handle(event);
      return new Outcome(event.offset(), null);
    } catch (Throwable t) { // an Error of the handler must not end the subscription
      return new Outcome(position, t);
    } finally {
      gate.leave();
    }
  }

  @Override
  public Buried bury(Delivery<T> delivery, Throwable why, long position) {
    Burial.DeadLetter letter = burial.prepare(delivery, why);
    long offset = delivery.row().offset();
    long id =
        engine.write(
            "bury",
            WriteOperation.<Long>statements(
                c -> {
                  streams.saveOffset(c, topic, consumer, offset);
                  return burial.write(c, letter);
                }));
    return new Buried(offset, id);
  }

  @Override
  public boolean savesOffsets() {
    return false;
  }
}
