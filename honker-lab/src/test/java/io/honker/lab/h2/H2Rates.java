package io.honker.lab.h2;

import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The SQL of rate limits, written for clarity. */
final class H2Rates implements RateStore {

  @Override
  public long useWindow(StoreConnection c, String name, long windowStart, int limit)
      throws SQLException {
    long used =
        number(
            c,
            "SELECT uses FROM honker_rate_limits WHERE name = ? AND window_start = ?",
            name,
            windowStart);
    if (used >= limit) {
      return REFUSED;
    }
    update(
        c,
        """
        MERGE INTO honker_rate_limits(name, window_start, uses) KEY(name, window_start)
        VALUES (?, ?, ?)""",
        name,
        windowStart,
        used + 1);
    return used + 1;
  }

  @Override
  public int forgetWindows(StoreConnection c, String name, long before) throws SQLException {
    return update(
        c, "DELETE FROM honker_rate_limits WHERE name = ? AND window_start < ?", name, before);
  }

  @Override
  public long useSliding(StoreConnection c, String name, long per, int limit, long now)
      throws SQLException {
    if (blockingUse(c, name, per, limit) > now - per) {
      return REFUSED;
    }
    long number = last(c, name, per) + 1;
    long lastUse = usedAt(c, name, per, number - 1);
    update(
        c,
        "INSERT INTO honker_rate_uses(name, per, number, used_at) VALUES (?, ?, ?, ?)",
        name,
        per,
        number,
        Math.max(now, lastUse));
    return number;
  }

  @Override
  public long blockingUse(StoreConnection c, String name, long per, int limit) throws SQLException {
    return usedAt(c, name, per, last(c, name, per) + 1 - limit);
  }

  private static long last(StoreConnection c, String name, long per) throws SQLException {
    return number(
        c, "SELECT max(number) FROM honker_rate_uses WHERE name = ? AND per = ?", name, per);
  }

  private static long usedAt(StoreConnection c, String name, long per, long number)
      throws SQLException {
    return number(
        c,
        "SELECT used_at FROM honker_rate_uses WHERE name = ? AND per = ? AND number = ?",
        name,
        per,
        number);
  }

  @Override
  public int forgetUses(StoreConnection c, String name, long per, long until, int most)
      throws SQLException {
    return update(
        c,
        "DELETE FROM honker_rate_uses WHERE name = ? AND per = ? AND used_at <= ? LIMIT ?",
        name,
        per,
        until,
        most);
  }

  @Override
  public boolean useBucket(
      StoreConnection c, String name, long per, long interval, int size, long now)
      throws SQLException {
    long fullAt = bucketFullAt(c, name, per);
    if (fullAt > now + interval * (size - 1)) {
      return false;
    }
    update(
        c,
        "MERGE INTO honker_rate_buckets(name, per, full_at) KEY(name, per) VALUES (?, ?, ?)",
        name,
        per,
        Math.max(fullAt, now) + interval);
    return true;
  }

  @Override
  public long bucketFullAt(StoreConnection c, String name, long per) throws SQLException {
    return number(
        c, "SELECT full_at FROM honker_rate_buckets WHERE name = ? AND per = ?", name, per);
  }

  @Override
  public int forgetBucket(StoreConnection c, String name, long per, long now) throws SQLException {
    return update(
        c,
        "DELETE FROM honker_rate_buckets WHERE name = ? AND per = ? AND full_at <= ?",
        name,
        per,
        now);
  }

  private static PreparedStatement bind(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = c.statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private static int update(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    return bind(c, sql, parameters).executeUpdate();
  }

  private static long number(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    try (ResultSet row = bind(c, sql, parameters).executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
