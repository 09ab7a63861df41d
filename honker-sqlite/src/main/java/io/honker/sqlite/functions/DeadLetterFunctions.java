package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.INTEGER;
import static io.honker.sqlite.functions.Parameter.TEXT;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that move jobs to the dead letters, or may. */
final class DeadLetterFunctions {

  /** What a dead letter keeps of its job. */
  private static final String KEPT =
      "id, queue, payload, priority, run_at, attempts, max_attempts, created_at";

  /** Copies jobs with an error and the time; the condition follows. */
  private static final String COPY =
      "INSERT INTO _honker_dead("
          + KEPT
          + ", last_error, died_at) SELECT "
          + KEPT
          + ", ?, ? FROM _honker_live WHERE ";

  private DeadLetterFunctions() {}

  static List<SqlFunction> all() {
    return List.of(
        SqlFunction.of("honker_retry", DeadLetterFunctions::retry, INTEGER, TEXT, INTEGER, TEXT),
        SqlFunction.of("honker_fail", DeadLetterFunctions::fail, INTEGER, TEXT, TEXT),
        SqlFunction.of("honker_sweep_expired", DeadLetterFunctions::sweepExpired, TEXT));
  }

  private static Object retry(Arguments in, NestedSql sql) throws SQLException {
    boolean claimed =
        isThere(
            """
            SELECT 1 FROM _honker_live
            WHERE id = ? AND worker_id = ? AND claim_expires_at >= ? AND state = 'processing'""",
            in,
            sql);
    return claimed ? sql.atomically(() -> retryOrBury(in, sql)) : Long.valueOf(0);
  }

  /** Checks once more who has the job: until here nothing kept others from taking it. */
  private static long retryOrBury(Arguments in, NestedSql sql) throws SQLException {
    long retried =
        sql.update(
            """
            UPDATE _honker_live
            SET state = 'pending', run_at = ? + ?, worker_id = NULL, claim_expires_at = NULL
            WHERE id = ? AND worker_id = ? AND claim_expires_at >= ? AND state = 'processing'
              AND attempts < max_attempts""",
            in.now(),
            in.integer(2),
            in.integer(0),
            in.text(1),
            in.now());
    return retried > 0
        ? retried
        : bury(
            "id = ? AND worker_id = ? AND claim_expires_at >= ? AND state = 'processing'",
            in.text(3),
            in.now(),
            sql,
            in.integer(0),
            in.text(1),
            in.now());
  }

  private static Object fail(Arguments in, NestedSql sql) throws SQLException {
    boolean claimed =
        isThere(
            """
            SELECT 1 FROM _honker_live WHERE id = ? AND worker_id = ? AND claim_expires_at >= ?""",
            in,
            sql);
    return claimed
        ? sql.atomically(
            () ->
                bury(
                    "id = ? AND worker_id = ? AND claim_expires_at >= ?",
                    in.text(2),
                    in.now(),
                    sql,
                    in.integer(0),
                    in.text(1),
                    in.now()))
        : Long.valueOf(0);
  }

  /** A failure counts as "not there", and so the transaction can begin with a write. */
  private static boolean isThere(String query, Arguments in, NestedSql sql) {
    return sql.orIfItFails(0L, () -> sql.integer(query, in.integer(0), in.text(1), in.now())) == 1;
  }

  private static Object sweepExpired(Arguments in, NestedSql sql) throws SQLException {
    return sql.atomically(
        () ->
            bury(
                "queue = ? AND state = 'pending' AND expires_at IS NOT NULL AND expires_at <= ?",
                "expired",
                in.now(),
                sql,
                in.text(0),
                in.now()));
  }

  /** Moves the jobs that a claim meets and that have no attempt left. */
  static void buryExhausted(String queue, long now, NestedSql sql) throws SQLException {
    bury(
        "queue = ? AND attempts >= max_attempts AND (expires_at IS NULL OR expires_at > ?)"
            + " AND ((state = 'pending' AND run_at <= ?)"
            + " OR (state = 'processing' AND claim_expires_at < ?))",
        "max attempts exceeded",
        now,
        sql,
        queue,
        now,
        now,
        now);
  }

  /**
   * Moves the jobs that a condition holds for and returns how many. The copy comes first: where no
   * savepoint is to be had, a failure in between must not lose a job.
   */
  private static long bury(
      String condition, String error, long now, NestedSql sql, @Nullable Object... values)
      throws SQLException {
    @Nullable Object[] all = new Object[values.length + 2];
    all[0] = error;
    all[1] = now;
    System.arraycopy(values, 0, all, 2, values.length);
    List<Long> dead =
        sql.rows(COPY + condition + " RETURNING " + KEPT, DeadLetterFunctions::checked, all);
    for (Long id : dead) {
      sql.update("DELETE FROM _honker_live WHERE id = ?", id);
    }
    return dead.size();
  }

  /** Refuses a row that no honker wrote, as the original does, and returns its id. */
  private static long checked(StrictRow row) throws SQLException {
    row.text(1);
    row.text(2);
    for (int index = 3; index < 8; index++) {
      row.integer(index);
    }
    return row.integer(0);
  }
}
