package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.INTEGER;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code honker_scheduler_tick}: enqueues what is due. A schedule that was not looked after for
 * long catches up, up to a limit; what is beyond it is dropped.
 */
final class SchedulerTick {

  private static final int LARGEST_CATCH_UP = 64;

  private record Task(
      String name,
      String queue,
      String expression,
      String payload,
      long priority,
      @Nullable Long expires,
      long nextFireAt,
      long maxAttempts) {}

  private SchedulerTick() {}

  static List<SqlFunction> all() {
    return List.of(SqlFunction.of("honker_scheduler_tick", SchedulerTick::tick, INTEGER));
  }

  private static Object tick(Arguments in, NestedSql sql) throws SQLException {
    return sql.atomically(
        () -> {
          // takes the write lock first: nobody else may fire what is read next
          sql.update("UPDATE _honker_scheduler_tasks SET enabled = enabled WHERE 0");
          List<JsonObject> fired = new ArrayList<>();
          for (Task task : due(in.integer(0), sql)) {
            fire(task, in, sql, fired);
          }
          return JsonObject.array(fired);
        });
  }

  private static List<Task> due(long at, NestedSql sql) throws SQLException {
    return sql.rows(
        """
        SELECT name, queue, cron_expr, payload, priority, expires_s, next_fire_at, max_attempts
        FROM _honker_scheduler_tasks WHERE enabled = 1 AND next_fire_at <= ?""",
        row ->
            new Task(
                row.text(0),
                row.text(1),
                row.text(2),
                row.text(3),
                row.integer(4),
                row.integerOrNull(5),
                row.integer(6),
                row.integer(7)),
        at);
  }

  private static void fire(Task task, Arguments in, NestedSql sql, List<JsonObject> fired)
      throws SQLException {
    long until = in.integer(0);
    long next = task.nextFireAt();
    int fires = 0;
    while (next <= until && fires < LARGEST_CATCH_UP) {
      fired.add(enqueue(task, next, in.now(), sql));
      fires++;
      next = CronTimes.next(task.expression(), next);
    }
    if (next <= until) {
      next = CronTimes.next(task.expression(), until);
    }
    sql.update(
        "UPDATE _honker_scheduler_tasks SET next_fire_at = ? WHERE name = ?", next, task.name());
  }

  private static JsonObject enqueue(Task task, long fireAt, long now, NestedSql sql)
      throws SQLException {
    Job job =
        new Job(
            task.queue(),
            task.payload(),
            null,
            task.priority(),
            task.maxAttempts(),
            task.expires());
    return new JsonObject()
        .put("fire_at", fireAt)
        .put("job_id", job.insert(sql, now))
        .put("name", task.name())
        .put("queue", task.queue());
  }
}
