package io.honker.sqlite.internal;

import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SQL of locks, on honker's table; what it has no room for stands beside it. */
final class SqliteLocks implements LockStore {

  @Override
  public boolean acquire(StoreConnection c, String name, String owner, long expiresAt, long now)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honker_locks(name, owner, expires_at) VALUES (?1, ?2, ?3)
            ON CONFLICT(name) DO UPDATE
              SET owner = excluded.owner, expires_at = max(expires_at, excluded.expires_at)
              WHERE expires_at <= ?4 OR owner = excluded.owner""");
    insert.setString(1, name);
    insert.setString(2, owner);
    insert.setLong(3, expiresAt);
    insert.setLong(4, now);
    return insert.executeUpdate() == 1;
  }

  @Override
  public boolean renew(StoreConnection c, String name, String owner, long expiresAt, long now)
      throws SQLException {
    PreparedStatement update =
        c.statement(
            """
            UPDATE _honker_locks SET expires_at = max(expires_at, ?)
            WHERE name = ? AND owner = ? AND expires_at > ?""");
    update.setLong(1, expiresAt);
    update.setString(2, name);
    update.setString(3, owner);
    update.setLong(4, now);
    return update.executeUpdate() == 1;
  }

  @Override
  public boolean release(StoreConnection c, String name, String owner) throws SQLException {
    PreparedStatement delete =
        c.statement("DELETE FROM _honker_locks WHERE name = ? AND owner = ?");
    delete.setString(1, name);
    delete.setString(2, owner);
    return delete.executeUpdate() == 1;
  }

  @Override
  public boolean isHeld(StoreConnection c, String name, String owner, long now)
      throws SQLException {
    PreparedStatement select =
        c.statement("SELECT 1 FROM _honker_locks WHERE name = ? AND owner = ? AND expires_at > ?");
    select.setString(1, name);
    select.setString(2, owner);
    select.setLong(3, now);
    try (ResultSet row = select.executeQuery()) {
      return row.next();
    }
  }

  /** One counter for all names: a counter for each would stay for ever with every name. */
  @Override
  public long nextToken(StoreConnection c, String name) throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honkerj_fences(id, token) VALUES (1, 1)
            ON CONFLICT(id) DO UPDATE SET token = token + 1 RETURNING token""");
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      long token = row.getLong(1);
      row.next(); // to the end: only then is the statement done
      return token;
    }
  }

  @Override
  public Optional<LockRow> find(StoreConnection c, String name, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT name, owner, expires_at FROM _honker_locks
            WHERE name = ? AND expires_at > ?""");
    select.setString(1, name);
    select.setLong(2, now);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(lock(row)) : Optional.empty();
    }
  }

  @Override
  public List<LockRow> list(StoreConnection c, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT name, owner, expires_at FROM _honker_locks
            WHERE expires_at > ? ORDER BY name""");
    select.setLong(1, now);
    List<LockRow> locks = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        locks.add(lock(rows));
      }
    }
    return locks;
  }

  private static LockRow lock(ResultSet row) throws SQLException {
    return new LockRow(row.getString(1), row.getString(2), row.getLong(3));
  }
}
