package io.honker.sqlite.internal;

import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The SQL of rate limits: fixed windows on honker's table, the other kinds on ours. */
final class SqliteRates implements RateStore {

  @Override
  public long useWindow(StoreConnection c, String name, long windowStart, int limit)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honker_rate_limits(name, window_start, count) VALUES (?1, ?2, 1)
            ON CONFLICT(name, window_start) DO UPDATE SET count = count + 1 WHERE count < ?3
            RETURNING count""");
    insert.setString(1, name);
    insert.setLong(2, windowStart);
    insert.setInt(3, limit);
    return numberOrRefused(insert);
  }

  @Override
  public int forgetWindows(StoreConnection c, String name, long before) throws SQLException {
    PreparedStatement delete =
        c.statement("DELETE FROM _honker_rate_limits WHERE name = ? AND window_start < ?");
    delete.setString(1, name);
    delete.setLong(2, before);
    return delete.executeUpdate();
  }

  @Override
  public long useSliding(StoreConnection c, String name, long per, int limit, long now)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honkerj_rate_uses(name, per, number, used_at)
            SELECT ?1, ?2, last.number + 1, max(last.used_at, ?4)
            FROM (
              SELECT coalesce(max(number), 0) AS number, coalesce(used_at, 0) AS used_at
              FROM _honkerj_rate_uses WHERE name = ?1 AND per = ?2) AS last
            WHERE NOT EXISTS (
              SELECT 1 FROM _honkerj_rate_uses
              WHERE name = ?1 AND per = ?2 AND number = last.number + 1 - ?3
                AND used_at > ?4 - ?2)
            RETURNING number""");
    insert.setString(1, name);
    insert.setLong(2, per);
    insert.setInt(3, limit);
    insert.setLong(4, now);
    return numberOrRefused(insert);
  }

  @Override
  public long blockingUse(StoreConnection c, String name, long per, int limit) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT used_at FROM _honkerj_rate_uses
            WHERE name = ?1 AND per = ?2 AND number = 1 - ?3 + (
              SELECT max(number) FROM _honkerj_rate_uses WHERE name = ?1 AND per = ?2)""");
    select.setString(1, name);
    select.setLong(2, per);
    select.setInt(3, limit);
    return numberOrZero(select);
  }

  @Override
  public int forgetUses(StoreConnection c, String name, long per, long until, int most)
      throws SQLException {
    PreparedStatement delete =
        c.statement(
            """
            DELETE FROM _honkerj_rate_uses
            WHERE name = ?1 AND per = ?2 AND used_at <= ?3 AND number < ?4 + (
              SELECT min(number) FROM _honkerj_rate_uses WHERE name = ?1 AND per = ?2)""");
    delete.setString(1, name);
    delete.setLong(2, per);
    delete.setLong(3, until);
    delete.setInt(4, most);
    return delete.executeUpdate();
  }

  @Override
  public boolean useBucket(
      StoreConnection c, String name, long per, long interval, int size, long now)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honkerj_rate_buckets(name, per, full_at) VALUES (?1, ?2, ?5 + ?3)
            ON CONFLICT(name, per) DO UPDATE SET full_at = max(full_at, ?5) + ?3
              WHERE full_at <= ?5 + ?3 * (?4 - 1)""");
    insert.setString(1, name);
    insert.setLong(2, per);
    insert.setLong(3, interval);
    insert.setInt(4, size);
    insert.setLong(5, now);
    return insert.executeUpdate() == 1;
  }

  @Override
  public long bucketFullAt(StoreConnection c, String name, long per) throws SQLException {
    PreparedStatement select =
        c.statement("SELECT full_at FROM _honkerj_rate_buckets WHERE name = ? AND per = ?");
    select.setString(1, name);
    select.setLong(2, per);
    return numberOrZero(select);
  }

  @Override
  public int forgetBucket(StoreConnection c, String name, long per, long now) throws SQLException {
    PreparedStatement delete =
        c.statement(
            "DELETE FROM _honkerj_rate_buckets WHERE name = ? AND per = ? AND full_at <= ?");
    delete.setString(1, name);
    delete.setLong(2, per);
    delete.setLong(3, now);
    return delete.executeUpdate();
  }

  private static long numberOrRefused(PreparedStatement insert) throws SQLException {
    try (ResultSet row = insert.executeQuery()) {
      if (!row.next()) {
        return REFUSED;
      }
      long number = row.getLong(1);
      row.next(); // to the end: only then is the statement done
      return number;
    }
  }

  private static long numberOrZero(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
