package io.honker.runtime.bridge;

import io.honker.bridge.InboundHandler;
import io.honker.observe.HonkerEvent;
import io.honker.queue.QueueOptions;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.NewEvent;
import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.ReceivedMark;
import io.honker.transport.ReceivedEvent;
import io.honker.transport.Source;
import io.honker.tx.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where received events go, in the transaction that records them. */
sealed interface InboundSink {

  /** The target whose events are counted together, whichever way they come. */
  String targetOf(Source source);

  /** Whether events are to be given one by one, each in a transaction of its own. */
  default boolean oneByOne() {
    return false;
  }

  /** Writes events. */
  void accept(Engine engine, Transaction tx, List<ReceivedEvent> events);

  /** The target of events that go to a local topic. */
  static String topicTarget(String topic) {
    return "topic:" + topic;
  }

  /**
   * Publishes.
   *
   * @param topic the local topic, null for the event's own
   */
  record ToTopic(@Nullable String topic) implements InboundSink {

    @Override
    public String targetOf(Source source) {
      return topicTarget(localTopic(source));
    }

    private String localTopic(Source source) {
      return topic == null ? source.topic() : topic;
    }

    @Override
    public void accept(Engine engine, Transaction tx, List<ReceivedEvent> events) {
      Map<String, List<ReceivedEvent>> byTopic = new LinkedHashMap<>();
      for (ReceivedEvent event : events) {
        byTopic.computeIfAbsent(localTopic(event.source()), t -> new ArrayList<>()).add(event);
      }
      byTopic.forEach((local, its) -> publish(engine, tx, local, its));
    }

    private static void publish(
        Engine engine, Transaction tx, String topic, List<ReceivedEvent> events) {
      long now = Seconds.of(engine.clock().now());
      List<NewEvent> rows =
          events.stream().map(e -> new NewEvent(e.event().key(), e.event().payload())).toList();
      engine.<@Nullable Void>write(
          tx,
          "publishing received events",
          c -> {
            long[] offsets = engine.store().streams().insertAll(c, topic, rows, now);
            engine.store().bridges().markReceived(c, topic, marks(offsets, events));
            return null;
          });
      engine.own(tx).touch(WakeKey.topic(topic));
      tx.afterCommit(
          () -> engine.observe(() -> new HonkerEvent.EventsPublished(topic, events.size())));
    }

    private static List<ReceivedMark> marks(long[] offsets, List<ReceivedEvent> events) {
      List<ReceivedMark> marks = new ArrayList<>(offsets.length);
      for (int i = 0; i < offsets.length; i++) {
        ReceivedEvent received = events.get(i);
        marks.add(
            new ReceivedMark(
                offsets[i],
                received.source(),
                received.event().offset(),
                received.event().publishedAt()));
      }
      return marks;
    }
  }

  /** Enqueues payloads. */
  record ToQueue(String queue) implements InboundSink {

    @Override
    public String targetOf(Source source) {
      return "queue:" + queue;
    }

    @Override
    public void accept(Engine engine, Transaction tx, List<ReceivedEvent> events) {
      long now = Seconds.of(engine.clock().now());
      NewJob job = new NewJob(queue, 0, now, QueueOptions.defaults().maxAttempts(), now, null);
      List<String> payloads = events.stream().map(e -> e.event().payload()).toList();
      engine.write(
          tx, "enqueueing received events", c -> engine.store().jobs().insertAll(c, job, payloads));
      engine.own(tx).touch(WakeKey.queue(queue));
      tx.afterCommit(
          () -> engine.observe(() -> new HonkerEvent.JobsEnqueued(queue, events.size())));
    }
  }

  /** Calls a handler. */
  record ToHandler(String bridge, InboundHandler handler) implements InboundSink {

    @Override
    public String targetOf(Source source) {
      return "bridge:" + bridge;
    }

    @Override
    public boolean oneByOne() {
      return true;
    }

    @Override
    public void accept(Engine engine, Transaction tx, List<ReceivedEvent> events) {
      for (ReceivedEvent event : events) {
        try {
          handler.handle(event, tx);
        } catch (Exception e) {
          throw new FailedHandlerException(event, e);
        }
      }
    }
  }
}
