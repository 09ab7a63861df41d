package io.honker.lab.h2;

import io.honker.runtime.store.ScheduleRow;
import io.honker.runtime.store.ScheduleRow.OwnRules;
import io.honker.runtime.store.ScheduleStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The SQL of schedules. Nobody else has this database, so that one table can hold both kinds. */
final class H2Schedules implements ScheduleStore {

  private static final String ROW =
      """
      SELECT name, queue, expression, payload, priority, max_attempts, expires_s, next_fire_at,
        enabled, shared, zone, gap, overlap, catch_up, catch_up_cap, catch_up_grace_s, revision
      FROM honker_schedules""";

  @Override
  public void put(StoreConnection c, ScheduleRow row) throws SQLException {
    long revision = number(c, "SELECT max(revision) + 1 FROM honker_schedules");
    OwnRules own = row.own();
    update(
        c,
        """
        MERGE INTO honker_schedules(name, queue, expression, payload, priority, max_attempts,
          expires_s, next_fire_at, enabled, shared, zone, gap, overlap, catch_up, catch_up_cap,
          catch_up_grace_s, revision)
        KEY(name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        row.name(),
        row.queue(),
        row.expression(),
        row.payload(),
        row.priority(),
        row.maxAttempts(),
        row.expiresSeconds(),
        row.nextFireAt(),
        row.enabled(),
        own == null,
        own == null ? null : own.zone(),
        own == null ? null : own.gap(),
        own == null ? null : own.overlap(),
        own == null ? null : own.catchUp(),
        own == null ? null : own.cap(),
        own == null ? null : own.graceSeconds(),
        revision);
  }

  @Override
  public Optional<ScheduleRow> find(StoreConnection c, String name) throws SQLException {
    return rows(c, ROW + " WHERE name = ?", name).stream().findFirst();
  }

  @Override
  public List<ScheduleRow> list(StoreConnection c) throws SQLException {
    return rows(c, ROW);
  }

  @Override
  public boolean delete(StoreConnection c, String name) throws SQLException {
    return update(c, "DELETE FROM honker_schedules WHERE name = ?", name) > 0;
  }

  @Override
  public List<ScheduleRow> due(StoreConnection c, boolean shared, long now, int limit, int offset)
      throws SQLException {
    return rows(
        c,
        ROW
            + """
             WHERE shared = ? AND enabled AND next_fire_at <= ?
            ORDER BY next_fire_at, name OFFSET ? ROWS FETCH NEXT ? ROWS ONLY""",
        shared,
        now,
        offset,
        limit);
  }

  @Override
  public OptionalLong soonestAfter(StoreConnection c, boolean shared, long second)
      throws SQLException {
    long soonest =
        number(
            c,
            """
            SELECT min(next_fire_at) FROM honker_schedules
            WHERE shared = ? AND enabled AND next_fire_at > ?""",
            shared,
            second);
    return soonest == 0 ? OptionalLong.empty() : OptionalLong.of(soonest);
  }

  @Override
  public Optional<ScheduleRow> advance(StoreConnection c, ScheduleRow seen, long nextFireAt)
      throws SQLException {
    Optional<ScheduleRow> now = find(c, seen.name());
    boolean same =
        now.filter(ScheduleRow::enabled).isPresent()
            && now.get().nextFireAt() == seen.nextFireAt()
            && now.get().expression().equals(seen.expression())
            && revision(now.get()) == revision(seen)
            && now.get().shared() == seen.shared();
    if (!same) {
      return Optional.empty();
    }
    update(
        c, "UPDATE honker_schedules SET next_fire_at = ? WHERE name = ?", nextFireAt, seen.name());
    return now;
  }

  private static long revision(ScheduleRow row) {
    return row.own() == null ? 0 : row.own().revision();
  }

  @Override
  public void recordFires(StoreConnection c, String schedule, long[] jobIds, List<Long> fireAts)
      throws SQLException {
    for (int i = 0; i < jobIds.length; i++) {
      update(
          c,
          "MERGE INTO honker_fires(job_id, schedule, fire_at) KEY(job_id) VALUES (?, ?, ?)",
          jobIds[i],
          schedule,
          fireAts.get(i));
    }
  }

  @Override
  public Optional<FireRow> findFire(StoreConnection c, long jobId) throws SQLException {
    try (ResultSet row =
        prepare(c, "SELECT schedule, fire_at FROM honker_fires WHERE job_id = ?", jobId)
            .executeQuery()) {
      return row.next()
          ? Optional.of(new FireRow(row.getString(1), row.getLong(2)))
          : Optional.empty();
    }
  }

  @Override
  public long sweepFires(StoreConnection c, long afterJobId, int limit) throws SQLException {
    long count = 0;
    long last = 0;
    try (ResultSet row =
        prepare(
                c,
                """
                SELECT count(*), max(job_id) FROM (SELECT job_id FROM honker_fires
                  WHERE job_id > ? ORDER BY job_id FETCH FIRST ? ROWS ONLY)""",
                afterJobId,
                limit)
            .executeQuery()) {
      row.next();
      count = row.getLong(1);
      last = row.getLong(2);
    }
    update(
        c,
        """
        DELETE FROM honker_fires f WHERE f.job_id > ? AND f.job_id <= ?
          AND NOT EXISTS (SELECT 1 FROM honker_live l WHERE l.id = f.job_id)
          AND NOT EXISTS (SELECT 1 FROM honker_dead d WHERE d.id = f.job_id)""",
        afterJobId,
        last);
    return count < limit ? 0 : last;
  }

  // ---- JDBC

  private static PreparedStatement prepare(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = c.statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private static int update(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    return prepare(c, sql, parameters).executeUpdate();
  }

  private static long number(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    try (ResultSet row = prepare(c, sql, parameters).executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<ScheduleRow> rows(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    List<ScheduleRow> found = new ArrayList<>();
    try (ResultSet row = prepare(c, sql, parameters).executeQuery()) {
      while (row.next()) {
        long expires = row.getLong(7);
        boolean eternal = row.wasNull();
        found.add(
            new ScheduleRow(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInt(5),
                row.getInt(6),
                eternal ? null : (Long) expires,
                row.getLong(8),
                row.getBoolean(9),
                row.getBoolean(10) ? null : ownRules(row),
                true));
      }
    }
    return found;
  }

  private static OwnRules ownRules(ResultSet row) throws SQLException {
    return new OwnRules(
        row.getString(11),
        row.getString(12),
        row.getString(13),
        row.getString(14),
        row.getInt(15),
        row.getLong(16),
        row.getLong(17));
  }
}
