package io.honker.cli.doctor;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/** Jobs that nobody runs, and jobs that died. */
final class QueueChecks {

  private static final String OVERDUE =
      """
      SELECT queue, count(*), min(run_at) FROM _honker_live
      WHERE state = 'pending' AND run_at <= ?2 AND attempts < max_attempts
        AND (expires_at IS NULL OR expires_at > ?1)
      GROUP BY queue""";

  private static final String LAPSED =
      """
      SELECT queue, count(*), min(claim_expires_at) FROM _honker_live
      WHERE state = 'processing' AND claim_expires_at < ?2 AND attempts < max_attempts
        AND (expires_at IS NULL OR expires_at > ?1)
      GROUP BY queue""";

  private static final String EXHAUSTED =
      """
      SELECT queue, count(*), 0 FROM _honker_live
      WHERE attempts >= max_attempts
        AND (state = 'pending' AND run_at <= ?1 OR state = 'processing' AND claim_expires_at < ?1)
      GROUP BY queue""";

  private static final String EXPIRED =
      """
      SELECT queue, count(*), min(expires_at) FROM _honker_live
      WHERE expires_at <= ?2 AND attempts < max_attempts
        AND (state = 'pending' OR claim_expires_at < ?1)
      GROUP BY queue""";

  private static final String DEAD =
      """
      SELECT queue, count(*), sum(died_at > ?1) FROM _honker_dead GROUP BY queue""";

  private static final long RECENT_SECONDS = 3_600;
  private static final long MANY_DEAD = 10_000;

  private final Examination examination;
  private final long limit;
  private final Set<String> paused = new HashSet<>();

  QueueChecks(Examination examination, DoctorSettings settings) {
    this.examination = examination;
    this.limit = examination.now() - settings.overdue().toSeconds();
  }

  void run() throws SQLException {
    if (examination.hasTable("_honkerj_queues")) {
      paused.addAll(examination.texts("SELECT name FROM _honkerj_queues WHERE paused <> 0"));
    }
    examination.each(
        row -> overdue(row.getString(1), row.getLong(2), row.getLong(3)),
        OVERDUE,
        examination.now(),
        limit);
    examination.each(
        row -> lapsed(row.getString(1), row.getLong(2), row.getLong(3)),
        LAPSED,
        examination.now(),
        limit);
    examination.each(
        row -> exhausted(row.getString(1), row.getLong(2)), EXHAUSTED, examination.now());
    examination.each(
        row -> expired(row.getString(1), row.getLong(2)), EXPIRED, examination.now(), limit);
  }

  void dead() throws SQLException {
    examination.each(
        row -> dead(row.getString(1), row.getLong(2), row.getLong(3)),
        DEAD,
        examination.now() - RECENT_SECONDS);
  }

  private void overdue(String queue, long count, long since) {
    if (paused.contains(queue)) {
      examination.found(
          "queue-paused",
          Severity.NOTE,
          queue,
          "the queue " + queue + " is paused, and " + jobs(count) + " wait",
          "resume it when its jobs may run: queue.resume()");
    } else {
      examination.found(
          "jobs-overdue",
          Severity.WARNING,
          queue,
          jobs(count)
              + " of the queue "
              + queue
              + " are due, for "
              + examination.since(since)
              + " at most, and nobody claims them",
          "start a worker for the queue, or more of them");
    }
  }

  private void lapsed(String queue, long count, long since) {
    examination.found(
        "leases-expired",
        Severity.WARNING,
        queue,
        jobs(count)
            + " of the queue "
            + queue
            + " were claimed by workers whose lease ended, "
            + examination.since(since)
            + " ago at most, and nobody claims them again",
        "start a worker for the queue; find out why the old one died or was stuck");
  }

  private void exhausted(String queue, long count) {
    examination.found(
        "jobs-exhausted",
        Severity.WARNING,
        queue,
        jobs(count)
            + " of the queue "
            + queue
            + " have no attempts left and are not in the dead"
            + " letters yet",
        "the next claim moves them there; start a worker for the queue");
  }

  private void expired(String queue, long count) {
    examination.found(
        "jobs-expired",
        Severity.WARNING,
        queue,
        jobs(count) + " of the queue " + queue + " expired before anybody claimed them",
        "a claim moves them to the dead letters, or queue.sweepExpired(); start a worker");
  }

  private void dead(String queue, long count, long recent) {
    if (recent > 0) {
      examination.found(
          "dead-growing",
          Severity.WARNING,
          queue,
          jobs(recent) + " of the queue " + queue + " died in the last hour, " + count + " in all",
          "see why: honker dead list FILE " + queue + "; then requeue or purge them");
    }
    if (count >= MANY_DEAD) {
      examination.found(
          "dead-many",
          Severity.NOTE,
          queue,
          jobs(count) + " lie in the dead letters of the queue " + queue,
          "purge what nobody will look at: honker dead purge FILE " + queue + " --older-than 30d");
    }
  }

  private static String jobs(long count) {
    return Examination.jobs(count);
  }
}
