package io.honker.sqlite.internal;

import io.honker.runtime.store.JobRow;
import io.honker.runtime.store.JobRow.AttemptRow;
import io.honker.runtime.store.QueueCounts;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looking at jobs without changing them. */
final class JobLookups {

  private static final String LIVE =
      "SELECT id, queue, payload, 0, state = 'processing', priority, run_at, attempts, max_attempts,"
          + " created_at, expires_at, worker_id, claim_expires_at, NULL, NULL FROM _honker_live";

  private static final String DEAD =
      "SELECT id, queue, payload, 1, 0, priority, run_at, attempts, max_attempts, created_at, NULL,"
          + " NULL, NULL, died_at, last_error FROM _honker_dead";

  Optional<JobRow> find(StoreConnection c, long id, boolean withHistory) throws SQLException {
    PreparedStatement select =
        c.statement(LIVE + " WHERE id = ?1 UNION ALL " + DEAD + " WHERE id = ?1 LIMIT 1");
    select.setLong(1, id);
    List<JobRow> rows = rows(c, select, withHistory);
    return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
  }

  List<JobRow> dead(
      StoreConnection c, String queue, @Nullable String errorContains, long afterId, int limit)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            DEAD
                + " INDEXED BY _honkerj_dead_queue WHERE queue = ?1 AND id > ?2"
                + " AND (?3 IS NULL OR instr(last_error, ?3) > 0) ORDER BY id LIMIT ?4");
    select.setString(1, queue);
    select.setLong(2, afterId);
    select.setString(3, errorContains);
    select.setInt(4, limit);
    return rows(c, select, true);
  }

  private static List<JobRow> rows(StoreConnection c, PreparedStatement select, boolean withHistory)
      throws SQLException {
    List<JobRow> found = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long id = rows.getLong(1);
        found.add(
            new JobRow(
                id,
                rows.getString(2),
                rows.getString(3),
                rows.getBoolean(4),
                rows.getBoolean(5),
                rows.getInt(6),
                rows.getLong(7),
                rows.getInt(8),
                rows.getInt(9),
                rows.getLong(10),
                nullable(rows, 11),
                rows.getString(12),
                nullable(rows, 13),
                nullable(rows, 14),
                rows.getString(15),
                withHistory ? history(c, id) : List.of()));
      }
    }
    return found;
  }

  private static List<AttemptRow> history(StoreConnection c, long id) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT attempt, worker_id, ended_at, error FROM _honkerj_attempts
            WHERE job_id = ? ORDER BY attempt""");
    select.setLong(1, id);
    List<AttemptRow> attempts = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        attempts.add(
            new AttemptRow(rows.getInt(1), rows.getString(2), rows.getLong(3), rows.getString(4)));
      }
    }
    return attempts;
  }

  private static @Nullable Long nullable(ResultSet rows, int column) throws SQLException {
    long value = rows.getLong(column);
    return rows.wasNull() ? null : (Long) value;
  }

  QueueCounts count(StoreConnection c, String queue, int limit, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT
              (SELECT count(*) FROM (SELECT 1 FROM _honker_live
                 INDEXED BY _honker_live_pending_deadline
                 WHERE queue = ?1 AND state = 'pending' AND run_at <= ?2 LIMIT ?3)),
              (SELECT count(*) FROM (SELECT 1 FROM _honker_live
                 INDEXED BY _honker_live_pending_deadline
                 WHERE queue = ?1 AND state = 'pending' AND run_at > ?2 LIMIT ?3)),
              (SELECT count(*) FROM (SELECT 1 FROM _honker_live
                 INDEXED BY _honker_live_processing_deadline
                 WHERE queue = ?1 AND state = 'processing' AND claim_expires_at >= ?2 LIMIT ?3)),
              (SELECT count(*) FROM (SELECT 1 FROM _honker_live
                 INDEXED BY _honker_live_processing_deadline
                 WHERE queue = ?1 AND state = 'processing' AND claim_expires_at < ?2 LIMIT ?3)),
              (SELECT count(*) FROM (SELECT 1 FROM _honker_dead
                 INDEXED BY _honkerj_dead_queue WHERE queue = ?1 LIMIT ?3)),
              (SELECT min(run_at) FROM _honker_live INDEXED BY _honker_live_pending_deadline
                 WHERE queue = ?1 AND state = 'pending' AND run_at <= ?2)""");
    select.setString(1, queue);
    select.setLong(2, now);
    select.setInt(3, limit);
    try (ResultSet row = select.executeQuery()) {
      row.next();
      int readyAgain = row.getInt(4); // a lapsed claim is as good as ready
      return new QueueCounts(
          Math.min(limit, row.getInt(1) + readyAgain),
          row.getInt(2),
          row.getInt(3),
          row.getInt(5),
          nullable(row, 6));
    }
  }

  long countDead(StoreConnection c, String queue) throws SQLException {
    PreparedStatement select = c.statement("SELECT count(*) FROM _honker_dead WHERE queue = ?");
    select.setString(1, queue);
    try (ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Names by skipping from one to the next in each index, not by reading all rows. */
  List<String> queues(StoreConnection c) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            WITH RECURSIVE
            live(name) AS (
              SELECT min(queue) FROM _honker_live WHERE state IN ('pending', 'processing')
              UNION ALL
              SELECT (SELECT min(queue) FROM _honker_live
                      WHERE state IN ('pending', 'processing') AND queue > name)
              FROM live WHERE name IS NOT NULL),
            dead(name) AS (
              SELECT min(queue) FROM _honker_dead
              UNION ALL
              SELECT (SELECT min(queue) FROM _honker_dead WHERE queue > name)
              FROM dead WHERE name IS NOT NULL)
            SELECT name FROM live WHERE name IS NOT NULL
            UNION SELECT name FROM dead WHERE name IS NOT NULL ORDER BY 1""");
    return FirstColumn.texts(select);
  }
}
