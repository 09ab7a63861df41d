package io.honker.queue;

import java.time.Duration;
import java.util.List;

/** Collects problems of options so that all are reported at once. */
final class Checks {

  private Checks() {}

  static void positive(List<String> problems, String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      problems.add(name + " must be positive, not " + value);
    }
  }

  static void notNegative(List<String> problems, String name, Duration value) {
    if (value.isNegative()) {
      problems.add(name + " must not be negative, but is " + value);
    }
  }

  static void atLeast(List<String> problems, String name, int value, int least) {
    if (value < least) {
      problems.add(name + " must be at least " + least + ", not " + value);
    }
  }

  static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }
}
