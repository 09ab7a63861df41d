package io.honker.cli;

import io.honker.error.HonkerException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What went wrong.
 *
 * @param text for people
 * @param code for programs: SQLite's, such as {@code SQLITE_BUSY}, or honker's, such as {@code
 *     HNK-STORE-BUSY}
 */
record Failure(String text, String code) {

  /** The driver's messages: code, the code in words, and in parentheses what SQLite said. */
  private static final Pattern DRIVER =
      Pattern.compile("\\[(\\w+)\\][^(]*\\((.*)\\)", Pattern.DOTALL);

  static Failure of(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    Matcher parts = DRIVER.matcher(message);
    return parts.matches()
        ? new Failure(parts.group(2), parts.group(1))
        : new Failure(message, "SQLITE_ERROR");
  }

  static Failure of(HonkerException failure) {
    String message = String.valueOf(failure.getMessage());
    return new Failure(message.replace(" [" + failure.code() + "]", ""), failure.code());
  }
}
