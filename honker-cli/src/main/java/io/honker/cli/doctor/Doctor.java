package io.honker.cli.doctor;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Examines a database and changes nothing. */
public final class Doctor {

  private final Examination examination;
  private final FileHeader header;
  private final DoctorSettings settings;

  /**
   * Prepares an examination.
   *
   * @param connection a connection that refuses writes
   * @param header the file's header, read before the connection was opened
   * @param settings what is too much
   * @param now the instant that counts as now
   */
  public Doctor(Connection connection, FileHeader header, DoctorSettings settings, Instant now) {
    this.examination = new Examination(connection, now);
    this.header = header;
    this.settings = settings;
  }

  /**
   * Runs all checks that make sense; one that fails is a finding too.
   *
   * @throws IOException if there is no temporary folder to work in
   */
  public List<Finding> examine() throws IOException {
    FileChecks file = new FileChecks(examination, header, settings);
    if (file.integrity()) {
      check("journal-mode", file::journalMode);
      check("old-sqlite", file::lastWriter);
      check("log", file::log);
      check("free-pages", file::freePages);
      try (Reference reference = Reference.open()) {
        SchemaChecks schema = new SchemaChecks(examination, reference);
        check("schema", () -> examineTables(schema.run(), reference));
      }
    }
    return examination.findings();
  }

  private void examineTables(boolean present, Reference reference) {
    if (!present) {
      return;
    }
    QueueChecks queues = new QueueChecks(examination, settings);
    ScheduleChecks schedules = new ScheduleChecks(examination, reference);
    BridgeChecks bridges = new BridgeChecks(examination, settings);
    PileChecks piles = new PileChecks(examination);
    IdentityChecks identity = new IdentityChecks(examination, header);
    check("jobs", queues::run);
    check("dead", queues::dead);
    check("schedules", schedules::shared);
    check("schedules", schedules::own);
    check("locks", schedules::locks);
    check("bridges", bridges::run);
    check("notifications", piles::notifications);
    check("results", piles::results);
    check("identity", identity::run);
  }

  /** One kind of look. */
  @FunctionalInterface
  private interface Check {
    void run() throws SQLException;
  }

  private void check(String name, Check check) {
    try {
      check.run();
    } catch (SQLException e) {
      examination.found(
          "check-failed",
          Severity.ERROR,
          name,
          "the check of " + name + " failed: " + e.getMessage(),
          "if a table or column is missing, see schema-incomplete; else report it");
    }
  }
}
