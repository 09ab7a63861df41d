package io.honker.sqlite.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What kind of statement an SQL text is, as far as it decides where it runs. */
enum SqlKind {
  /** Reads, unless it calls a function that writes. */
  QUERY,
  /** Inserts rows and may make row ids. */
  INSERT,
  /** Changes or deletes rows. */
  CHANGE,
  /** Changes the schema, or anything else that needs the writer. */
  OTHER,
  /** Part of a transaction: fine inside one only. */
  SAVEPOINT,
  /** Begins or ends a transaction, which is the connection's business. */
  TRANSACTION,
  /** Changes the physical connection, which others use, too. */
  SHARED_STATE;

  /** These take what looks like a value and do no more than tell something. */
  private static final Set<String> TELLING_PRAGMAS =
      Set.of(
          "COLLATION_LIST",
          "COMPILE_OPTIONS",
          "DATABASE_LIST",
          "FOREIGN_KEY_CHECK",
          "FOREIGN_KEY_LIST",
          "FUNCTION_LIST",
          "INDEX_INFO",
          "INDEX_LIST",
          "INDEX_XINFO",
          "INTEGRITY_CHECK",
          "MODULE_LIST",
          "PRAGMA_LIST",
          "QUICK_CHECK",
          "TABLE_INFO",
          "TABLE_LIST",
          "TABLE_XINFO");

  /** These work on the file, or until the end of the transaction. */
  private static final Set<String> WORKING_PRAGMAS =
      Set.of(
          "APPLICATION_ID",
          "DEFER_FOREIGN_KEYS",
          "INCREMENTAL_VACUUM",
          "OPTIMIZE",
          "USER_VERSION",
          "WAL_CHECKPOINT");

  private static final Set<String> PRAGMAS_THAT_WORK_WITHOUT_VALUE =
      Set.of("INCREMENTAL_VACUUM", "OPTIMIZE", "WAL_CHECKPOINT");

  /** Tells the kind of one statement. */
  static SqlKind of(String sql) {
    SqlScanner scanner = new SqlScanner(sql);
    String verb = firstWord(scanner);
    return switch (verb) {
      case "EXPLAIN" -> QUERY;
      case "WITH" -> behindWith(scanner);
      case "SAVEPOINT", "RELEASE" -> SAVEPOINT;
      case "BEGIN", "COMMIT", "END" -> TRANSACTION;
      case "ROLLBACK" -> ofRollback(scanner);
      case "PRAGMA" -> ofPragma(scanner);
      case "ATTACH", "DETACH" -> SHARED_STATE;
      default -> ofRows(verb);
    };
  }

  private static String firstWord(SqlScanner scanner) {
    while (scanner.next()) {
      if (!scanner.isSymbol('(') && !scanner.isSymbol(';')) {
        return scanner.text();
      }
    }
    return "";
  }

  /** Common table expressions stand in parentheses, the statement's own verb does not. */
  private static SqlKind behindWith(SqlScanner scanner) {
    int outside = scanner.depth();
    SqlKind found = OTHER;
    while (found == OTHER && scanner.next()) {
      if (scanner.depth() <= outside) {
        found = ofRows(scanner.text());
      }
    }
    return found;
  }

  private static SqlKind ofRows(String verb) {
    return switch (verb) {
      case "SELECT", "VALUES" -> QUERY;
      case "INSERT", "REPLACE" -> INSERT;
      case "UPDATE", "DELETE" -> CHANGE;
      default -> OTHER;
    };
  }

  private static SqlKind ofRollback(SqlScanner scanner) {
    boolean more = scanner.next();
    if (more && scanner.isWord("TRANSACTION")) {
      more = scanner.next();
    }
    return more && scanner.isWord("TO") ? SAVEPOINT : TRANSACTION;
  }

  private static SqlKind ofPragma(SqlScanner scanner) {
    String name = firstWord(scanner);
    boolean more = scanner.next();
    if (more && scanner.isSymbol('.')) {
      name = firstWord(scanner);
      more = scanner.next();
    }
    if (!more || scanner.isSymbol(';')) {
      return PRAGMAS_THAT_WORK_WITHOUT_VALUE.contains(name) ? OTHER : QUERY;
    }
    if (TELLING_PRAGMAS.contains(name)) {
      return QUERY;
    }
    if (WORKING_PRAGMAS.contains(name)) {
      return OTHER;
    }
    return scanner.next() && saysWhatIsSo(name, scanner.text()) ? QUERY : SHARED_STATE;
  }

  /** Pools are often told to run these at first; they change nothing here. */
  private static boolean saysWhatIsSo(String pragma, String value) {
    return switch (pragma) {
      case "FOREIGN_KEYS" -> Set.of("ON", "1", "TRUE", "YES").contains(value);
      case "JOURNAL_MODE" -> "WAL".equals(value);
      default -> false;
    };
  }

  /** Whether the text changes rows, so that the driver's count of changes is about it. */
  boolean countsChanges() {
    return this == INSERT || this == CHANGE;
  }

  /** Refuses what no connection of the data source may run. */
  void refuseIfNotAllowed() throws SQLException {
    if (this == TRANSACTION) {
      throw RoutedFailures.wrongState(
          "transactions are begun and ended by setAutoCommit(false), commit() and rollback(), not by"
              + " SQL text");
    }
    if (this == SHARED_STATE) {
      throw RoutedFailures.wrongState(
          "ATTACH, DETACH and PRAGMAs that set something would change a physical connection that"
              + " others use, too; use the options of the store");
    }
  }

  /** Whether a query calls one of honker's SQL functions, which write. */
  static boolean callsWritingFunction(String sql) {
    return (mentions(sql, "honker_") || mentions(sql, "notify"))
        && calls(sql, word -> word.startsWith("honker_") || word.isWord("notify"));
  }

  /** Whether a query asks what the last statement of its SQLite connection changed. */
  static boolean asksForEarlierChange(String sql) {
    return (mentions(sql, "last_insert_rowid") || mentions(sql, "changes"))
        && calls(
            sql,
            word ->
                word.isWord("last_insert_rowid")
                    || word.isWord("changes")
                    || word.isWord("total_changes"));
  }

  private static boolean calls(String sql, Predicate<SqlScanner> function) {
    SqlScanner scanner = new SqlScanner(sql);
    boolean named = false;
    while (scanner.next()) {
      if (named && scanner.isSymbol('(')) {
        return true;
      }
      named = function.test(scanner);
    }
    return false;
  }

  /** Whether the text holds a word, in any case, anywhere: quick, and no for most. */
  static boolean mentions(String sql, String word) {
    char first = word.charAt(0);
    int last = sql.length() - word.length();
    for (int i = 0; i <= last; i++) {
      if ((sql.charAt(i) | 0x20) == first && sql.regionMatches(true, i, word, 0, word.length())) {
        return true;
      }
    }
    return false;
  }

  /** Splits a script into its statements; a text without semicolons is one. */
  static List<String> statements(String sql) {
    if (sql.indexOf(';') < 0) {
      return List.of(sql);
    }
    List<String> found = new ArrayList<>();
    SqlScanner scanner = new SqlScanner(sql);
    int from = nextStatement(scanner);
    while (from >= 0) {
      found.add(sql.substring(from, scanner.start()).strip());
      from = nextStatement(scanner);
    }
    return found.isEmpty() ? List.of(sql) : found;
  }

  /**
   * Moves to the semicolon behind the next statement.
   *
   * @return where the statement begins, or -1 if there is none
   */
  private static int nextStatement(SqlScanner scanner) {
    int from = -1;
    @Nullable TriggerBody trigger = null;
    while (scanner.next()) {
      if (scanner.isSymbol(';') && (trigger == null || trigger.hasEnded())) {
        if (from >= 0) {
          return from;
        }
      } else if (from < 0) {
        from = scanner.start();
        trigger = scanner.isWord("CREATE") ? new TriggerBody() : null;
      } else if (trigger != null) {
        trigger.see(scanner);
      }
    }
    return from;
  }

  /** Statements inside CREATE TRIGGER end with semicolons, too; the last is followed by END. */
  private static final class TriggerBody {
    private boolean isTrigger;
    private boolean behindSemicolon;
    private boolean behindEnd;

    void see(SqlScanner scanner) {
      isTrigger |= scanner.isWord("TRIGGER");
      behindEnd = behindSemicolon && scanner.isWord("END");
      behindSemicolon = scanner.isSymbol(';');
    }

    boolean hasEnded() {
      return !isTrigger || behindEnd;
    }
  }
}
