package io.honker.sqlite.functions;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A job to be enqueued, unchecked as in the original. Sums beyond 64 bits wrap around here.
 *
 * @param runAt in unix seconds, null for now
 * @param expires in seconds from now, null for never
 */
record Job(
    String queue,
    String payload,
    @Nullable Long runAt,
    long priority,
    long maxAttempts,
    @Nullable Long expires) {

  /** Inserts it and returns its id. */
  long insert(NestedSql sql, long now) throws SQLException {
    return sql.integer(
        """
        INSERT INTO _honker_live(
          queue, payload, run_at, priority, max_attempts, expires_at, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        queue,
        payload,
        runAt == null ? Long.valueOf(now) : runAt,
        priority,
        maxAttempts,
        expires == null ? null : Long.valueOf(now + expires),
        now);
  }
}
