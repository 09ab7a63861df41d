package io.honker.sqlite.internal;

import io.honker.runtime.store.PrunedRow;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What was pruned of which channel, for listeners that had not read it yet. */
final class PruneRecords {

  /** Beyond so many records of a channel the older ones become one, which is less exact. */
  private static final int RECORDS_PER_CHANNEL = 8;

  private record Share(String channel, PrunedRow pruned) {}

  /** Adds what a query says: channel, first id, last id and count of what is about to go. */
  void add(StoreConnection c, PreparedStatement counts) throws SQLException {
    List<Share> shares = new ArrayList<>();
    try (ResultSet rows = counts.executeQuery()) {
      while (rows.next()) {
        shares.add(
            new Share(
                rows.getString(1),
                new PrunedRow(rows.getLong(2), rows.getLong(3), rows.getLong(4))));
      }
    }
    for (Share share : shares) {
      insert(c, share.channel(), share.pruned());
      mergeOlder(c, share.channel());
    }
  }

  List<PrunedRow> after(StoreConnection c, String channel, long id) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT from_id, to_id, count FROM _honkerj_pruned
            WHERE channel = ? AND to_id > ? ORDER BY to_id""");
    select.setString(1, channel);
    select.setLong(2, id);
    List<PrunedRow> pruned = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        pruned.add(new PrunedRow(rows.getLong(1), rows.getLong(2), rows.getLong(3)));
      }
    }
    return pruned;
  }

  private static void insert(StoreConnection c, String channel, PrunedRow pruned)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            "REPLACE INTO _honkerj_pruned(channel, to_id, from_id, count) VALUES (?, ?, ?, ?)");
    insert.setString(1, channel);
    insert.setLong(2, pruned.toId());
    insert.setLong(3, pruned.fromId());
    insert.setLong(4, pruned.count());
    insert.executeUpdate();
  }

  private void mergeOlder(StoreConnection c, String channel) throws SQLException {
    List<PrunedRow> all = after(c, channel, 0);
    if (all.size() <= RECORDS_PER_CHANNEL) {
      return;
    }
    List<PrunedRow> older = all.subList(0, all.size() - RECORDS_PER_CHANNEL / 2);
    long from = Long.MAX_VALUE;
    long to = 0;
    long count = 0;
    for (PrunedRow row : older) {
      from = Math.min(from, row.fromId());
      to = Math.max(to, row.toId());
      count += row.count();
    }
    PreparedStatement delete =
        c.statement("DELETE FROM _honkerj_pruned WHERE channel = ? AND to_id <= ?");
    delete.setString(1, channel);
    delete.setLong(2, to);
    delete.executeUpdate();
    insert(c, channel, new PrunedRow(from, to, count));
  }
}
