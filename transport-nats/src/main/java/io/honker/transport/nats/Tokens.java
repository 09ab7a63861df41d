package io.honker.transport.nats;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes any text as one token of a subject: letters, digits and {@code - _} as they are, every
 * other byte of its UTF-8 as {@code =} and two hexadecimal digits, and an empty text as {@code =}
 * alone. Different texts have different tokens.
 */
final class Tokens {

  private static final String HEX = "0123456789ABCDEF";
  private static final String EMPTY = "=";

  private Tokens() {}

  static String encode(String text) {
    StringBuilder token = new StringBuilder(text.length() + 8);
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(each)) {
        token.append((char) each);
      } else {
        token.append('=').append(HEX.charAt(each >> 4 & 15)).append(HEX.charAt(each & 15));
      }
    }
    return token.isEmpty() ? EMPTY : token.toString();
  }

  /**
   * The text of a token.
   *
   * @throws IllegalArgumentException if no text is written so
   */
  static String decode(String token) {
    if (token.equals(EMPTY)) {
      return "";
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c == '=' && i + 2 < token.length()) {
        bytes.write(digit(token, i + 1) << 4 | digit(token, i + 2));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    if (!encode(text).equals(token)) {
      throw new IllegalArgumentException("not a token of ours: " + token);
    }
    return text;
  }

  private static int digit(String token, int at) {
    return HEX.indexOf(token.charAt(at));
  }

  private static boolean isPlain(byte each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || each == '-'
        || each == '_';
  }
}
