package io.honker.runtime.store;

import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL of job results. Runs inside the caller's transaction. */
public interface ResultStore {

  /** Saves or replaces a result with one statement; null {@code expiresAt} keeps it for ever. */
  void save(StoreConnection c, long jobId, String value, @Nullable Long expiresAt, long now)
      throws SQLException;

  /** Finds a result that has not expired. */
  Optional<String> find(StoreConnection c, long jobId, long now) throws SQLException;

  /** Deletes expired results. */
  int sweep(StoreConnection c, long now) throws SQLException;
}
