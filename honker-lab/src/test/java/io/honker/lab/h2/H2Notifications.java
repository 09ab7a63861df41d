package io.honker.lab.h2;

import static io.honker.lab.h2.H2Sql.list;
import static io.honker.lab.h2.H2Sql.number;
import static io.honker.lab.h2.H2Sql.update;

import io.honker.runtime.store.NotificationRow;
import io.honker.runtime.store.NotificationStore;
import io.honker.runtime.store.PrunedRow;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The SQL of notifications. */
final class H2Notifications implements NotificationStore {

  @Override
  public long insert(StoreConnection c, String channel, String payload, long now)
      throws SQLException {
    return number(
            c,
            """
            SELECT id FROM FINAL TABLE (
              INSERT INTO honker_notifications(channel, payload, created_at) VALUES (?, ?, ?))""",
            channel,
            payload,
            now)
        .orElseThrow();
  }

  @Override
  public long lastId(StoreConnection c) throws SQLException {
    return Math.max(
        number(c, "SELECT max(id) FROM honker_notifications").orElse(0),
        number(c, "SELECT max(to_id) FROM honker_pruned").orElse(0));
  }

  @Override
  public List<NotificationRow> read(
      StoreConnection c, String channel, long after, int limit, long maxChars) throws SQLException {
    return list(
        c,
        row -> new NotificationRow(row.getLong(1), row.getString(2), row.getLong(3)),
        """
        SELECT id, payload, created_at FROM honker_notifications
        WHERE channel = ? AND id > ? ORDER BY id FETCH FIRST ? ROWS ONLY""",
        channel,
        after,
        limit);
  }

  @Override
  public List<PrunedRow> prunedAfter(StoreConnection c, String channel, long after)
      throws SQLException {
    return list(
        c,
        row -> new PrunedRow(row.getLong(1), row.getLong(2), row.getLong(3)),
        """
        SELECT from_id, to_id, pruned FROM honker_pruned
        WHERE channel = ? AND to_id > ? ORDER BY to_id""",
        channel,
        after);
  }

  @Override
  public List<String> channels(StoreConnection c) throws SQLException {
    return list(
        c,
        row -> row.getString(1),
        "SELECT DISTINCT channel FROM honker_notifications ORDER BY channel");
  }

  @Override
  public long count(StoreConnection c) throws SQLException {
    return number(c, "SELECT count(*) FROM honker_notifications").orElse(0);
  }

  @Override
  public long prune(StoreConnection c, long madeBefore, long keepLatest) throws SQLException {
    OptionalLong beyond =
        number(
            c,
            """
            SELECT id FROM honker_notifications
            ORDER BY id DESC OFFSET ? ROWS FETCH FIRST 1 ROW ONLY""",
            keepLatest);
    return delete(c, madeBefore, beyond.orElse(0));
  }

  @Override
  public int pruneOldest(StoreConnection c, long madeBefore, int limit) throws SQLException {
    List<Long> old =
        list(
            c,
            row -> row.getLong(2) < madeBefore ? row.getLong(1) : Long.MAX_VALUE,
            "SELECT id, created_at FROM honker_notifications ORDER BY id FETCH FIRST ? ROWS ONLY",
            limit);
    int young = old.indexOf(Long.MAX_VALUE);
    List<Long> prefix = young < 0 ? old : old.subList(0, young);
    return prefix.isEmpty() ? 0 : delete(c, Long.MIN_VALUE, prefix.get(prefix.size() - 1));
  }

  private static int delete(StoreConnection c, long madeBefore, long upTo) throws SQLException {
    update(
        c,
        """
        MERGE INTO honker_pruned(channel, from_id, to_id, pruned) KEY(channel, to_id)
        SELECT channel, min(id), max(id), count(*) FROM honker_notifications
        WHERE id <= ? OR created_at < ? GROUP BY channel""",
        upTo,
        madeBefore);
    return update(
        c, "DELETE FROM honker_notifications WHERE id <= ? OR created_at < ?", upTo, madeBefore);
  }
}
