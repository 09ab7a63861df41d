package io.honker.lock;

import java.time.Duration;
import java.util.Objects;

/**
 * How often something may happen.
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class RateLimit {

  /** The ways of counting. Callers must tolerate kinds they do not know. */
  public enum Kind {
    /** Up to the limit in each window; windows begin at multiples of their length. */
    FIXED_WINDOW,
    /** Up to the limit in any stretch of the window's length. */
    SLIDING_WINDOW,
    /** Tokens come back one by one, evenly; unused ones are saved up to the limit. */
    TOKEN_BUCKET
  }

  private final Kind kind;
  private final int limit;
  private final Duration per;

  private RateLimit(Kind kind, int limit, Duration per) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
    if (per.isNegative() || per.isZero()) {
      throw new IllegalArgumentException("per must be positive, not " + per);
    }
    this.kind = kind;
    this.limit = limit;
    this.per = per;
  }

  /**
   * Counts in windows that begin at multiples of their length, as honker's other bindings do and
   * together with them. Twice the limit can pass around the edge of two windows. Counters are told
   * apart by name and beginning only: give windows of different lengths names of their own.
   *
   * @param limit how often in a window, at least 1
   * @param per the window's length in whole seconds
   * @return the limit
   */
  public static RateLimit fixedWindow(int limit, Duration per) {
    if (per.toNanosPart() != 0) {
      throw new IllegalArgumentException("per must be whole seconds, not " + per);
    }
    return new RateLimit(Kind.FIXED_WINDOW, limit, per);
  }

  /**
   * Allows no more than the limit in any stretch of the window's length. Costs a row per use until
   * the window has passed.
   *
   * @param limit how often in a window, at least 1
   * @param per the window's length, positive
   * @return the limit
   */
  public static RateLimit slidingWindow(int limit, Duration per) {
    return new RateLimit(Kind.SLIDING_WINDOW, limit, per);
  }

  /**
   * Gives {@code limit} tokens back evenly over each {@code per}; up to {@code limit} can be used
   * at once after a quiet time. Costs one row.
   *
   * @param limit the bucket's size, at least 1
   * @param per how long an empty bucket takes to fill, positive
   * @return the limit
   */
  public static RateLimit tokenBucket(int limit, Duration per) {
    return new RateLimit(Kind.TOKEN_BUCKET, limit, per);
  }

  /**
   * Returns the way of counting.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns how often.
   *
   * @return the limit, at least 1
   */
  public int limit() {
    return limit;
  }

  /**
   * Returns in what time.
   *
   * @return a positive duration
   */
  public Duration per() {
    return per;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RateLimit that
        && kind == that.kind
        && limit == that.limit
        && per.equals(that.per);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, limit, per);
  }

  @Override
  public String toString() {
    return kind + " of " + limit + " per " + per;
  }
}
