package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.INTEGER;
import static io.honker.sqlite.functions.Parameter.INTEGER_OR_NULL;
import static io.honker.sqlite.functions.Parameter.TEXT;

import java.sql.SQLException;
import java.util.List;

/** Functions on jobs that are live. Sums that SQLite computes become REAL beyond 64 bits. */
final class QueueFunctions {

  private QueueFunctions() {}

  static List<SqlFunction> all() {
    return List.of(
        SqlFunction.of(
            "honker_enqueue",
            QueueFunctions::enqueue,
            TEXT,
            TEXT,
            INTEGER_OR_NULL,
            INTEGER_OR_NULL,
            INTEGER,
            INTEGER,
            INTEGER_OR_NULL),
        SqlFunction.of(
            "honker_claim_batch", QueueFunctions::claimBatch, TEXT, TEXT, INTEGER, INTEGER),
        SqlFunction.of("honker_ack", QueueFunctions::ack, INTEGER, TEXT),
        SqlFunction.of("honker_ack_batch", QueueFunctions::ackBatch, TEXT, TEXT),
        SqlFunction.of("honker_heartbeat", QueueFunctions::heartbeat, INTEGER, TEXT, INTEGER),
        SqlFunction.of("honker_cancel", QueueFunctions::cancel, INTEGER),
        SqlFunction.of("honker_get_job", QueueFunctions::getJob, INTEGER),
        SqlFunction.of("honker_queue_next_claim_at", QueueFunctions::nextClaimAt, TEXT));
  }

  private static Object enqueue(Arguments in, NestedSql sql) throws SQLException {
    Long runAt = in.integerOrNull(2);
    Long delay = in.integerOrNull(3);
    Job job =
        new Job(
            in.text(0),
            in.text(1),
            delay != null ? Long.valueOf(in.now() + delay) : runAt,
            in.integer(4),
            in.integer(5),
            in.integerOrNull(6));
    return job.insert(sql, in.now());
  }

  private static Object claimBatch(Arguments in, NestedSql sql) throws SQLException {
    return sql.atomically(
        () -> {
          DeadLetterFunctions.buryExhausted(in.text(0), in.now(), sql);
          return JsonObject.array(claim(in, sql));
        });
  }

  private static List<JsonObject> claim(Arguments in, NestedSql sql) throws SQLException {
    long now = in.now();
    return sql.rows(
        """
        UPDATE _honker_live
        SET state = 'processing', worker_id = ?, claim_expires_at = ? + ?, attempts = attempts + 1
        WHERE id IN (
          SELECT id FROM _honker_live
          WHERE queue = ? AND state IN ('pending', 'processing') AND attempts < max_attempts
            AND (expires_at IS NULL OR expires_at > ?)
            AND ((state = 'pending' AND run_at <= ?)
              OR (state = 'processing' AND claim_expires_at < ?))
          ORDER BY priority DESC, run_at, id LIMIT ?)
        RETURNING id, queue, payload, worker_id, attempts, claim_expires_at""",
        row ->
            new JsonObject()
                .put("attempts", row.integer(4))
                .put("claim_expires_at", row.integer(5))
                .put("id", row.integer(0))
                .put("payload", row.text(2))
                .put("queue", row.text(1))
                .put("worker_id", row.text(3)),
        in.text(1),
        now,
        in.integer(3),
        in.text(0),
        now,
        now,
        now,
        in.integer(2));
  }

  private static Object ack(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        "DELETE FROM _honker_live WHERE id = ? AND worker_id = ? AND claim_expires_at >= ?",
        in.integer(0),
        in.text(1),
        in.now());
  }

  private static Object ackBatch(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        """
        DELETE FROM _honker_live
        WHERE id IN (SELECT value FROM json_each(?)) AND worker_id = ? AND claim_expires_at >= ?""",
        in.text(0),
        in.text(1),
        in.now());
  }

  private static Object heartbeat(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        """
        UPDATE _honker_live SET claim_expires_at = ? + ?
        WHERE id = ? AND worker_id = ? AND state = 'processing' AND claim_expires_at >= ?""",
        in.now(),
        in.integer(2),
        in.integer(0),
        in.text(1),
        in.now());
  }

  private static Object cancel(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        "DELETE FROM _honker_live WHERE id = ? AND state IN ('pending', 'processing')",
        in.integer(0));
  }

  private static Object getJob(Arguments in, NestedSql sql) {
    return sql.orIfItFails(
        "",
        () ->
            sql.first(
                    """
                    SELECT id, queue, payload, state, priority, run_at, worker_id, claim_expires_at,
                      attempts, max_attempts, created_at, expires_at
                    FROM _honker_live WHERE id = ?""",
                    QueueFunctions::job,
                    in.integer(0))
                .map(JsonObject::toString)
                .orElse(""));
  }

  private static JsonObject job(StrictRow row) throws SQLException {
    return new JsonObject()
        .put("attempts", row.integer(8))
        .put("claim_expires_at", row.integerOrNull(7))
        .put("created_at", row.integer(10))
        .put("expires_at", row.integerOrNull(11))
        .put("id", row.integer(0))
        .put("max_attempts", row.integer(9))
        .put("payload", row.text(2))
        .put("priority", row.integer(4))
        .put("queue", row.text(1))
        .put("run_at", row.integer(5))
        .put("state", row.text(3))
        .put("worker_id", row.textOrNull(6));
  }

  private static Object nextClaimAt(Arguments in, NestedSql sql) {
    long now = in.now();
    return sql.orIfItFails(
        0L,
        () ->
            sql.integer(
                """
                SELECT coalesce(min(at), 0) FROM (
                  SELECT min(run_at) AS at FROM _honker_live
                  WHERE queue = ? AND state = 'pending' AND run_at > ?
                    AND attempts < max_attempts AND (expires_at IS NULL OR expires_at > ?)
                  UNION ALL
                  SELECT min(claim_expires_at) + 1 FROM _honker_live
                  WHERE queue = ? AND state = 'processing' AND claim_expires_at >= ?
                    AND attempts < max_attempts AND (expires_at IS NULL OR expires_at > ?))""",
                in.text(0),
                now,
                now,
                in.text(0),
                now,
                now));
  }
}
