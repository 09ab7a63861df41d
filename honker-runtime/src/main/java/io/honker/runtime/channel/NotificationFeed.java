package io.honker.runtime.channel;

import io.honker.channel.MissedNotifications;
import io.honker.channel.Notification;
import io.honker.error.PayloadException;
import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.NotificationRow;
import io.honker.runtime.store.NotificationStore;
import io.honker.runtime.store.PrunedRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one listener reads, page by page, and what it finds missing. Subscribes to commits before it
 * looks where the channel is. Confined to one thread at a time.
 */
final class NotificationFeed<T> implements AutoCloseable {

  private static final int PAGE = 1000;
  private static final long MOST_CHARS = 4L << 20;

  private final Engine engine;
  private final NotificationStore notifications;
  private final ChannelContext<T> context;
  private final CommitSubscription commits;
  private final ArrayDeque<NotificationRow> page = new ArrayDeque<>();
  private final List<MissedNotifications> missed = new ArrayList<>();

  /** The last id that was read, or was there at the start. */
  private long readUpTo;

  /** The last id that was told as missed. */
  private long missedUpTo;

  /** The id that was seen behind the last page and must come first in the next one; 0 if none. */
  private long expected;

  NotificationFeed(Engine engine, ChannelContext<T> context) {
    this.engine = engine;
    this.notifications = engine.store().notifications();
    this.context = context;
    this.commits = engine.signals().subscribe(context.wakeKey());
    try {
      this.readUpTo = engine.read(notifications::lastId);
    } catch (RuntimeException e) {
      commits.close();
      throw e;
    }
  }

  CommitSubscription commits() {
    return commits;
  }

  /** Takes the next row out, reading another page if need be; null if there is none. */
  @Nullable NotificationRow poll() {
    if (page.isEmpty()) {
      readPage();
    }
    return page.poll();
  }

  /** Makes a typed notification of a row. */
  @SuppressWarnings({"unchecked", "NullAway"}) // JSON null is the payload the sender chose
  Notification<T> decode(NotificationRow row) {
    T payload;
    try {
      payload = (T) engine.decode(row.payload(), context.type().type());
    } catch (RuntimeException e) { // a codec of the application's may throw anything
      throw PayloadException.unreadable(
          "notification " + row.id() + " of channel \"" + context.name() + "\"",
          context.type().toString(),
          e);
    }
    return new Notification<>(row.id(), context.name(), payload, Seconds.instant(row.createdAt()));
  }

  /** Takes out what was found missing. */
  List<MissedNotifications> takeMissed() {
    List<MissedNotifications> taken = List.copyOf(missed);
    missed.clear();
    return taken;
  }

  private record Look(List<NotificationRow> rows, List<PrunedRow> pruned) {}

  /** Reads one row more than a page: if it is gone the next time, somebody has pruned it. */
  private void readPage() {
    long after = readUpTo;
    long prunedAfter = Math.max(readUpTo, missedUpTo);
    Look look =
        engine.read(
            c ->
                new Look(
                    notifications.read(c, context.name(), after, PAGE + 1, MOST_CHARS),
                    notifications.prunedAfter(c, context.name(), prunedAfter)));
    List<NotificationRow> rows = look.rows();
    noteMissed(look.pruned(), prunedAfter);
    if (expected > Math.max(readUpTo, missedUpTo)
        && (rows.isEmpty() || rows.get(0).id() > expected)) {
      note(readUpTo, expected, -1); // not by us, or there would be a record
    }
    int size = Math.min(PAGE, rows.size());
    expected = rows.size() > size ? rows.get(size).id() : 0;
    page.addAll(rows.subList(0, size));
    if (size > 0) {
      readUpTo = rows.get(size - 1).id();
    }
  }

  private void noteMissed(List<PrunedRow> pruned, long after) {
    long atMost = 0;
    long upTo = after;
    for (PrunedRow row : pruned) {
      upTo = Math.max(upTo, row.toId());
      atMost += row.fromId() > after ? row.count() : Math.min(row.count(), row.toId() - after);
    }
    if (upTo > after) {
      note(after, upTo, atMost);
    }
  }

  private void note(long after, long upTo, long atMost) {
    missedUpTo = Math.max(missedUpTo, upTo);
    missed.add(new MissedNotifications(context.name(), after, upTo, atMost));
    engine.observe(() -> new HonkerEvent.NotificationsMissed(context.name(), after, upTo, atMost));
  }

  @Override
  public void close() {
    commits.close();
  }
}
