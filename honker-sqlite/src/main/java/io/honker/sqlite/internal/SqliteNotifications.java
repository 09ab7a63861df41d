package io.honker.sqlite.internal;

import io.honker.runtime.store.NotificationRow;
import io.honker.runtime.store.NotificationStore;
import io.honker.runtime.store.PrunedRow;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The SQL of notifications, on honker's table, with our own record of what was pruned. */
final class SqliteNotifications implements NotificationStore {

  private static final String CHANNELS = FirstColumn.distinct("_honker_notifications", "channel");

  private final PruneRecords records = new PruneRecords();

  @Override
  public long insert(StoreConnection c, String channel, String payload, long now)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honker_notifications(channel, payload, created_at) VALUES (?, ?, ?)
            RETURNING id""");
    insert.setString(1, channel);
    insert.setString(2, payload);
    insert.setLong(3, now);
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      long id = row.getLong(1);
      row.next(); // to the end: only then has auto-commit committed
      return id;
    }
  }

  @Override
  public long lastId(StoreConnection c) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT max(coalesce((SELECT seq FROM sqlite_sequence
                                 WHERE name = '_honker_notifications'), 0),
                       coalesce((SELECT max(id) FROM _honker_notifications), 0))""");
    return FirstColumn.number(select).orElse(0);
  }

  @Override
  public List<NotificationRow> read(
      StoreConnection c, String channel, long after, int limit, long maxChars) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT id, payload, created_at FROM _honker_notifications
            WHERE channel = ? AND id > ? ORDER BY id LIMIT ?""");
    select.setString(1, channel);
    select.setLong(2, after);
    select.setInt(3, limit);
    List<NotificationRow> notifications = new ArrayList<>();
    long chars = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (chars < maxChars && rows.next()) {
        String payload = rows.getString(2);
        chars += payload.length();
        notifications.add(new NotificationRow(rows.getLong(1), payload, rows.getLong(3)));
      }
    }
    return notifications;
  }

  @Override
  public List<PrunedRow> prunedAfter(StoreConnection c, String channel, long after)
      throws SQLException {
    return records.after(c, channel, after);
  }

  @Override
  public List<String> channels(StoreConnection c) throws SQLException {
    return FirstColumn.texts(c.statement(CHANNELS));
  }

  @Override
  public long count(StoreConnection c) throws SQLException {
    return FirstColumn.number(c.statement("SELECT count(*) FROM _honker_notifications")).orElse(0);
  }

  // ---- pruning

  @Override
  public long prune(StoreConnection c, long madeBefore, long keepLatest) throws SQLException {
    PreparedStatement select =
        c.statement("SELECT id FROM _honker_notifications ORDER BY id DESC LIMIT 1 OFFSET ?");
    select.setLong(1, keepLatest);
    long beyondNewest = FirstColumn.number(select).orElse(0);
    if (madeBefore == Long.MIN_VALUE) {
      return deleteUpTo(c, beyondNewest);
    }
    String doomed = " FROM _honker_notifications WHERE id <= ?1 OR created_at < ?2";
    PreparedStatement counts = c.statement(COUNTS + doomed + BY_CHANNEL);
    counts.setLong(1, beyondNewest);
    counts.setLong(2, madeBefore);
    records.add(c, counts);
    PreparedStatement delete = c.statement("DELETE" + doomed);
    delete.setLong(1, beyondNewest);
    delete.setLong(2, madeBefore);
    return delete.executeUpdate();
  }

  @Override
  public int pruneOldest(StoreConnection c, long madeBefore, int limit) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT coalesce(min(id) FILTER (WHERE created_at >= ?1) - 1, max(id))
            FROM (SELECT id, created_at FROM _honker_notifications ORDER BY id LIMIT ?2)""");
    select.setLong(1, madeBefore);
    select.setInt(2, limit);
    return deleteUpTo(c, FirstColumn.number(select).orElse(0));
  }

  private static final String COUNTS = "SELECT channel, min(id), max(id), count(*)";
  private static final String BY_CHANNEL = " GROUP BY channel";

  private int deleteUpTo(StoreConnection c, long id) throws SQLException {
    if (id <= 0) {
      return 0;
    }
    String doomed = " FROM _honker_notifications WHERE id <= ?";
    PreparedStatement counts = c.statement(COUNTS + doomed + BY_CHANNEL);
    counts.setLong(1, id);
    records.add(c, counts);
    PreparedStatement delete = c.statement("DELETE" + doomed);
    delete.setLong(1, id);
    return delete.executeUpdate();
  }
}
