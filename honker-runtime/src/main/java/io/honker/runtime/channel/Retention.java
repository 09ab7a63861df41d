package io.honker.runtime.channel;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Pruning along the way: some notifications take a few of the oldest with them, more than come in
 * between, so that the table shrinks to its age limit and no single one takes long.
 */
final class Retention {

  private static final int EVERY = 1000;
  private static final int AT_ONCE = 2 * EVERY;

  private final Engine engine;
  private final @Nullable Duration age;
  private final AtomicLong sent = new AtomicLong();

  Retention(Engine engine, @Nullable Duration age) {
    this.engine = engine;
    this.age = age;
  }

  /** Whether the notification that is about to be sent prunes, as the first of a process does. */
  boolean isDue() {
    return age != null && sent.getAndIncrement() % EVERY == 0;
  }

  void prune(StoreConnection c) throws SQLException {
    if (age != null) {
      long madeBefore = Seconds.before(engine.clock().now(), age);
      engine.store().notifications().pruneOldest(c, madeBefore, AT_ONCE);
    }
  }
}
