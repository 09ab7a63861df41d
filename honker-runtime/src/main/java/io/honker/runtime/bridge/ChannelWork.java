package io.honker.runtime.bridge;

import io.honker.channel.Channel;
import io.honker.codec.Json;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Leadership;
import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.NotificationRow;
import io.honker.runtime.store.NotificationStore;
import io.honker.transport.Broadcast;
import io.honker.transport.TransportException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sends a channel's notifications and notifies of what others sent, best effort (rule B-5). What
 * was received is not sent again.
 */
final class ChannelWork implements BridgeWork {

  private static final int PAGE = 500;
  private static final long PAGE_CHARS = 1_000_000;

  private final Engine engine;
  private final NotificationStore notifications;
  private final Leadership leadership;
  private final Channel<Json> channel;
  private final ChannelSettings settings;

  /** Held while a received notification is written, so that the sender knows it when it reads. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Set<Long> received = new HashSet<>();
  private String origin = "";
  private long position;
  private Broadcast.@Nullable Subscription subscription;

  ChannelWork(
      Engine engine, Leadership leadership, Channel<Json> channel, ChannelSettings settings) {
    this.engine = engine;
    this.leadership = leadership;
    this.channel = channel;
    this.notifications = engine.store().notifications();
    this.settings = settings;
  }

  @Override
  public void begin(BridgeRow row) {
    position = engine.read(notifications::lastId);
    origin = engine.read(c -> new Origins(engine.store().bridges().origins(c)).current());
    subscribe();
  }

  private void subscribe() {
    if (settings.receives() && subscription == null) {
      subscription = settings.broadcast().receive(settings.remoteChannel(), this::receive);
    }
  }

  @Override
  public Instant turn(Instant now) {
    subscribe(); // if it failed at first
    if (!settings.sends()) {
      return Instant.MAX;
    }
    List<NotificationRow> page = read();
    for (NotificationRow row : page) {
      if (!wasReceived(row.id())) {
        send(row);
      }
      position = row.id();
    }
    if (!page.isEmpty()) {
      long end = position;
      engine.observe(() -> new HonkerEvent.BridgeSent(settings.name(), page.size(), end));
    }
    return page.isEmpty() ? Instant.MAX : now;
  }

  /** What the broker will never take must not keep back what comes after it. */
  private void send(NotificationRow row) {
    String message = new ChannelMessage(origin, row.payload()).json();
    try {
      settings.broadcast().send(settings.remoteChannel(), message);
    } catch (TransportException e) {
      if (!e.isRetryable()) {
        position = row.id();
      }
      throw e;
    }
  }

  private List<NotificationRow> read() {
    lock.lock();
    try {
      return engine.read(
          c -> notifications.read(c, settings.channel(), position, PAGE, PAGE_CHARS));
    } finally {
      lock.unlock();
    }
  }

  private boolean wasReceived(long id) {
    lock.lock();
    try {
      return received.remove(id);
    } finally {
      lock.unlock();
    }
  }

  /** On a thread of the transport. */
  private void receive(String message) {
    Optional<ChannelMessage> parsed = ChannelMessage.parse(message);
    if (parsed.isEmpty() || parsed.get().origin().equals(origin)) {
      return;
    }
    lock.lock();
    try {
      long id = channel.notify(Json.of(parsed.get().payload()));
      if (settings.sends()) {
        received.add(id);
      }
    } finally {
      lock.unlock();
    }
    engine.observe(() -> new HonkerEvent.BridgeReceived(settings.name(), 1, 0));
  }

  @Override
  public void rewind(boolean acceptLoss) {
    new BridgeLedger(engine).repair(settings.name(), leadership, acceptLoss, c -> {}, row -> row);
  }

  @Override
  public void end() {
    Broadcast.Subscription open = subscription;
    if (open != null) {
      subscription = null;
      open.close();
    }
  }

  @Override
  public void interrupt() {
    // nothing waits for long
  }
}
