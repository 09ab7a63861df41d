package io.honker.spi;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names that become part of a key, a subject or a file, and so must not be able to say anything
 * there: 1 to 100 letters, digits and {@code - _}.
 *
 * @since 0.1.0
 */
public final class PlainName {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  private PlainName() {}

  /**
   * Tells whether a name is plain.
   *
   * @param name a name
   * @return true if it is
   */
  public static boolean is(String name) {
    return PLAIN.matcher(name).matches();
  }

  /**
   * Requires a plain name.
   *
   * @param what what is named, for the message
   * @param name a name
   * @return the name
   * @throws NullPointerException if it is null, naming {@code what}
   * @throws IllegalArgumentException if it has other characters, is empty or too long
   */
  public static String require(String what, String name) {
    if (!is(Objects.requireNonNull(name, what))) {
      throw new IllegalArgumentException(
          "the name of a " + what + " is 1 to 100 letters, digits and - _, not \"" + name + "\"");
    }
    return name;
  }
}
