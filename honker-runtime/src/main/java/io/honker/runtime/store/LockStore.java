package io.honker.runtime.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The SQL of named locks (rule L-1). Every method runs inside the caller's transaction; times are
 * whole unix seconds and {@code now} is the operation's one now. A lock is free at {@code
 * expires_at <= now}.
 */
public interface LockStore {

  /**
   * Acquires a lock that is free, or that this owner holds already; then extends its lease, never
   * shortening it. One statement.
   */
  boolean acquire(StoreConnection c, String name, String owner, long expiresAt, long now)
      throws SQLException;

  /**
   * Extends the lease of a lock that this owner holds, never shortening it. A lease that has ended
   * is not revived. One statement.
   */
  boolean renew(StoreConnection c, String name, String owner, long expiresAt, long now)
      throws SQLException;

  /** Gives a lock of this owner back, whether or not its lease has ended. One statement. */
  boolean release(StoreConnection c, String name, String owner) throws SQLException;

  /** Tells whether this owner holds the lock and its lease has not ended. */
  boolean isHeld(StoreConnection c, String name, String owner, long now) throws SQLException;

  /**
   * Returns the next fencing token: greater than all that were returned for this name before. One
   * statement.
   */
  long nextToken(StoreConnection c, String name) throws SQLException;

  /** Finds the holder of a lock whose lease has not ended. */
  Optional<LockRow> find(StoreConnection c, String name, long now) throws SQLException;

  /** Lists locks whose lease has not ended, in order of name. */
  List<LockRow> list(StoreConnection c, long now) throws SQLException;

  /** A lock as it is stored. */
  record LockRow(String name, String owner, long expiresAt) {}
}
