package io.honker.runtime.channel;

import io.honker.channel.Channel;
import io.honker.channel.Notifications;
import io.honker.codec.TypeRef;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Names;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Hands out channels. */
public final class Channels {

  private final Engine engine;
  private final Retention retention;
  private final Notifications notifications;

  /**
   * Makes the feature over an engine.
   *
   * @param retention after how long notifications are pruned without being asked
   */
  public Channels(Engine engine, Optional<Duration> retention) {
    this.engine = engine;
    this.retention = new Retention(engine, retention.orElse(null));
    this.notifications = new StoreNotifications(engine);
  }

  /** The handle of a channel. */
  public <T> Channel<T> channel(String name, TypeRef<T> type) {
    engine.checkOpen();
    Names.notBlank("channel", Objects.requireNonNull(name, "name"));
    return new StoreChannel<>(
        engine, new ChannelContext<>(name, Objects.requireNonNull(type, "type")), retention);
  }

  /** The notifications of all channels. */
  public Notifications notifications() {
    return notifications;
  }
}
