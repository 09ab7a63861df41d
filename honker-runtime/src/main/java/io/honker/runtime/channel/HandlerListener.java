package io.honker.runtime.channel;

import io.honker.channel.ListenerHandle;
import io.honker.channel.MissedNotifications;
import io.honker.channel.NotificationHandler;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Backoff;
import io.honker.runtime.loop.HandlerGate;
import io.honker.runtime.loop.LoopEnd;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.store.NotificationRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Listens on a thread of its own and calls a handler. */
final class HandlerListener<T> implements ListenerHandle {

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

  private final Engine engine;
  private final String channel;
  private final NotificationFeed<T> feed;
  private final NotificationHandler<T> handler;
  private final HandlerGate gate = new HandlerGate();
  private final LoopEnd end;
  private final Thread thread;
  private volatile boolean closing;

  private HandlerListener(
      Engine engine, ChannelContext<T> context, NotificationHandler<T> handler) {
    this.engine = engine;
    this.channel = context.name();
    this.feed = new NotificationFeed<>(engine, context);
    this.handler = handler;
    this.end = new LoopEnd(engine.clock(), 1);
    this.thread =
        LoopThreads.daemon("honker-listen-" + channel + "-" + engine.nextNumber(), this::loop);
  }

  static <T> ListenerHandle start(
      Engine engine, ChannelContext<T> context, NotificationHandler<T> handler) {
    HandlerListener<T> listener = new HandlerListener<>(engine, context, handler);
    engine.adopt(listener);
    listener.thread.start();
    return listener;
  }

  private void loop() {
    Backoff backoff = new Backoff();
    try {
      while (!closing) {
        try {
          Thread.interrupted(); // nobody but close() has a reason, and it does so in handlers only
          turn();
          backoff.reset();
        } catch (RuntimeException | Error e) {
          backOff(e, backoff.next());
        }
      }
    } finally {
      feed.close();
      engine.release(this);
      end.threadEnded();
    }
  }

  private void turn() {
    NotificationRow row = feed.poll();
    for (MissedNotifications missed : feed.takeMissed()) {
      call(missed.upToId(), () -> handler.missed(missed));
    }
    if (row != null) {
      call(row.id(), () -> handler.handle(feed.decode(row)));
    } else {
      feed.commits().await(Instant.MAX, () -> closing || engine.isClosed());
    }
  }

  private interface HandlerCode {
    void run() throws Exception;
  }

  private void call(long id, HandlerCode code) {
    if (closing || !gate.enter()) {
      return;
    }
    try {
      code.run();
    } catch (Throwable t) { // an Error of the handler must not end the listener
      engine.observe(() -> new HonkerEvent.NotificationFailed(channel, id, t));
    } finally {
      gate.leave();
    }
  }

  private void backOff(Throwable thrown, Duration wait) {
    if (engine.isClosed()) {
      closing = true;
      return;
    }
    engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), thrown, wait));
    feed.commits().awaitIgnoringSignals(engine.clock().now().plus(wait), () -> closing);
  }

  @Override
  public boolean isRunning() {
    return !closing;
  }

  @Override
  public void close() {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(
          "a handler cannot close its own listener, it would wait for itself; close it from another"
              + " thread");
    }
    closing = true;
    feed.commits().unpark();
    if (!end.await(engine.clock().now().plus(GRACE))) {
      gate.shut();
      end.await(engine.clock().now().plus(AFTER_INTERRUPT));
    }
    LoopThreads.join(List.of(thread), end.hasCome() ? AFTER_INTERRUPT : Duration.ZERO);
  }
}
