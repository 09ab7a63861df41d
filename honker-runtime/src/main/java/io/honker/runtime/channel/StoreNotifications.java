package io.honker.runtime.channel;

import io.honker.channel.Notifications;
import io.honker.channel.PruneOptions;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.NotificationStore;
import io.honker.runtime.store.WriteOperation;
import java.util.List;
import java.util.Objects;

/** The stored notifications of all channels. */
final class StoreNotifications implements Notifications {

  private final Engine engine;
  private final NotificationStore notifications;

  StoreNotifications(Engine engine) {
    this.engine = engine;
    this.notifications = engine.store().notifications();
  }

  @Override
  public List<String> channels() {
    return engine.read(notifications::channels);
  }

  @Override
  public long count() {
    return engine.read(notifications::count);
  }

  @Override
  public long prune(PruneOptions options) {
    Objects.requireNonNull(options, "options");
    long madeBefore =
        options
            .olderThan()
            .map(age -> Seconds.before(engine.clock().now(), age))
            .orElse(Long.MIN_VALUE);
    long keepLatest = options.keepLatest().orElse(Long.MAX_VALUE);
    return engine.write(
        "prune",
        WriteOperation.<Long>statements(c -> notifications.prune(c, madeBefore, keepLatest)));
  }
}
