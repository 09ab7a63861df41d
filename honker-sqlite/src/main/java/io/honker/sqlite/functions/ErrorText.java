package io.honker.sqlite.functions;

import java.sql.SQLException;
import org.sqlite.SQLiteException;

/** What went wrong, as SQLite said it: the driver puts its own words around that. */
final class ErrorText {

  private ErrorText() {}

  static String of(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof SQLiteException fromDriver) {
      String prefix = fromDriver.getResultCode() + " (";
      if (message.startsWith(prefix) && message.endsWith(")")) {
        return message.substring(prefix.length(), message.length() - 1);
      }
    }
    return message;
  }
}
