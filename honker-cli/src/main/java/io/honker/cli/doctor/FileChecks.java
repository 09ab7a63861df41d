package io.honker.cli.doctor;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** The file, its log and who writes it. */
final class FileChecks {

  /** The first version of SQLite without the WAL-reset fault. */
  private static final int OLDEST_SAFE = 3_051_003;

  private static final long MUCH_FREE = 100L << 20;

  private final Examination examination;
  private final FileHeader header;
  private final DoctorSettings settings;

  FileChecks(Examination examination, FileHeader header, DoctorSettings settings) {
    this.examination = examination;
    this.header = header;
    this.settings = settings;
  }

  /** Tells damage, and whether there is none. */
  boolean integrity() {
    List<String> verdict;
    try {
      verdict =
          examination.texts(
              settings.full() ? "PRAGMA integrity_check(10)" : "PRAGMA quick_check(10)");
    } catch (SQLException e) {
      verdict = List.of(String.valueOf(e.getMessage()));
    }
    if (verdict.equals(List.of("ok"))) {
      return true;
    }
    examination.found(
        "integrity",
        Severity.ERROR,
        "the file is damaged or no database: " + Examination.some(verdict),
        "stop all processes, keep a copy of the file and its -wal, and restore a backup, or recover"
            + " what can be read with SQLite's .recover");
    return false;
  }

  void journalMode() throws SQLException {
    String mode = examination.texts("PRAGMA journal_mode").get(0).toLowerCase(Locale.ROOT);
    if (!mode.equals("wal")) {
      boolean yetToBeOpened = IdentityChecks.isUnopenedCopy(examination, header);
      examination.found(
          "journal-mode",
          yetToBeOpened ? Severity.NOTE : Severity.WARNING,
          "the journal mode is " + mode + ": readers and the writer wait for each other",
          "open the file with the library, which switches it to WAL, and let nobody switch it back");
    }
  }

  void lastWriter() {
    if (header.lastWriter() > 0 && header.lastWriter() < OLDEST_SAFE) {
      examination.found(
          "old-sqlite",
          Severity.WARNING,
          "SQLite "
              + header.lastWriterText()
              + " has written the file; before 3.51.3 it has the WAL-reset fault, which can damage"
              + " a file that several processes write (the native honker 0.5.1 bundles 3.40.1)",
          "upgrade that program; until it is, keep backups and run doctor often");
    }
  }

  /** NOOP counts and does nothing; a real checkpoint could disturb tools such as Litestream. */
  void log() throws SQLException {
    long pageSize = examination.number("PRAGMA page_size");
    long waiting = waitingFrames("PRAGMA wal_checkpoint(NOOP)");
    if (waiting * pageSize <= settings.maxLogBytes()) {
      return;
    }
    if (!settings.checkpoint()) {
      examination.found(
          "log-backlog",
          Severity.WARNING,
          "the log holds "
              + megabytes(waiting * pageSize)
              + " that are not in the file yet: a"
              + " reader holds an old state, or checkpoints are switched off",
          "doctor --checkpoint tells which, by doing one (not beside Litestream)");
      return;
    }
    long pinned = waitingFrames("PRAGMA wal_checkpoint(PASSIVE)");
    if (pinned > 0) {
      examination.found(
          "log-pinned",
          Severity.WARNING,
          "a reader holds a state that is "
              + megabytes(pinned * pageSize)
              + " of log old, so the"
              + " log grows; SQLite does not tell which process or since when",
          "look for a process with a read transaction or a result set left open (lsof shows who"
              + " has the file open)");
    } else {
      examination.found(
          "log-backlog",
          Severity.WARNING,
          "the log held "
              + megabytes(waiting * pageSize)
              + "; the checkpoint that was asked for"
              + " wrote them to the file, so no reader is to blame: nobody checkpoints",
          "let one process run with wal_autocheckpoint above 0, or checkpoint from time to time");
    }
  }

  private long waitingFrames(String pragma) throws SQLException {
    long[] frames = new long[1];
    examination.each(row -> frames[0] = Math.max(0, row.getLong(2) - row.getLong(3)), pragma);
    return frames[0];
  }

  void freePages() throws SQLException {
    long pageSize = examination.number("PRAGMA page_size");
    long free = examination.number("PRAGMA freelist_count");
    long pages = examination.number("PRAGMA page_count");
    if (free * pageSize > MUCH_FREE && free > pages / 2) {
      examination.found(
          "free-pages",
          Severity.NOTE,
          megabytes(free * pageSize) + " of " + megabytes(pages * pageSize) + " are empty pages",
          "they are used again; VACUUM gives them back, and blocks writers while it runs");
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
