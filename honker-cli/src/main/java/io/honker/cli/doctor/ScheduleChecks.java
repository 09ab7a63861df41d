package io.honker.cli.doctor;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Schedules that nobody fires or can read, and locks that nobody holds any more. */
final class ScheduleChecks {

  private static final String SHARED =
      "SELECT name, cron_expr, NULL, next_fire_at, enabled FROM _honker_scheduler_tasks";

  private static final String OWN =
      "SELECT name, expression, zone, next_fire_at, enabled FROM _honkerj_schedules";

  private static final String HELD =
      "SELECT count(*) FROM _honker_locks WHERE name = ? AND expires_at > ?";

  private static final String EXPIRED_LOCKS =
      "SELECT name FROM _honker_locks WHERE expires_at <= ? ORDER BY name";

  /** Leaders fire within a second; standbys take over within a minute. */
  private static final long LATE_SECONDS = 120;

  private final Examination examination;
  private final Reference reference;

  ScheduleChecks(Examination examination, Reference reference) {
    this.examination = examination;
    this.reference = reference;
  }

  void shared() throws SQLException {
    if (examination.hasColumn("_honker_scheduler_tasks", "enabled")) {
      check(SHARED, "honker-scheduler", true);
    }
  }

  void own() throws SQLException {
    if (examination.hasTable("_honkerj_schedules")) {
      check(OWN, "honkerj-scheduler", false);
    }
  }

  private void check(String sql, String lock, boolean shared) throws SQLException {
    List<String> late = new ArrayList<>();
    long[] earliest = {Long.MAX_VALUE};
    examination.each(
        row -> {
          String name = row.getString(1);
          Instant now = Instant.ofEpochSecond(examination.now());
          Optional<String> problem =
              shared
                  ? reference.problemOfShared(row.getString(2), now)
                  : reference.problemOfOwn(row.getString(2), row.getString(3), now);
          problem.ifPresent(reason -> unreadable(name, reason));
          long next = row.getLong(4);
          if (row.getInt(5) != 0 && next < examination.now() - LATE_SECONDS) {
            late.add(name);
            earliest[0] = Math.min(earliest[0], next);
          }
        },
        sql);
    if (!late.isEmpty()) {
      overdue(late, earliest[0], lock);
    }
  }

  private void unreadable(String name, String reason) {
    examination.found(
        "schedule-unreadable",
        Severity.ERROR,
        name,
        "the expression of the schedule " + name + " cannot be read: " + reason,
        "register it again with a right expression, or remove it; older honkers fire no schedule at"
            + " all while it is there");
  }

  private void overdue(List<String> names, long earliest, String lock) throws SQLException {
    boolean led = examination.number(HELD, lock, examination.now()) > 0;
    examination.found(
        "schedules-overdue",
        Severity.WARNING,
        "schedules overdue for "
            + examination.since(earliest)
            + " at most: "
            + Examination.some(names)
            + "; "
            + (led
                ? "a process holds the lock " + lock + " but does not fire"
                : "nobody holds the lock " + lock + ", so no scheduler runs"),
        led
            ? "look into the process that holds the lock: honker locks FILE"
            : "start a scheduler: honker.scheduler().start()");
  }

  void locks() throws SQLException {
    List<String> names = examination.texts(EXPIRED_LOCKS, examination.now());
    if (!names.isEmpty()) {
      examination.found(
          "locks-expired",
          Severity.NOTE,
          "locks whose holder let the lease end without releasing them: " + Examination.some(names),
          "nothing to do, they are free; if a process died, find out why");
    }
  }
}
