package io.honker.runtime.channel;

import io.honker.channel.Listener;
import io.honker.channel.MissedNotifications;
import io.honker.channel.Notification;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.store.NotificationRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Listens by pulling. */
final class StoreListener<T> implements Listener<T> {

  private final Engine engine;
  private final String channel;
  private final NotificationFeed<T> feed;
  private final AtomicBoolean closed = new AtomicBoolean();

  StoreListener(Engine engine, ChannelContext<T> context) {
    this.engine = engine;
    this.channel = context.name();
    this.feed = new NotificationFeed<>(engine, context);
  }

  @Override
  public Optional<Notification<T>> next(Duration timeout) throws InterruptedException {
    Instant deadline = Deadlines.of(engine.clock(), "timeout", timeout);
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for " + channel);
      }
      checkOpen();
      NotificationRow row = feed.poll();
      if (row != null) {
        return Optional.of(feed.decode(row));
      }
      if (!engine.clock().now().isBefore(deadline)) {
        return Optional.empty();
      }
      feed.commits().await(deadline, () -> closed.get() || engine.isClosed());
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("this listener of channel \"" + channel + "\" is closed");
    }
    engine.checkOpen();
  }

  @Override
  public List<MissedNotifications> missed() {
    return feed.takeMissed();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      feed.close();
      feed.commits().unpark(); // a thread that waits finds the listener closed
    }
  }
}
