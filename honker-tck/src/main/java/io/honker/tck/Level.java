package io.honker.tck;

/**
 * How binding a rule is, and how far a test can prove it.
 *
 * @since 0.1.0
 */
public enum Level {
  /** The rule must hold; the test fails if it does not. */
  REQUIRED,
  /** The rule should hold, or holds only where the store has a {@link Capability}. */
  OPTIONAL,
  /** The rule must hold, but a store that breaks it can pass by luck: threads have to collide. */
  STOCHASTIC,
  /** The rule is known and this kit does not check it; the test shows as skipped with the note. */
  UNTESTED
}
