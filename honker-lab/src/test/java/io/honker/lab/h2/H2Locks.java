package io.honker.lab.h2;

import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SQL of locks. */
final class H2Locks implements LockStore {

  @Override
  public boolean acquire(StoreConnection c, String name, String owner, long expiresAt, long now)
      throws SQLException {
    if (update(c, "DELETE FROM honker_locks WHERE name = ? AND expires_at <= ?", name, now) == 0
        && update(
                c,
                """
                UPDATE honker_locks SET expires_at = greatest(expires_at, ?)
                WHERE name = ? AND owner = ?""",
                expiresAt,
                name,
                owner)
            == 1) {
      return true;
    }
    return update(
            c,
            """
            INSERT INTO honker_locks(name, owner, expires_at) SELECT ?, ?, ?
            WHERE NOT EXISTS (SELECT 1 FROM honker_locks WHERE name = ?)""",
            name,
            owner,
            expiresAt,
            name)
        == 1;
  }

  @Override
  public boolean renew(StoreConnection c, String name, String owner, long expiresAt, long now)
      throws SQLException {
    return update(
            c,
            """
            UPDATE honker_locks SET expires_at = greatest(expires_at, ?)
            WHERE name = ? AND owner = ? AND expires_at > ?""",
            expiresAt,
            name,
            owner,
            now)
        == 1;
  }

  @Override
  public boolean release(StoreConnection c, String name, String owner) throws SQLException {
    return update(c, "DELETE FROM honker_locks WHERE name = ? AND owner = ?", name, owner) == 1;
  }

  @Override
  public boolean isHeld(StoreConnection c, String name, String owner, long now)
      throws SQLException {
    return find(c, name, now).filter(lock -> lock.owner().equals(owner)).isPresent();
  }

  @Override
  public long nextToken(StoreConnection c, String name) throws SQLException {
    PreparedStatement next = c.statement("SELECT NEXT VALUE FOR honker_fences");
    try (ResultSet row = next.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public Optional<LockRow> find(StoreConnection c, String name, long now) throws SQLException {
    return list(c, now).stream().filter(lock -> lock.name().equals(name)).findFirst();
  }

  @Override
  public List<LockRow> list(StoreConnection c, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            "SELECT name, owner, expires_at FROM honker_locks WHERE expires_at > ? ORDER BY name");
    select.setLong(1, now);
    List<LockRow> locks = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        locks.add(new LockRow(rows.getString(1), rows.getString(2), rows.getLong(3)));
      }
    }
    return locks;
  }

  private static int update(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = c.statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement.executeUpdate();
  }
}
