package io.honker.sqlite.internal;

import io.honker.runtime.store.ResultStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of results, on honker's table. */
final class SqliteResults implements ResultStore {

  @Override
  public void save(StoreConnection c, long jobId, String value, @Nullable Long expiresAt, long now)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honker_results(job_id, value, created_at, expires_at) VALUES (?, ?, ?, ?)
            ON CONFLICT(job_id) DO UPDATE
              SET value = excluded.value, expires_at = excluded.expires_at""");
    insert.setLong(1, jobId);
    insert.setString(2, value);
    insert.setLong(3, now);
    if (expiresAt == null) {
      insert.setNull(4, Types.INTEGER);
    } else {
      insert.setLong(4, expiresAt);
    }
    insert.executeUpdate();
  }

  @Override
  public Optional<String> find(StoreConnection c, long jobId, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT coalesce(value, 'null') FROM _honker_results
            WHERE job_id = ? AND (expires_at IS NULL OR expires_at > ?)""");
    select.setLong(1, jobId);
    select.setLong(2, now);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
    }
  }

  @Override
  public int sweep(StoreConnection c, long now) throws SQLException {
    PreparedStatement delete =
        c.statement("DELETE FROM _honker_results WHERE expires_at IS NOT NULL AND expires_at <= ?");
    delete.setLong(1, now);
    return delete.executeUpdate();
  }
}
