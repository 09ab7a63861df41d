package io.honker.schedule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a schedule does when the clock is put forward or back: with times of day that do not
 * exist on that day (the gap), and with those that come twice (the overlap). See rule C-2.
 *
 * <p>Fixed-time schedules, such as {@code 30 2 * * *}, follow both parts of the rule. Schedules
 * with a wildcard or a step in the hour or minute, such as {@code 0 * * * *} or an every-15-minutes
 * one, follow elapsed time in any case: they run whenever the clock shows a time of theirs, in the
 * overlap both times. The rule concerns them only where the gap takes a time away that the clock
 * does not make up for by showing another of theirs one shift later; such times count as those of a
 * fixed-time schedule.
 *
 * <pre>{@code
 * DstRule rule = DstRule.standard().overlap(DstRule.Overlap.SECOND);
 * }</pre>
 *
 * <p>Immutable: each method returns a changed copy.
 *
 * @since 0.1.0
 */
public final class DstRule {

  private static final DstRule STANDARD = new DstRule(Gap.RUN_AFTER_GAP, Overlap.FIRST);

  private final Gap gap;
  private final Overlap overlap;

  private DstRule(Gap gap, Overlap overlap) {
    this.gap = Objects.requireNonNull(gap, "gap");
    this.overlap = Objects.requireNonNull(overlap, "overlap");
  }

  /**
   * Returns the default: run right after the gap, and once in the overlap, at the first of the two
   * times.
   *
   * @return the rule
   */
  public static DstRule standard() {
    return STANDARD;
  }

  /**
   * Sets what happens to times that the clock skips.
   *
   * @param gap what to do
   * @return a changed copy
   */
  public DstRule gap(Gap gap) {
    return new DstRule(gap, overlap);
  }

  /**
   * Sets what happens to times that the clock shows twice.
   *
   * @param overlap what to do
   * @return a changed copy
   */
  public DstRule overlap(Overlap overlap) {
    return new DstRule(gap, overlap);
  }

  /**
   * Returns what happens to times that the clock skips.
   *
   * @return what to do
   */
  public Gap gap() {
    return gap;
  }

  /**
   * Returns what happens to times that the clock shows twice.
   *
   * @return what to do
   */
  public Overlap overlap() {
    return overlap;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DstRule that && gap == that.gap && overlap == that.overlap;
  }

  @Override
  public int hashCode() {
    return Objects.hash(gap, overlap);
  }

  @Override
  public String toString() {
    return "DstRule[gap=" + gap + ", overlap=" + overlap + "]";
  }

  /**
   * What to do about times that the clock skips.
   *
   * @since 0.1.0
   */
  public enum Gap {

    /**
     * Run at the first instant after the gap; several skipped times of one schedule make one run,
     * and a time that is that very instant makes none in addition.
     */
    RUN_AFTER_GAP,

    /** Leave the skipped times out. */
    SKIP
  }

  /**
   * What a fixed-time schedule does about times that the clock shows twice.
   *
   * @since 0.1.0
   */
  public enum Overlap {

    /** Run the first time only. */
    FIRST,

    /** Run the second time only. */
    SECOND,

    /** Run both times. */
    BOTH
  }
}
