package io.honker.sqlite.internal;

import io.honker.runtime.store.ScheduleRow;
import io.honker.runtime.store.ScheduleRow.OwnRules;
import io.honker.runtime.store.ScheduleStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The SQL of schedules, on honker's table and on ours. */
final class SqliteSchedules implements ScheduleStore {

  /** Columns 1 to 10 of every row that is read; others may have stored values of any type. */
  private static final String SHARED_COLUMNS =
      """
      SELECT name, queue, cron_expr, payload, priority, max_attempts, expires_s, next_fire_at,
        enabled = 1,
        typeof(name) = 'text' AND typeof(queue) = 'text' AND typeof(cron_expr) = 'text'
          AND typeof(payload) = 'text' AND typeof(priority) = 'integer'
          AND typeof(max_attempts) = 'integer' AND typeof(next_fire_at) = 'integer'
          AND typeof(expires_s) IN ('integer', 'null')
      FROM _honker_scheduler_tasks""";

  /** Columns 11 to 17 are what the shared table does not have. */
  private static final String OWN_COLUMNS =
      """
      SELECT name, queue, expression, payload, priority, max_attempts, expires_s, next_fire_at,
        enabled = 1, 1, zone, gap, overlap, catch_up, catch_up_cap, catch_up_grace_s, revision
      FROM _honkerj_schedules""";

  private static final int FIRST_OWN_COLUMN = 11;

  private static final String DUE =
      " WHERE enabled = 1 AND next_fire_at <= ? ORDER BY next_fire_at, name LIMIT ? OFFSET ?";

  private static final String SHARED_DUE =
      SHARED_COLUMNS + " INDEXED BY _honkerj_scheduler_due" + DUE;

  private static final String OWN_DUE = OWN_COLUMNS + " INDEXED BY _honkerj_schedules_due" + DUE;

  private static final String SHARED_BY_NAME = SHARED_COLUMNS + " WHERE name = ?";

  private static final String OWN_BY_NAME = OWN_COLUMNS + " WHERE name = ?";

  /** Without those that others have registered in the shared table since. */
  private static final String OWN_ALL =
      OWN_COLUMNS
          + " WHERE NOT EXISTS (SELECT 1 FROM _honker_scheduler_tasks s"
          + " WHERE s.name = _honkerj_schedules.name)";

  // ---- writing

  @Override
  public void put(StoreConnection c, ScheduleRow row) throws SQLException {
    OwnRules own = row.own();
    if (own == null) {
      putShared(c, row);
      deleteOwn(c, row.name());
    } else {
      putOwn(c, row, own);
      deleteShared(c, row.name());
    }
  }

  /** Leaves columns alone that a later version of honker may have added. */
  private static void putShared(StoreConnection c, ScheduleRow row) throws SQLException {
    PreparedStatement upsert =
        c.statement(
            """
            INSERT INTO _honker_scheduler_tasks(name, queue, cron_expr, payload, priority,
              max_attempts, expires_s, next_fire_at, enabled)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(name) DO UPDATE SET queue = excluded.queue,
              cron_expr = excluded.cron_expr, payload = excluded.payload,
              priority = excluded.priority, max_attempts = excluded.max_attempts,
              expires_s = excluded.expires_s, next_fire_at = excluded.next_fire_at,
              enabled = excluded.enabled""");
    bindCommon(upsert, row);
    upsert.executeUpdate();
  }

  private static void putOwn(StoreConnection c, ScheduleRow row, OwnRules own) throws SQLException {
    PreparedStatement upsert =
        c.statement(
            """
            INSERT INTO _honkerj_schedules(name, queue, expression, payload, priority,
              max_attempts, expires_s, next_fire_at, enabled, zone, gap, overlap, catch_up,
              catch_up_cap, catch_up_grace_s, revision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            ON CONFLICT(name) DO UPDATE SET queue = excluded.queue,
              expression = excluded.expression, payload = excluded.payload,
              priority = excluded.priority, max_attempts = excluded.max_attempts,
              expires_s = excluded.expires_s, next_fire_at = excluded.next_fire_at,
              enabled = excluded.enabled, zone = excluded.zone, gap = excluded.gap,
              overlap = excluded.overlap, catch_up = excluded.catch_up,
              catch_up_cap = excluded.catch_up_cap,
              catch_up_grace_s = excluded.catch_up_grace_s, revision = revision + 1""");
    int next = bindCommon(upsert, row);
    upsert.setString(next++, own.zone());
    upsert.setString(next++, own.gap());
    upsert.setString(next++, own.overlap());
    upsert.setString(next++, own.catchUp());
    upsert.setInt(next++, own.cap());
    upsert.setLong(next, own.graceSeconds());
    upsert.executeUpdate();
  }

  private static int bindCommon(PreparedStatement statement, ScheduleRow row) throws SQLException {
    statement.setString(1, row.name());
    statement.setString(2, row.queue());
    statement.setString(3, row.expression());
    statement.setString(4, row.payload());
    statement.setInt(5, row.priority());
    statement.setInt(6, row.maxAttempts());
    Long expires = row.expiresSeconds();
    if (expires == null) {
      statement.setNull(7, Types.INTEGER);
    } else {
      statement.setLong(7, expires);
    }
    statement.setLong(8, row.nextFireAt());
    statement.setInt(9, row.enabled() ? 1 : 0);
    return 10;
  }

  @Override
  public boolean delete(StoreConnection c, String name) throws SQLException {
    boolean shared = deleteShared(c, name);
    return deleteOwn(c, name) || shared;
  }

  private static boolean deleteShared(StoreConnection c, String name) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM _honker_scheduler_tasks WHERE name = ?");
    delete.setString(1, name);
    return delete.executeUpdate() > 0;
  }

  private static boolean deleteOwn(StoreConnection c, String name) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM _honkerj_schedules WHERE name = ?");
    delete.setString(1, name);
    return delete.executeUpdate() > 0;
  }

  // ---- reading

  @Override
  public Optional<ScheduleRow> find(StoreConnection c, String name) throws SQLException {
    Optional<ScheduleRow> shared = find(c, SHARED_BY_NAME, true, name);
    return shared.isPresent() ? shared : find(c, OWN_BY_NAME, false, name);
  }

  private static Optional<ScheduleRow> find(
      StoreConnection c, String sql, boolean shared, String name) throws SQLException {
    PreparedStatement select = c.statement(sql);
    select.setString(1, name);
    return rows(select, shared).stream().findFirst();
  }

  @Override
  public List<ScheduleRow> list(StoreConnection c) throws SQLException {
    List<ScheduleRow> all = rows(c.statement(SHARED_COLUMNS), true);
    all.addAll(rows(c.statement(OWN_ALL), false));
    return all;
  }

  @Override
  public List<ScheduleRow> due(StoreConnection c, boolean shared, long now, int limit, int offset)
      throws SQLException {
    PreparedStatement select = c.statement(shared ? SHARED_DUE : OWN_DUE);
    select.setLong(1, now);
    select.setInt(2, limit);
    select.setInt(3, offset);
    return rows(select, shared);
  }

  @Override
  public OptionalLong soonestAfter(StoreConnection c, boolean shared, long second)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            shared
                ? """
                SELECT next_fire_at FROM _honker_scheduler_tasks INDEXED BY _honkerj_scheduler_due
                WHERE enabled = 1 AND next_fire_at > ? AND typeof(next_fire_at) = 'integer'
                ORDER BY next_fire_at LIMIT 1"""
                : """
                SELECT next_fire_at FROM _honkerj_schedules INDEXED BY _honkerj_schedules_due
                WHERE enabled = 1 AND next_fire_at > ?
                ORDER BY next_fire_at LIMIT 1""");
    select.setLong(1, second);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    }
  }

  private static List<ScheduleRow> rows(PreparedStatement select, boolean shared)
      throws SQLException {
    List<ScheduleRow> found = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        found.add(
            new ScheduleRow(
                text(row, 1),
                text(row, 2),
                text(row, 3),
                text(row, 4),
                row.getInt(5),
                row.getInt(6),
                nullableLong(row, 7),
                row.getLong(8),
                row.getBoolean(9),
                shared ? null : ownRules(row),
                row.getBoolean(10)));
      }
    }
    return found;
  }

  private static OwnRules ownRules(ResultSet row) throws SQLException {
    int column = FIRST_OWN_COLUMN;
    return new OwnRules(
        row.getString(column),
        text(row, column + 1),
        text(row, column + 2),
        text(row, column + 3),
        row.getInt(column + 4),
        row.getLong(column + 5),
        row.getLong(column + 6));
  }

  /** A primary key of SQLite may be null. */
  private static String text(ResultSet row, int column) throws SQLException {
    return Objects.requireNonNullElse(row.getString(column), "");
  }

  private static @Nullable Long nullableLong(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  // ---- firing

  @Override
  public Optional<ScheduleRow> advance(StoreConnection c, ScheduleRow seen, long nextFireAt)
      throws SQLException {
    OwnRules own = seen.own();
    PreparedStatement update =
        c.statement(
            own == null
                ? """
                UPDATE _honker_scheduler_tasks SET next_fire_at = ?
                WHERE name = ? AND next_fire_at = ? AND cron_expr = ? AND enabled = 1
                RETURNING queue, payload, priority, max_attempts, expires_s"""
                : """
                UPDATE _honkerj_schedules SET next_fire_at = ?
                WHERE name = ? AND next_fire_at = ? AND revision = ? AND enabled = 1
                  AND NOT EXISTS (SELECT 1 FROM _honker_scheduler_tasks s
                                  WHERE s.name = _honkerj_schedules.name)
                RETURNING queue, payload, priority, max_attempts, expires_s""");
    update.setLong(1, nextFireAt);
    update.setString(2, seen.name());
    update.setLong(3, seen.nextFireAt());
    if (own == null) {
      update.setString(4, seen.expression());
    } else {
      update.setLong(4, own.revision());
    }
    Optional<ScheduleRow> advanced = advanced(update, seen, nextFireAt);
    if (advanced.isEmpty() && own != null) {
      deleteSuperseded(c, seen.name());
    }
    return advanced;
  }

  private static Optional<ScheduleRow> advanced(
      PreparedStatement update, ScheduleRow seen, long nextFireAt) throws SQLException {
    try (ResultSet row = update.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      return Optional.of(
          new ScheduleRow(
              seen.name(),
              row.getString(1),
              seen.expression(),
              row.getString(2),
              row.getInt(3),
              row.getInt(4),
              nullableLong(row, 5),
              nextFireAt,
              true,
              seen.own(),
              true));
    }
  }

  private static void deleteSuperseded(StoreConnection c, String name) throws SQLException {
    PreparedStatement delete =
        c.statement(
            """
            DELETE FROM _honkerj_schedules
            WHERE name = ? AND name IN (SELECT name FROM _honker_scheduler_tasks)""");
    delete.setString(1, name);
    delete.executeUpdate();
  }

  // ---- nominal fire times

  @Override
  public void recordFires(StoreConnection c, String schedule, long[] jobIds, List<Long> fireAts)
      throws SQLException {
    PreparedStatement insert =
        c.statement("REPLACE INTO _honkerj_fires(job_id, schedule, fire_at) VALUES (?, ?, ?)");
    for (int i = 0; i < jobIds.length; i++) {
      insert.setLong(1, jobIds[i]);
      insert.setString(2, schedule);
      insert.setLong(3, fireAts.get(i));
      insert.executeUpdate();
    }
  }

  @Override
  public Optional<FireRow> findFire(StoreConnection c, long jobId) throws SQLException {
    PreparedStatement select =
        c.statement("SELECT schedule, fire_at FROM _honkerj_fires WHERE job_id = ?");
    select.setLong(1, jobId);
    try (ResultSet row = select.executeQuery()) {
      return row.next()
          ? Optional.of(new FireRow(row.getString(1), row.getLong(2)))
          : Optional.empty();
    }
  }

  @Override
  public long sweepFires(StoreConnection c, long afterJobId, int limit) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT count(*), max(job_id)
            FROM (SELECT job_id FROM _honkerj_fires WHERE job_id > ? ORDER BY job_id LIMIT ?)""");
    select.setLong(1, afterJobId);
    select.setInt(2, limit);
    int count;
    long last;
    try (ResultSet row = select.executeQuery()) {
      row.next();
      count = row.getInt(1);
      last = row.getLong(2);
    }
    if (count > 0) {
      deleteGone(c, afterJobId, last);
    }
    return count < limit ? 0 : last;
  }

  private static void deleteGone(StoreConnection c, long after, long last) throws SQLException {
    PreparedStatement delete =
        c.statement(
            """
            DELETE FROM _honkerj_fires
            WHERE job_id > ? AND job_id <= ?
              AND NOT EXISTS (SELECT 1 FROM _honker_live WHERE id = job_id)
              AND NOT EXISTS (SELECT 1 FROM _honker_dead WHERE id = job_id)""");
    delete.setLong(1, after);
    delete.setLong(2, last);
    delete.executeUpdate();
  }
}
