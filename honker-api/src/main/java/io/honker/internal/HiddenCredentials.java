package io.honker.internal;

/**
 * Makes locations fit for messages. For this module only.
 *
 * @since 0.1.0
 */
public final class HiddenCredentials {

  private HiddenCredentials() {}

  /**
   * Replaces what may be a secret: everything between the scheme and the last {@code @}, because
   * passwords may hold any character, and all parameters.
   *
   * @param location a path or URL
   * @return the rest of it
   */
  public static String in(String location) {
    return location.replaceAll("(?s):(//)?.*@", ":$1***@").replaceAll("(?s)[?;].*", "?***");
  }
}
