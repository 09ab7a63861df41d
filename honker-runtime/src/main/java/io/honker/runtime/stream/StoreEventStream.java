package io.honker.runtime.stream;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.EngineTransaction;
import io.honker.runtime.engine.Names;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.ConsumerRow;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.NewEvent;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.stream.EventHandler;
import io.honker.stream.EventStream;
import io.honker.stream.StreamConsumer;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.StreamReader;
import io.honker.stream.SubscriptionBuilder;
import io.honker.stream.TransactionalEventHandler;
import io.honker.stream.TrimOptions;
import io.honker.tx.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A topic over the stream store. */
final class StoreEventStream<T> implements EventStream<T> {

  private final Engine engine;
  private final StreamStore streams;
  private final TopicContext<T> context;
  private final String topic;

  StoreEventStream(Engine engine, TopicContext<T> context) {
    this.engine = engine;
    this.streams = engine.store().streams();
    this.context = context;
    this.topic = context.topic();
  }

  @Override
  public String topic() {
    return topic;
  }

  // ---- publish

  @Override
  public long publish(T payload) {
    return publish((String) null, payload);
  }

  @Override
  public long publish(@Nullable String key, T payload) {
    NewEvent event = event(key, payload);
    long now = now();
    long offset =
        engine.write(
            "publish", WriteOperation.<Long>statement(c -> streams.insert(c, topic, event, now)));
    published(1);
    return offset;
  }

  @Override
  public long publish(Transaction tx, T payload) {
    return publish(tx, null, payload);
  }

  @Override
  public long publish(Transaction tx, @Nullable String key, T payload) {
    NewEvent event = event(key, payload);
    long now = now();
    long offset = engine.write(tx, "publishing", c -> streams.insert(c, topic, event, now));
    publishedIn(tx, 1);
    return offset;
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated type arguments from class files
  public List<Long> publishAll(
      Collection<? extends T> payloads, Function<? super T, @Nullable String> key) {
    List<NewEvent> events = events(payloads, key);
    if (events.isEmpty()) {
      return List.of();
    }
    long now = now();
    long[] offsets =
        engine.write(
            "publishAll",
            WriteOperation.<long[]>statements(c -> streams.insertAll(c, topic, events, now)));
    published(offsets.length);
    return asList(offsets);
  }

  @Override
  @SuppressWarnings("NullAway") // javac 17 does not read annotated type arguments from class files
  public List<Long> publishAll(
      Transaction tx, Collection<? extends T> payloads, Function<? super T, @Nullable String> key) {
    List<NewEvent> events = events(payloads, key);
    if (events.isEmpty()) {
      return List.of();
    }
    long now = now();
    long[] offsets = engine.write(tx, "publishing", c -> streams.insertAll(c, topic, events, now));
    publishedIn(tx, offsets.length);
    return asList(offsets);
  }

  private NewEvent event(@Nullable String key, T payload) {
    return new NewEvent(key, engine.encode(Objects.requireNonNull(payload, "payload")));
  }

  private List<NewEvent> events(
      Collection<? extends T> payloads, Function<? super T, @Nullable String> key) {
    Objects.requireNonNull(key, "key");
    List<NewEvent> events = new ArrayList<>(payloads.size());
    for (T payload : payloads) {
      events.add(event(key.apply(Objects.requireNonNull(payload, "payload")), payload));
    }
    return events;
  }

  private long now() {
    return Seconds.of(engine.clock().now());
  }

  private void published(int count) {
    engine.signals().signal(context.wakeKey());
    engine.observe(() -> new HonkerEvent.EventsPublished(topic, count));
  }

  private void publishedIn(Transaction tx, int count) {
    EngineTransaction transaction = engine.own(tx);
    transaction.touch(context.wakeKey());
    if (engine.isObserved()) {
      transaction.afterCommit(
          () -> engine.observe(() -> new HonkerEvent.EventsPublished(topic, count)));
    }
  }

  private static List<Long> asList(long[] offsets) {
    List<Long> list = new ArrayList<>(offsets.length);
    for (long offset : offsets) {
      list.add(offset);
    }
    return list;
  }

  // ---- read

  @Override
  public List<StreamEvent<T>> read(long afterOffset, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
    List<EventRow> rows =
        engine.read(c -> streams.read(c, topic, afterOffset, limit, Long.MAX_VALUE));
    return new EventDecoder<>(engine, context).decodeAll(rows);
  }

  @Override
  public StreamReader<T> reader(StreamPosition from) {
    engine.checkOpen();
    return new StoreStreamReader<>(engine, context, Objects.requireNonNull(from, "from"));
  }

  // ---- subscribe

  @Override
  public SubscriptionBuilder subscribe(String consumer, EventHandler<T> handler) {
    Objects.requireNonNull(handler, "handler");
    return new StreamSubscriptionBuilder<>(engine, context, checked("consumer", consumer))
        .handling(handler);
  }

  @Override
  public SubscriptionBuilder subscribeInTransaction(
      String consumer, TransactionalEventHandler<T> handler) {
    Objects.requireNonNull(handler, "handler");
    return new StreamSubscriptionBuilder<>(engine, context, checked("consumer", consumer))
        .handlingInTransaction(handler);
  }

  @Override
  public SubscriptionBuilder joinGroup(String group, EventHandler<T> handler) {
    Objects.requireNonNull(handler, "handler");
    return new StreamSubscriptionBuilder<>(engine, context, checked("group", group))
        .inGroup(handler);
  }

  private static String checked(String what, String name) {
    return Names.notBlank(what, Objects.requireNonNull(name, what));
  }

  // ---- consumers

  @Override
  public boolean saveOffset(String consumer, long offset) {
    checkOffset(consumer, offset);
    return engine.write(
        "saveOffset",
        WriteOperation.<Boolean>statement(c -> streams.saveOffset(c, topic, consumer, offset)));
  }

  @Override
  public boolean saveOffset(Transaction tx, String consumer, long offset) {
    checkOffset(consumer, offset);
    return engine.write(
        tx, "saving an offset", c -> streams.saveOffset(c, topic, consumer, offset));
  }

  private static void checkOffset(String consumer, long offset) {
    checked("consumer", consumer);
    if (offset < 0) {
      throw new IllegalArgumentException("offset must not be negative, but is " + offset);
    }
  }

  @Override
  public OptionalLong savedOffset(String consumer) {
    Objects.requireNonNull(consumer, "consumer");
    return engine.read(c -> streams.savedOffset(c, topic, consumer));
  }

  @Override
  public long lag(String consumer) {
    Objects.requireNonNull(consumer, "consumer");
    return engine.read(
        c -> {
          long offset = streams.savedOffset(c, topic, consumer).orElse(0);
          return streams.countAfter(c, topic, offset, COUNT_LIMIT);
        });
  }

  @Override
  public List<StreamConsumer> consumers() {
    return engine.read(
        c -> {
          List<StreamConsumer> consumers = new ArrayList<>();
          for (ConsumerRow row : streams.consumers(c, topic)) {
            long lag = streams.countAfter(c, topic, row.offset(), COUNT_LIMIT);
            consumers.add(new StreamConsumer(row.name(), row.offset(), lag));
          }
          return consumers;
        });
  }

  @Override
  public boolean forgetConsumer(String consumer) {
    Objects.requireNonNull(consumer, "consumer");
    return engine.write(
        "forgetConsumer",
        WriteOperation.<Boolean>statements(
            c -> {
              boolean group = engine.store().groups().forget(c, topic, consumer);
              boolean known = streams.forget(c, topic, consumer);
              return known || group;
            }));
  }

  // ---- the topic

  @Override
  public long lastOffset() {
    return engine.read(c -> streams.lastOffset(c, topic));
  }

  @Override
  public long trim(TrimOptions options) {
    return new TopicTrim(engine, topic, Objects.requireNonNull(options, "options")).run();
  }
}
