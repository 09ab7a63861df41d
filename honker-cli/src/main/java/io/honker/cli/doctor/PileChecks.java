package io.honker.cli.doctor;

import java.sql.SQLException;

/** Rows that pile up because nobody removes them. */
final class PileChecks {

  private static final long MANY_NOTIFICATIONS = 100_000;
  private static final long MANY_RESULTS = 10_000;

  private final Examination examination;

  PileChecks(Examination examination) {
    this.examination = examination;
  }

  void notifications() throws SQLException {
    if (!examination.hasTable("_honker_notifications")) {
      return;
    }
    long count = examination.number("SELECT count(*) FROM _honker_notifications");
    if (count >= MANY_NOTIFICATIONS) {
      examination.found(
          "notifications-many",
          Severity.WARNING,
          count + " notifications are stored, and nobody prunes them",
          "prune them regularly: honker.notifications().prune(...)");
    }
  }

  void results() throws SQLException {
    long count =
        examination.number(
            "SELECT count(*) FROM _honker_results WHERE expires_at <= ?", examination.now());
    if (count >= MANY_RESULTS) {
      examination.found(
          "results-expired",
          Severity.NOTE,
          count + " results have expired and are still stored",
          "sweep them regularly: honker.results().sweep()");
    }
  }
}
