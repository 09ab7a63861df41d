package io.honker.schedule;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of fire times that passed while nobody scheduled (rule C-4).
 *
 * <p>Immutable.
 *
 * @since 0.1.0
 */
public final class CatchUp {

  /**
   * The ways to catch up. Callers must tolerate kinds they do not know.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** Missed fire times are dropped. */
    NONE,
    /** The latest of the missed fire times is made up for. */
    LATEST,
    /** All are made up for, oldest first, up to a cap. */
    ALL
  }

  private static final int HONKERS_CAP = 64;
  private static final CatchUp DEFAULT = new CatchUp(Kind.ALL, HONKERS_CAP, Duration.ZERO);

  private final Kind kind;
  private final int cap;
  private final Duration grace;

  private CatchUp(Kind kind, int cap, Duration grace) {
    this.kind = kind;
    this.cap = cap;
    this.grace = grace;
  }

  /**
   * All missed fire times up to 64 at a time, as honker's other bindings do; what is beyond is
   * dropped. The default.
   *
   * @return the policy
   */
  public static CatchUp all() {
    return DEFAULT;
  }

  /**
   * All missed fire times, oldest first, up to a cap; what is beyond is dropped.
   *
   * @param cap how many at a time, from 1 to 10,000
   * @return the policy
   */
  public static CatchUp all(int cap) {
    if (cap < 1 || cap > 10_000) {
      throw new IllegalArgumentException("cap must be from 1 to 10000, not " + cap);
    }
    return new CatchUp(Kind.ALL, cap, Duration.ZERO);
  }

  /**
   * Only the latest of the missed fire times.
   *
   * @return the policy
   */
  public static CatchUp latest() {
    return new CatchUp(Kind.LATEST, 1, Duration.ZERO);
  }

  /**
   * None: of the fire times that passed only the latest counts, and only if it passed no longer ago
   * than a grace of one minute; all others are dropped.
   *
   * @return the policy
   */
  public static CatchUp none() {
    return none(Duration.ofMinutes(1));
  }

  /**
   * None: of the fire times that passed only the latest counts, and only if it passed no longer ago
   * than a grace; all others are dropped.
   *
   * @param grace by how much the schedule may be late, at least 1 s, in whole seconds
   * @return the policy
   */
  public static CatchUp none(Duration grace) {
    Objects.requireNonNull(grace, "grace");
    if (grace.toNanosPart() != 0 || grace.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "grace must be whole seconds and at least one, not " + grace);
    }
    return new CatchUp(Kind.NONE, 1, grace);
  }

  /**
   * Returns the way to catch up.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns how many fire times are made up for at a time.
   *
   * @return at least 1
   */
  public int cap() {
    return cap;
  }

  /**
   * Returns by how much a fire of {@link #none} may be late.
   *
   * @return the grace, zero for other kinds
   */
  public Duration grace() {
    return grace;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CatchUp that
        && kind == that.kind
        && cap == that.cap
        && grace.equals(that.grace);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, cap, grace);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case ALL -> "ALL up to " + cap;
      case NONE -> "NONE, grace " + grace;
      case LATEST -> "LATEST";
    };
  }
}
