package io.honker.cli.bridge;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param place where, such as {@code bridges[1].topic}; empty for the file as a whole
 * @param text what is wrong, and the remedy; no secrets
 */
public record Problem(String place, String text) {

  @Override
  public String toString() {
    return place.isEmpty() ? text : place + ": " + text;
  }
}
