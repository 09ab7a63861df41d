package io.honker.runtime.channel;

import io.honker.channel.Channel;
import io.honker.channel.Listener;
import io.honker.channel.ListenerHandle;
import io.honker.channel.NotificationHandler;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.NotificationStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.Transaction;
import java.sql.SQLException;
import java.util.Objects;

/** A channel over the notification store. */
final class StoreChannel<T> implements Channel<T> {

  private final Engine engine;
  private final NotificationStore notifications;
  private final ChannelContext<T> context;
  private final Retention retention;

  StoreChannel(Engine engine, ChannelContext<T> context, Retention retention) {
    this.engine = engine;
    this.notifications = engine.store().notifications();
    this.context = context;
    this.retention = retention;
  }

  @Override
  public String name() {
    return context.name();
  }

  @Override
  public long notify(T payload) {
    String json = engine.encode(Objects.requireNonNull(payload, "payload"));
    long now = Seconds.of(engine.clock().now());
    boolean prune = retention.isDue();
    WriteOperation<Long> operation = new WriteOperation<>(c -> insert(c, json, now, prune), !prune);
    long id = engine.write("notify", operation);
    engine.signals().signal(context.wakeKey());
    return id;
  }

  @Override
  public long notify(Transaction tx, T payload) {
    String json = engine.encode(Objects.requireNonNull(payload, "payload"));
    long now = Seconds.of(engine.clock().now());
    boolean prune = retention.isDue();
    long id = engine.write(tx, "notifying", c -> insert(c, json, now, prune));
    engine.own(tx).touch(context.wakeKey());
    return id;
  }

  private long insert(StoreConnection c, String json, long now, boolean prune) throws SQLException {
    if (prune) {
      retention.prune(c);
    }
    return notifications.insert(c, context.name(), json, now);
  }

  @Override
  public Listener<T> listen() {
    engine.checkOpen();
    return new StoreListener<>(engine, context);
  }

  @Override
  public ListenerHandle listen(NotificationHandler<T> handler) {
    Objects.requireNonNull(handler, "handler");
    engine.checkOpen();
    return HandlerListener.start(engine, context, handler);
  }
}
