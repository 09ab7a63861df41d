package io.honker.runtime.stream;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Backoff;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.HandlerGate;
import io.honker.runtime.loop.LoopEnd;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.stream.StreamPosition;
import io.honker.stream.Subscription;
import io.honker.stream.SubscriptionBuilder.WhenExhausted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A consumer with one thread, which reads, handles and saves (rules S-3, S-4). */
final class StreamSubscription<T> implements Subscription {

  /** How long a handler that was interrupted is waited for before its thread is left behind. */
  static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  private final Engine engine;
  private final StreamStore streams;
  private final TopicContext<T> context;
  private final String consumer;
  private final SubscriptionSettings settings;
  private final EventPages pages;
  private final EventDecoder<T> decoder;
  private final Deliveries<T> deliveries;
  private final HandlerGate gate = new HandlerGate();
  private final EventRun<T> run;
  private final CommitSubscription commits;
  private final Thread thread;
  private final LoopEnd end;
  private volatile long position;
  private final AtomicInteger unsaved = new AtomicInteger();
  private volatile boolean closing;
  private volatile @Nullable Throwable failure;

  // of the thread only
  private final ArrayDeque<EventRow> page = new ArrayDeque<>();
  private final Backoff backoff = new Backoff();
  private @Nullable Delivery<T> current;
  private Instant saveAt = Instant.MAX;

  private StreamSubscription(
      Engine engine,
      TopicContext<T> context,
      String consumer,
      SubscriptionSettings settings,
      BiFunction<Burial, HandlerGate, EventRun<T>> run) {
    this.engine = engine;
    this.streams = engine.store().streams();
    this.context = context;
    this.consumer = consumer;
    this.settings = settings;
    this.pages = new EventPages(engine, context.topic());
    this.decoder = new EventDecoder<>(engine, context);
    this.deliveries = new Deliveries<>(engine, context, consumer, settings);
    this.run =
        run.apply(new Burial(engine, context.topic(), consumer, settings.maxAttempts()), gate);
    this.commits = engine.signals().subscribe(context.wakeKey());
    this.thread =
        LoopThreads.daemon(
            "honker-stream-" + context.topic() + "-" + engine.nextNumber(), this::loop);
    this.end = new LoopEnd(engine.clock(), 1);
  }

  static <T> Subscription start(
      Engine engine,
      TopicContext<T> context,
      String consumer,
      SubscriptionSettings settings,
      BiFunction<Burial, HandlerGate, EventRun<T>> run) {
    StreamSubscription<T> subscription =
        new StreamSubscription<>(engine, context, consumer, settings, run);
    try {
      subscription.position = subscription.savedOrFirst();
    } catch (RuntimeException e) {
      subscription.commits.close();
      throw e;
    }
    engine.adopt(subscription);
    subscription.thread.start();
    return subscription;
  }

  /** The saved offset. A new consumer is written down with where it begins, and is known then. */
  private long savedOrFirst() {
    String topic = context.topic();
    OptionalLong saved = engine.read(c -> streams.savedOffset(c, topic, consumer));
    if (saved.isPresent()) {
      return saved.getAsLong();
    }
    StreamPosition first = settings.startAt();
    return engine.write(
        "start",
        WriteOperation.<Long>statements(
            c -> {
              long offset = first.isEnd() ? streams.lastOffset(c, topic) : first.offset();
              streams.saveOffset(c, topic, consumer, offset);
              return streams.savedOffset(c, topic, consumer).orElse(offset);
            }));
  }

  // ---- the thread

  private void loop() {
    try {
      while (!closing && failure == null) {
        try {
          Thread.interrupted(); // nobody but close() has a reason, and it does so in handlers only
          turn();
          backoff.reset();
        } catch (RuntimeException | Error e) {
          backOff(e);
        }
      }
      saveRest();
    } finally {
      commits.close();
      engine.release(this);
      end.threadEnded();
    }
  }

  /** Does one thing: saves, waits, or delivers. */
  private void turn() {
    if (unsaved.get() > 0 && isSaveDue()) {
      save();
    }
    Delivery<T> next = nextDelivery();
    if (next == null) {
      commits.await(saveAt, this::isEnding);
    } else if (engine.clock().now().isBefore(next.notBefore())) {
      Instant until = next.notBefore().isBefore(saveAt) ? next.notBefore() : saveAt;
      commits.awaitIgnoringSignals(until, this::isEnding);
    } else {
      deliver(next);
    }
  }

  private boolean isEnding() {
    return closing || engine.isClosed();
  }

  private @Nullable Delivery<T> nextDelivery() {
    if (current == null) {
      if (page.isEmpty()) {
        page.addAll(pages.after(position));
      }
      EventRow row = page.poll();
      current = row == null ? null : new Delivery<>(row);
    }
    return current;
  }

  private void deliver(Delivery<T> delivery) {
    Throwable exhausted = delivery.exhausted();
    if (exhausted != null) {
      giveUp(delivery, exhausted);
    } else if (deliveries.open(delivery, decoder)) {
      EventRun.Outcome outcome = run.run(delivery, position);
      Throwable thrown = outcome.failure();
      if (thrown == null) {
        moveTo(outcome.position());
      } else if (!closing) { // an interrupted handler's attempt does not count
        deliveries.failed(delivery, thrown);
      }
    }
  }

  private void giveUp(Delivery<T> delivery, Throwable why) {
    if (settings.whenExhausted() == WhenExhausted.STOP) {
      failure = why;
      deliveries.tellStopped(delivery, why);
      return;
    }
    EventRun.Buried buried = run.bury(delivery, why, position);
    moveTo(buried.position());
    if (buried.jobId() != 0) {
      deliveries.tellDeadLettered(delivery, buried.jobId(), why);
    }
  }

  /** Goes on behind an offset, which another subscriber of the consumer may have moved far. */
  private void moveTo(long offset) {
    if (offset == position) {
      return; // told to end before the handler began
    }
    if (offset < position) {
      page.clear(); // somebody has reset the consumer
    }
    position = offset;
    current = null;
    while (!page.isEmpty() && page.element().offset() <= offset) {
      page.remove();
    }
    if (!run.savesOffsets()) {
      if (unsaved.get() == 0) {
        saveAt = Deadlines.after(engine.clock().now(), settings.saveInterval());
      }
      unsaved.incrementAndGet();
    }
  }

  private boolean isSaveDue() {
    return unsaved.get() >= settings.saveEvery() || !engine.clock().now().isBefore(saveAt);
  }

  private void save() {
    long offset = position;
    engine.write(
        "saveOffset",
        WriteOperation.<Boolean>statement(
            c -> streams.saveOffset(c, context.topic(), consumer, offset)));
    unsaved.set(0);
    saveAt = Instant.MAX;
  }

  private void saveRest() {
    if (unsaved.get() == 0) {
      return;
    }
    try {
      save();
    } catch (RuntimeException e) { // the events since the last save come again
      tellFailed(e, Duration.ZERO);
    }
  }

  private void backOff(Throwable thrown) {
    if (engine.isClosed()) {
      closing = true;
      return;
    }
    Duration wait = backoff.next();
    tellFailed(thrown, wait);
    commits.awaitIgnoringSignals(engine.clock().now().plus(wait), this::isEnding);
  }

  private void tellFailed(Throwable thrown, Duration nextTry) {
    engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), thrown, nextTry));
  }

  // ---- for others

  @Override
  public String consumer() {
    return consumer;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public boolean isRunning() {
    return !closing && failure == null;
  }

  @Override
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void close() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "a handler cannot close its own subscription, it would wait for itself; close it from"
              + " another thread");
    }
    closing = true;
    commits.unpark();
    if (!end.await(Deadlines.after(engine.clock().now(), settings.shutdownGrace()))) {
      gate.shut();
      if (!end.await(engine.clock().now().plus(AFTER_INTERRUPT))) {
        saveRest(); // the thread is left behind in its handler
      }
    }
    LoopThreads.join(List.of(thread), end.hasCome() ? AFTER_INTERRUPT : Duration.ZERO);
  }
}
