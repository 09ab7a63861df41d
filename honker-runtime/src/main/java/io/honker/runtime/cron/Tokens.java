package io.honker.runtime.cron;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** White space, numbers and quotes the way honker, which is written in Rust, reads and prints. */
final class Tokens {

  private static final long MAX_NUMBER = 0xFFFF_FFFFL;

  private Tokens() {}

  /** Neither of Java's two ideas of white space is Unicode's property of that name. */
  private static boolean isWhiteSpace(int c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x85 || Character.isSpaceChar(c);
  }

  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isWhiteSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isWhiteSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  /** The pieces between white space; none is empty. */
  static List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean inside = i < text.length() && !isWhiteSpace(text.charAt(i));
      if (inside && start < 0) {
        start = i;
      } else if (!inside && start >= 0) {
        pieces.add(text.substring(start, i));
        start = -1;
      }
    }
    return pieces;
  }

  /** An unsigned number of 32 bits, a plus before it allowed; -1 if the text is none. */
  static long number(String text) {
    int start = text.startsWith("+") ? 1 : 0;
    long number = start == text.length() ? -1 : 0;
    for (int i = start; i < text.length() && number >= 0; i++) {
      char c = text.charAt(i);
      number = isDigit(c) ? number * 10 + (c - '0') : -1;
      if (number > MAX_NUMBER) {
        number = -1;
      }
    }
    return number;
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** In double quotes, with what cannot be printed by itself escaped. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> quoted.append(escape(c)));
    return quoted.append('"').toString();
  }

  private static String escape(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\t' -> "\\t";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case 0 -> "\\0";
      default -> isPrintable(c) ? Character.toString(c) : hex(c);
    };
  }

  private static String hex(int c) {
    return "\\u{" + Integer.toHexString(c).toLowerCase(Locale.ROOT) + "}";
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
