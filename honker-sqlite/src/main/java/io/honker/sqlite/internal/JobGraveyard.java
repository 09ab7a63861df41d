package io.honker.sqlite.internal;

import io.honker.runtime.store.ClaimRef;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How jobs die, are remembered, come back and are forgotten (rules ). */
final class JobGraveyard {

  /** The shared text for a job whose attempts are used up. */
  static final String EXHAUSTED = "max attempts exceeded";

  /** The shared text for a job that expired. */
  static final String EXPIRED = "expired";

  private static final int STRAY_ATTEMPTS_PER_PURGE = 100;

  /** Moves a live row to the dead letters. */
  void bury(StoreConnection c, long id, @Nullable String error, long now) throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            REPLACE INTO _honker_dead(id, queue, payload, priority, run_at, attempts, max_attempts,
              last_error, created_at, died_at)
            SELECT id, queue, payload, priority, run_at, attempts, max_attempts, ?, created_at, ?
            FROM _honker_live WHERE id = ?""");
    insert.setString(1, error);
    insert.setLong(2, now);
    insert.setLong(3, id);
    insert.executeUpdate();
    deleteLive(c, id);
  }

  private static void deleteLive(StoreConnection c, long id) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM _honker_live WHERE id = ?");
    delete.setLong(1, id);
    delete.executeUpdate();
  }

  void recordAttempt(StoreConnection c, ClaimRef claim, @Nullable String error, long now)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            REPLACE INTO _honkerj_attempts(job_id, attempt, worker_id, ended_at, error)
            VALUES (?, ?, ?, ?, ?)""");
    insert.setLong(1, claim.id());
    insert.setInt(2, claim.attempt());
    insert.setString(3, claim.workerId());
    insert.setLong(4, now);
    insert.setString(5, error);
    insert.executeUpdate();
  }

  void forgetAttempts(StoreConnection c, long id) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM _honkerj_attempts WHERE job_id = ?");
    delete.setLong(1, id);
    delete.executeUpdate();
  }

  void forgetAttempts(StoreConnection c, IdArray ids) throws SQLException {
    PreparedStatement delete =
        c.statement(
            "DELETE FROM _honkerj_attempts WHERE job_id IN (SELECT value FROM json_each(?))");
    delete.setString(1, ids.json());
    delete.executeUpdate();
  }

  int sweepExpired(StoreConnection c, String queue, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT id FROM _honker_live INDEXED BY _honkerj_live_expiry
            WHERE queue = ? AND state = 'pending' AND expires_at IS NOT NULL AND expires_at <= ?""");
    select.setString(1, queue);
    select.setLong(2, now);
    List<Long> expired = ids(select);
    for (long id : expired) {
      bury(c, id, EXPIRED, now);
    }
    return expired.size();
  }

  boolean requeue(StoreConnection c, String queue, long id, long now) throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honker_live(id, queue, payload, priority, run_at, max_attempts, created_at)
            SELECT id, queue, payload, priority, ?, max(max_attempts, 1), created_at
            FROM _honker_dead WHERE id = ? AND queue = ?""");
    insert.setLong(1, now);
    insert.setLong(2, id);
    insert.setString(3, queue);
    if (insert.executeUpdate() == 0) {
      return false;
    }
    forget(c, List.of(id));
    return true;
  }

  int requeueAll(StoreConnection c, String queue, int limit, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT id FROM _honker_dead INDEXED BY _honkerj_dead_queue
            WHERE queue = ? ORDER BY id LIMIT ?""");
    select.setString(1, queue);
    select.setInt(2, limit);
    int count = 0;
    for (long id : ids(select)) {
      count += requeue(c, queue, id, now) ? 1 : 0;
    }
    return count;
  }

  int purgeUntil(StoreConnection c, String queue, long diedAt) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT id FROM _honker_dead INDEXED BY _honkerj_dead_age
            WHERE queue = ? AND died_at <= ?""");
    select.setString(1, queue);
    select.setLong(2, diedAt);
    return forget(c, ids(select));
  }

  int purgeKeeping(StoreConnection c, String queue, int keep) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT id FROM _honker_dead INDEXED BY _honkerj_dead_queue
            WHERE queue = ? ORDER BY id DESC LIMIT -1 OFFSET ?""");
    select.setString(1, queue);
    select.setInt(2, keep);
    return forget(c, ids(select));
  }

  /** Deletes dead rows and their history, and a few histories that other processes left behind. */
  private int forget(StoreConnection c, List<Long> dead) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM _honker_dead WHERE id = ?");
    for (long id : dead) {
      delete.setLong(1, id);
      delete.executeUpdate();
      forgetAttempts(c, id);
    }
    PreparedStatement strays =
        c.statement(
            """
            SELECT DISTINCT a.job_id FROM _honkerj_attempts a
            WHERE NOT EXISTS (SELECT 1 FROM _honker_live l WHERE l.id = a.job_id)
              AND NOT EXISTS (SELECT 1 FROM _honker_dead d WHERE d.id = a.job_id)
            LIMIT ?""");
    strays.setInt(1, STRAY_ATTEMPTS_PER_PURGE);
    for (long id : ids(strays)) {
      forgetAttempts(c, id);
    }
    return dead.size();
  }

  private static List<Long> ids(PreparedStatement select) throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }
}
