package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * What holds claims of a queue back: a pause, or a limit of jobs in flight. Most queues have no row
 * here, and a claim finds that out with the look at the jobs that it makes anyway.
 */
final class QueueRules {

  /**
   * The rules of one queue.
   *
   * @param maxInFlight how many jobs may be in flight, null for any number
   */
  record Rules(boolean paused, @Nullable Integer maxInFlight) {}

  @Nullable Rules find(StoreConnection c, String queue) throws SQLException {
    PreparedStatement select =
        c.statement("SELECT paused <> 0, max_in_flight FROM _honkerj_queues WHERE name = ?");
    select.setString(1, queue);
    try (ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        return null;
      }
      boolean paused = row.getBoolean(1);
      int most = row.getInt(2);
      return new Rules(paused, row.wasNull() ? null : (Integer) most);
    }
  }

  /** How many more jobs may be claimed; reads no more rows than the limit. */
  int room(StoreConnection c, String queue, int maxInFlight, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT count(*) FROM (
              SELECT 1 FROM _honker_live INDEXED BY _honker_live_processing_deadline
              WHERE queue = ?1 AND state = 'processing' AND claim_expires_at >= ?2 LIMIT ?3)""");
    select.setString(1, queue);
    select.setLong(2, now);
    select.setInt(3, maxInFlight);
    try (ResultSet row = select.executeQuery()) {
      row.next();
      return maxInFlight - row.getInt(1);
    }
  }

  boolean pause(StoreConnection c, String queue, boolean paused) throws SQLException {
    PreparedStatement write =
        paused
            ? c.statement(
                """
                INSERT INTO _honkerj_queues(name, paused) VALUES (?, 1)
                ON CONFLICT(name) DO UPDATE SET paused = 1 WHERE paused = 0""")
            : c.statement("UPDATE _honkerj_queues SET paused = 0 WHERE name = ? AND paused <> 0");
    write.setString(1, queue);
    boolean changed = write.executeUpdate() == 1;
    dropIfIdle(c, queue);
    return changed;
  }

  void limit(StoreConnection c, String queue, @Nullable Integer maxInFlight) throws SQLException {
    PreparedStatement write =
        c.statement(
            """
            INSERT INTO _honkerj_queues(name, max_in_flight) VALUES (?1, ?2)
            ON CONFLICT(name) DO UPDATE SET max_in_flight = excluded.max_in_flight""");
    write.setString(1, queue);
    if (maxInFlight == null) {
      write.setNull(2, Types.INTEGER);
    } else {
      write.setInt(2, maxInFlight);
    }
    write.executeUpdate();
    dropIfIdle(c, queue);
  }

  /** A row that says nothing would only slow claims down. */
  private static void dropIfIdle(StoreConnection c, String queue) throws SQLException {
    PreparedStatement delete =
        c.statement(
            "DELETE FROM _honkerj_queues WHERE name = ? AND paused = 0 AND max_in_flight IS NULL");
    delete.setString(1, queue);
    delete.executeUpdate();
  }
}
