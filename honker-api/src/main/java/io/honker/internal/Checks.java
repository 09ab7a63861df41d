package io.honker.internal;

import java.time.Duration;
import java.util.List;

/**
 * Collects problems of options so that all are reported at once. For this module only.
 *
 * @since 0.1.0
 */
public final class Checks {

  private Checks() {}

  /**
   * Notes a duration that is not positive.
   *
   * @param problems takes the note
   * @param name what the value is called
   * @param value the value
   */
  public static void positive(List<String> problems, String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      problems.add(name + " must be positive, not " + value);
    }
  }

  /**
   * Notes a negative duration.
   *
   * @param problems takes the note
   * @param name what the value is called
   * @param value the value
   */
  public static void notNegative(List<String> problems, String name, Duration value) {
    if (value.isNegative()) {
      problems.add(name + " must not be negative, but is " + value);
    }
  }

  /**
   * Notes a number below its least value.
   *
   * @param problems takes the note
   * @param name what the value is called
   * @param value the value
   * @param least the least allowed
   */
  public static void atLeast(List<String> problems, String name, int value, int least) {
    if (value < least) {
      problems.add(name + " must be at least " + least + ", not " + value);
    }
  }

  /**
   * Notes a blank text.
   *
   * @param problems takes the note
   * @param name what the value is called
   * @param value the value
   */
  public static void notBlank(List<String> problems, String name, String value) {
    if (value.isBlank()) {
      problems.add(name + " must not be blank");
    }
  }

  /**
   * Throws an {@link IllegalArgumentException} that lists all problems, if there are any.
   *
   * @param problems what was noted
   */
  public static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }
}
