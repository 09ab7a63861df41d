package io.honker.sqlite.internal;

import org.jspecify.annotations.Nullable;

/** One SQL text of the application and what is known of it. */
final class RoutedSql {

  private final String text;
  private final SqlKind kind;
  private final boolean kept;
  private final @Nullable String keyColumn;
  private @Nullable Boolean reads;

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

  /** Whether a reader can run it, as far as its text tells. */
  boolean reads() {
    if (reads == null) {
      reads = kind == SqlKind.QUERY && !SqlKind.callsWritingFunction(text);
    }
    return reads;
  }
}
