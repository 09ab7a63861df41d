package io.honker.cli.doctor;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Bridges that wait for somebody, and under which identity the file speaks to others. */
final class BridgeChecks {

  private final Examination examination;
  private final FileHeader header;

  BridgeChecks(Examination examination, FileHeader header) {
    this.examination = examination;
    this.header = header;
  }

  void broken() throws SQLException {
    if (!examination.hasTable("_honkerj_bridges")) {
      return;
    }
    examination.each(
        row ->
            examination.found(
                "bridge-broken",
                Severity.ERROR,
                row.getString(1),
                "bridge \""
                    + row.getString(1)
                    + "\" has waited for "
                    + examination.since(row.getLong(2))
                    + ": "
                    + row.getString(3),
                "honker.bridges().rewind(name) goes back to where the broker is; acceptLoss(name)"
                    + " goes on without what is nowhere any more"),
        "SELECT name, since, detail FROM _honkerj_bridges WHERE state = 'BROKEN' ORDER BY name");
  }

  void identity() throws SQLException {
    if (!examination.hasTable("_honkerj_origins")
        || examination.number("SELECT count(*) FROM _honkerj_origins") == 0) {
      return;
    }
    List<String> said =
        examination.texts("SELECT value FROM _honkerj_meta WHERE key = 'file_identity'");
    if (!Objects.equals(said.isEmpty() ? null : said.get(0), header.number())) {
      examination.found(
          "unopened-copy",
          Severity.NOTE,
          "the file is a copy, was restored, or was moved here from another file system, and nobody"
              + " has opened it since",
          "nothing to do; the library begins another identity for its bridges when it opens the"
              + " file, so that it does not speak for the original");
    }
  }
}
