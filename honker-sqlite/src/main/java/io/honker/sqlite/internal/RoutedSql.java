package io.honker.sqlite.internal;

import org.jspecify.annotations.Nullable;

/** One SQL text of the application and what is known of it. */
final class RoutedSql {

  /** Who can run a statement in auto-commit mode. */
  enum Place {
    /** Any reader. */
    READER,
    /** The writer. */
    WRITER,
    /** Nobody but the connection itself, which has no SQLite connection to ask. */
    CONNECTION
  }

  private final String text;
  private final SqlKind kind;
  private final boolean kept;
  private final @Nullable String keyColumn;
  private @Nullable Place place;

  /**
   * Looks at a text.
   *
   * @param kept whether its physical statements are kept for the next time
   * @param keyColumn the label of the generated key; null if none is wanted
   */
  RoutedSql(String text, boolean kept, @Nullable String keyColumn) {
    this.text = text;
    this.kind = SqlKind.of(text);
    this.kept = kept;
    this.keyColumn = keyColumn != null && makesRowId() ? keyColumn : null;
  }

  /** An upsert that updates makes no row id, and SQLite would tell that of an earlier insert. */
  private boolean makesRowId() {
    return kind == SqlKind.INSERT && !SqlKind.mentions(text, "conflict");
  }

  String text() {
    return text;
  }

  SqlKind kind() {
    return kind;
  }

  boolean isKept() {
    return kept;
  }

  /** The label of the generated key, null if there is none to tell. */
  @Nullable String keyColumn() {
    return keyColumn;
  }

  /** Where it runs in auto-commit mode, as far as its text tells. */
  Place place() {
    Place known = place;
    if (known == null) {
      known = placeOf(text);
      place = known;
    }
    return known;
  }

  private Place placeOf(String sql) {
    if (kind != SqlKind.QUERY || SqlKind.callsWritingFunction(sql)) {
      return Place.WRITER;
    }
    return SqlKind.asksForEarlierChange(sql) ? Place.CONNECTION : Place.READER;
  }

  /** Whether it asks for the last row id and nothing else, as Hibernate's dialect does. */
  boolean isLastRowId() {
    return "select last_insert_rowid()".equalsIgnoreCase(text.strip());
  }
}
