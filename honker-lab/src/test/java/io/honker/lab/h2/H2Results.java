package io.honker.lab.h2;

import io.honker.runtime.store.ResultStore;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;

/** The SQL of results. */
final class H2Results implements ResultStore {

  @Override
  public void save(StoreConnection c, long jobId, String value, Long expiresAt, long now)
      throws SQLException {
    PreparedStatement merge =
        c.statement(
            """
            MERGE INTO honker_results(job_id, result, created_at, expires_at) KEY(job_id)
            VALUES (?, ?, ?, ?)""");
    merge.setLong(1, jobId);
    merge.setString(2, value);
    merge.setLong(3, now);
    merge.setObject(4, expiresAt, Types.BIGINT);
    merge.executeUpdate();
  }

  @Override
  public Optional<String> find(StoreConnection c, long jobId, long now) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT result FROM honker_results
            WHERE job_id = ? AND (expires_at IS NULL OR expires_at > ?)""");
    select.setLong(1, jobId);
    select.setLong(2, now);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
    }
  }

  @Override
  public int sweep(StoreConnection c, long now) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM honker_results WHERE expires_at <= ?");
    delete.setLong(1, now);
    return delete.executeUpdate();
  }
}
