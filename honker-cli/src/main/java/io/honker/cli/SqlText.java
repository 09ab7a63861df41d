package io.honker.cli;

import java.sql.SQLException;
import java.util.Locale;

/** Looks at SQL just far enough to see where a statement ends. */
final class SqlText {

  private SqlText() {}

  /**
   * Refuses text behind a statement's end: the driver would silently drop it. Bodies of triggers
   * hold semicolons of their own and are let through.
   */
  static void refuseSeveral(String sql) throws SQLException {
    if (isTrigger(sql)) {
      return;
    }
    int end = -1;
    for (int i = 0; i < sql.length(); i = next(sql, i)) {
      char c = sql.charAt(i);
      if (end >= 0 && c != ';' && !Character.isWhitespace(c) && !isComment(sql, i)) {
        throw new SQLException("one statement at a time: there is more behind the semicolon");
      }
      if (c == ';') {
        end = i;
      }
    }
  }

  private static boolean isTrigger(String sql) {
    return sql.strip().toUpperCase(Locale.ROOT).matches("(?s)CREATE\\s.*\\bTRIGGER\\b.*");
  }

  private static boolean isComment(String sql, int at) {
    return sql.startsWith("--", at) || sql.startsWith("/*", at);
  }

  /** The place behind what stands at a place: a literal, a comment or a character. */
  private static int next(String sql, int at) {
    if (sql.startsWith("--", at)) {
      return behind(sql, "\n", at + 2);
    }
    if (sql.startsWith("/*", at)) {
      return behind(sql, "*/", at + 2);
    }
    char c = sql.charAt(at);
    return switch (c) {
      case '\'', '"', '`' -> behind(sql, String.valueOf(c), at + 1); // doubled ones begin anew
      case '[' -> behind(sql, "]", at + 1);
      default -> at + 1;
    };
  }

  private static int behind(String sql, String mark, int from) {
    int found = sql.indexOf(mark, from);
    return found < 0 ? sql.length() : found + mark.length();
  }
}
