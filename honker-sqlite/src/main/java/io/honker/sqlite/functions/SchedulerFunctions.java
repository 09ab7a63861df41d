package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.INTEGER;
import static io.honker.sqlite.functions.Parameter.INTEGER_OR_NULL;
import static io.honker.sqlite.functions.Parameter.TEXT;
import static io.honker.sqlite.functions.Parameter.TEXT_OR_NULL;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions on schedules; {@code honker_scheduler_tick} is in {@link SchedulerTick}. */
final class SchedulerFunctions {

  private static final long DEFAULT_MAX_ATTEMPTS = 3;

  private SchedulerFunctions() {}

  static List<SqlFunction> all() {
    return List.of(
        SqlFunction.of(
            "honker_scheduler_register",
            (in, sql) -> register(in, DEFAULT_MAX_ATTEMPTS, sql),
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            INTEGER,
            INTEGER_OR_NULL),
        SqlFunction.of(
            "honker_scheduler_register",
            (in, sql) -> register(in, in.integer(6), sql),
            TEXT,
            TEXT,
            TEXT,
            TEXT,
            INTEGER,
            INTEGER_OR_NULL,
            INTEGER),
        SqlFunction.of(
            "honker_scheduler_update",
            (in, sql) -> update(in, null, sql),
            TEXT,
            TEXT_OR_NULL,
            TEXT_OR_NULL,
            INTEGER_OR_NULL,
            INTEGER_OR_NULL,
            INTEGER),
        SqlFunction.of(
            "honker_scheduler_update",
            (in, sql) -> update(in, newMaxAttempts(in), sql),
            TEXT,
            TEXT_OR_NULL,
            TEXT_OR_NULL,
            INTEGER_OR_NULL,
            INTEGER_OR_NULL,
            INTEGER,
            INTEGER_OR_NULL,
            INTEGER),
        SqlFunction.of("honker_scheduler_unregister", SchedulerFunctions::unregister, TEXT),
        SqlFunction.of("honker_scheduler_pause", (in, sql) -> enable(in, false, sql), TEXT),
        SqlFunction.of("honker_scheduler_resume", (in, sql) -> enable(in, true, sql), TEXT),
        SqlFunction.of("honker_scheduler_soonest", (in, sql) -> soonest(sql)),
        SqlFunction.of("honker_scheduler_list", (in, sql) -> list(sql)),
        SqlFunction.of(
            "honker_cron_next_after",
            (in, sql) -> CronTimes.next(in.text(0), in.integer(1)),
            TEXT,
            INTEGER));
  }

  private static Object register(Arguments in, long maxAttempts, NestedSql sql)
      throws SQLException {
    sql.update(
        """
        INSERT INTO _honker_scheduler_tasks(
          name, queue, cron_expr, payload, priority, expires_s, next_fire_at, max_attempts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT(name) DO UPDATE SET queue = excluded.queue, cron_expr = excluded.cron_expr,
          payload = excluded.payload, priority = excluded.priority,
          expires_s = excluded.expires_s, next_fire_at = excluded.next_fire_at,
          max_attempts = excluded.max_attempts""",
        in.text(0),
        in.text(1),
        in.text(2),
        in.text(3),
        in.integer(4),
        in.integerOrNull(5),
        CronTimes.next(in.text(2), in.now()),
        Math.max(1, maxAttempts));
    return 1L;
  }

  /** Null leaves it; a touch flag makes the argument count, and null then means the default. */
  private static @Nullable Long newMaxAttempts(Arguments in) {
    Long given = in.integerOrNull(6);
    if (in.integer(7) == 0) {
      return null;
    }
    return given == null ? DEFAULT_MAX_ATTEMPTS : Math.max(1, given);
  }

  private static Object update(Arguments in, @Nullable Long maxAttempts, NestedSql sql)
      throws SQLException {
    String expression = in.textOrNull(1);
    boolean touchExpires = in.integer(5) != 0;
    boolean changesSomething =
        expression != null
            || in.textOrNull(2) != null
            || in.integerOrNull(3) != null
            || touchExpires
            || maxAttempts != null;
    if (!changesSomething || !exists(in.text(0), sql)) {
      return 0L;
    }
    return sql.update(
        """
        UPDATE _honker_scheduler_tasks
        SET cron_expr = coalesce(?, cron_expr), next_fire_at = coalesce(?, next_fire_at),
          payload = coalesce(?, payload), priority = coalesce(?, priority),
          expires_s = CASE WHEN ? THEN ? ELSE expires_s END,
          max_attempts = coalesce(?, max_attempts)
        WHERE name = ?""",
        expression,
        expression == null ? null : Long.valueOf(CronTimes.next(expression, in.now())),
        in.textOrNull(2),
        in.integerOrNull(3),
        touchExpires,
        in.integerOrNull(4),
        maxAttempts,
        in.text(0));
  }

  private static boolean exists(String name, NestedSql sql) {
    return sql.orIfItFails(
            0L, () -> sql.integer("SELECT 1 FROM _honker_scheduler_tasks WHERE name = ?", name))
        == 1;
  }

  private static Object unregister(Arguments in, NestedSql sql) throws SQLException {
    return sql.update("DELETE FROM _honker_scheduler_tasks WHERE name = ?", in.text(0));
  }

  private static Object enable(Arguments in, boolean enabled, NestedSql sql) throws SQLException {
    return sql.update(
        "UPDATE _honker_scheduler_tasks SET enabled = ? WHERE name = ? AND enabled = ?",
        enabled,
        in.text(0),
        !enabled);
  }

  private static Object soonest(NestedSql sql) {
    return sql.orIfItFails(
        0L,
        () ->
            sql.integer(
                """
                SELECT coalesce(min(next_fire_at), 0) FROM _honker_scheduler_tasks
                WHERE enabled = 1"""));
  }

  private static Object list(NestedSql sql) throws SQLException {
    return JsonObject.array(
        sql.rows(
            """
            SELECT name, queue, cron_expr, payload, priority, expires_s, next_fire_at, enabled,
              max_attempts
            FROM _honker_scheduler_tasks ORDER BY name""",
            row ->
                new JsonObject()
                    .put("cron_expr", row.text(2))
                    .put("enabled", row.integer(7) != 0)
                    .put("expires_s", row.integerOrNull(5))
                    .put("max_attempts", row.integer(8))
                    .put("name", row.text(0))
                    .put("next_fire_at", row.integer(6))
                    .put("payload", row.text(3))
                    .put("priority", row.integer(4))
                    .put("queue", row.text(1))));
  }
}
