package io.honker.cli.doctor;

import java.sql.SQLException;
import java.util.List;

/** Whether the tables are there, and of a version that this library knows. */
final class SchemaChecks {

  private static final String OWN = "_honkerj_";

  private final Examination examination;
  private final Reference reference;

  SchemaChecks(Examination examination, Reference reference) {
    this.examination = examination;
    this.reference = reference;
  }

  /** Tells what is missing, and whether it makes sense to look further. */
  boolean run() throws SQLException {
    if (!examination.hasTable("_honker_live")) {
      examination.found(
          "schema-missing",
          Severity.ERROR,
          "there are no tables of honker in the file",
          "check that it is the right file; opening it with the library, or \"honker sql FILE"
              + " 'SELECT honker_bootstrap()'\", makes them");
      return false;
    }
    boolean own = examination.hasTable("_honkerj_meta");
    if (own) {
      version();
    } else {
      examination.found(
          "schema-shared-only",
          Severity.NOTE,
          "no Honker for Java has opened the file yet",
          "nothing to do; the first one adds tables of its own, which others ignore");
    }
    columns(own);
    indexes(own);
    return true;
  }

  private void version() throws SQLException {
    List<String> found =
        examination.texts("SELECT value FROM _honkerj_meta WHERE key = 'schema_version'");
    String version = found.isEmpty() ? "missing" : found.get(0);
    long known = reference.schemaVersion();
    if (!version.matches("[0-9]{1,9}")) {
      examination.found(
          "schema-version-unreadable",
          Severity.ERROR,
          "the schema version is \"" + version + "\", which no Honker for Java writes",
          "find out who changed the table _honkerj_meta, and restore it from a backup");
    } else if (Long.parseLong(version) > known) {
      examination.found(
          "schema-newer",
          Severity.ERROR,
          "a newer Honker for Java wrote the file: its schema version is "
              + version
              + ", this one knows "
              + known,
          "upgrade the library and this tool; until then this version refuses to open the file");
    } else if (Long.parseLong(version) < known) {
      examination.found(
          "schema-older",
          Severity.NOTE,
          "the schema version is " + version + ", this version of the library writes " + known,
          "nothing to do; the library upgrades the file when it opens it next");
    }
  }

  private void columns(boolean own) throws SQLException {
    List<String> missing = wanted(reference.missingColumns(examination), own);
    if (!missing.isEmpty()) {
      examination.found(
          "schema-incomplete",
          Severity.ERROR,
          "tables or columns are missing: " + Examination.some(missing),
          "open the file once with the library, which makes what is missing; what was in a table"
              + " that was dropped is in a backup at best");
    }
  }

  private void indexes(boolean own) throws SQLException {
    List<String> missing = wanted(reference.missingIndexes(examination), own);
    if (!missing.isEmpty()) {
      examination.found(
          "index-missing",
          Severity.WARNING,
          "indexes are missing: " + Examination.some(missing),
          "open the file once with the library, which makes them");
    }
  }

  /** Our own tables are not missed in files that no Java process has opened. */
  private static List<String> wanted(List<String> missing, boolean own) {
    return missing.stream().filter(name -> own || !name.startsWith(OWN)).toList();
  }
}
