package io.honker.runtime.engine;

/** Checks what the application calls queues, topics and their like. */
public final class Names {

  private Names() {}

  /**
   * Passes a name on unless it is blank.
   *
   * @param what what bears the name, such as {@code queue}
   * @throws IllegalArgumentException if it is blank
   */
  public static String notBlank(String what, String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a " + what + "'s name must not be blank");
    }
    return name;
  }
}
