package io.honker.cli.doctor;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Under which identity the file speaks to others. */
final class IdentityChecks {

  private final Examination examination;
  private final FileHeader header;

  IdentityChecks(Examination examination, FileHeader header) {
    this.examination = examination;
    this.header = header;
  }

  void run() throws SQLException {
    if (!examination.hasTable("_honkerj_origins")
        || examination.number("SELECT count(*) FROM _honkerj_origins") == 0) {
      return; // it speaks for nobody
    }
    if (isUnopenedCopy(examination, header)) {
      examination.found(
          "unopened-copy",
          Severity.NOTE,
          "the file is a copy, was restored, or was moved here from another file system, and nobody"
              + " has opened it since",
          "nothing to do; the library begins another identity for its bridges when it opens the"
              + " file, so that it does not speak for the original");
    }
  }

  /** Whether the file is not the one that the library has opened last. */
  static boolean isUnopenedCopy(Examination examination, FileHeader header) throws SQLException {
    if (!examination.hasTable("_honkerj_meta")) {
      return false;
    }
    List<String> said =
        examination.texts("SELECT value FROM _honkerj_meta WHERE key = 'file_identity'");
    return !Objects.equals(said.isEmpty() ? null : said.get(0), header.number());
  }
}
