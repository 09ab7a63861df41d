package io.honker.sqlite.internal;

/**
 * Goes through the words and symbols of an SQL text, past comments, strings and quoted names. Knows
 * just enough of SQL to tell where a statement belongs; what is wrong in it SQLite will say.
 */
final class SqlScanner {

  private final String sql;
  private int start;
  private int end;
  private int depth;

  SqlScanner(String sql) {
    this.sql = sql;
  }

  /** Moves to the next word or symbol; false at the end. */
  boolean next() {
    start = end;
    while (start < sql.length()) {
      int after = skipped(start);
      if (after == start) {
        end = isWordPart(sql.charAt(start)) ? endOfWord(start) : start + 1;
        countParenthesis();
        return true;
      }
      start = after;
    }
    end = start;
    return false;
  }

  private void countParenthesis() {
    if (isSymbol('(')) {
      depth++;
    } else if (isSymbol(')')) {
      depth--;
    }
  }

  /** How many parentheses are open behind the current symbol. */
  int depth() {
    return depth;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  boolean isSymbol(char symbol) {
    return end == start + 1 && sql.charAt(start) == symbol;
  }

  boolean isWord(String word) {
    return end - start == word.length() && startsWith(word);
  }

  boolean startsWith(String prefix) {
    return sql.regionMatches(true, start, prefix, 0, prefix.length());
  }

  /** The current word in upper case, or the symbol. */
  String text() {
    return sql.substring(start, end).toUpperCase(java.util.Locale.ROOT);
  }

  /** Where the text goes on behind white space, a comment or a quoted part that begins here. */
  private int skipped(int from) {
    char c = sql.charAt(from);
    if (c <= ' ' || c == '\uFEFF') {
      return from + 1;
    }
    return switch (c) {
      case '\'', '"', '`' -> behindQuote(from, c);
      case '[' -> behind("]", from + 1);
      case '-' -> sql.startsWith("--", from) ? behind("\n", from + 2) : from;
      case '/' -> sql.startsWith("/*", from) ? behind("*/", from + 2) : from;
      default -> from;
    };
  }

  /** A doubled quote looks like the beginning of another quoted part, which comes to the same. */
  private int behindQuote(int from, char quote) {
    int closing = sql.indexOf(quote, from + 1);
    return closing < 0 ? sql.length() : closing + 1;
  }

  private int behind(String closing, int from) {
    int at = sql.indexOf(closing, from);
    return at < 0 ? sql.length() : at + closing.length();
  }

  private int endOfWord(int from) {
    int i = from;
    while (i < sql.length() && isWordPart(sql.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isWordPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '$'
        || c >= 128;
  }
}
