package io.honker.runtime.stream;

import io.honker.error.PayloadException;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.store.EventRow;
import io.honker.stream.StreamEvent;
import io.honker.stream.StreamPosition;
import io.honker.stream.StreamReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads by pulling. Subscribes to commits before it first looks (rule S-7). */
final class StoreStreamReader<T> implements StreamReader<T> {

  private final Engine engine;
  private final String topic;
  private final EventPages pages;
  private final EventDecoder<T> decoder;
  private final CommitSubscription commits;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ArrayDeque<EventRow> page = new ArrayDeque<>();
  private long position;

  StoreStreamReader(Engine engine, TopicContext<T> context, StreamPosition from) {
    this.engine = engine;
    this.topic = context.topic();
    this.pages = new EventPages(engine, context.topic());
    this.decoder = new EventDecoder<>(engine, context);
    this.commits = engine.signals().subscribe(context.wakeKey());
    try {
      this.position = pages.resolve(from);
    } catch (RuntimeException e) {
      commits.close();
      throw e;
    }
  }

  @Override
  public Optional<StreamEvent<T>> next(Duration timeout) throws InterruptedException {
    List<StreamEvent<T>> events = next(1, timeout);
    return events.isEmpty() ? Optional.empty() : Optional.of(events.get(0));
  }

  @Override
  public List<StreamEvent<T>> next(int max, Duration timeout) throws InterruptedException {
    if (max < 1) {
      throw new IllegalArgumentException("max must be at least 1, not " + max);
    }
    Instant deadline = Deadlines.of(engine.clock(), "timeout", timeout);
    checkOpen();
    if (page.isEmpty()) {
      fill(deadline);
    }
    List<StreamEvent<T>> events = new ArrayList<>(Math.min(max, page.size()));
    while (events.size() < max && !page.isEmpty()) {
      if (!take(events)) {
        break;
      }
    }
    return events;
  }

  /** Moves one event from the page; false if it cannot be decoded and others go out first. */
  private boolean take(List<StreamEvent<T>> events) {
    EventRow row = page.element();
    try {
      events.add(decoder.decode(row));
    } catch (PayloadException e) {
      if (!events.isEmpty()) {
        return false;
      }
      moveBehind(row);
      throw e;
    }
    moveBehind(row);
    return true;
  }

  private void moveBehind(EventRow row) {
    page.remove();
    position = row.offset();
  }

  private void fill(Instant deadline) throws InterruptedException {
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for an event of " + topic);
      }
      checkOpen();
      page.addAll(pages.after(position));
      if (!page.isEmpty() || !engine.clock().now().isBefore(deadline)) {
        return;
      }
      commits.await(deadline, () -> closed.get() || engine.isClosed());
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("this reader of topic \"" + topic + "\" is closed");
    }
    engine.checkOpen();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      commits.close();
      commits.unpark(); // a thread that waits finds the reader closed
    }
  }
}
