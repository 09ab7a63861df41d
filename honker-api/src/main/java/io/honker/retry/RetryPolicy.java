package io.honker.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides what follows a failed attempt: another one after a delay, or the dead letters. The job's
 * maximum of attempts applies in any case.
 *
 * <pre>{@code
 * RetryPolicy policy = RetryPolicy.exponential(Duration.ofSeconds(2))
 *     .maxDelay(Duration.ofMinutes(10))
 *     .giveUpOn(IllegalArgumentException.class);
 * }</pre>
 *
 * <p>Immutable: each method returns a changed copy.
 *
 * @since 0.1.0
 */
public final class RetryPolicy {

  private static final Duration DEFAULT_MAX_DELAY = Duration.ofHours(1);

  private final Duration baseDelay;
  private final double multiplier;
  private final Duration maxDelay;
  private final double jitter;
  private final List<Predicate<Throwable>> finalFailures;

  private RetryPolicy(
      Duration baseDelay,
      double multiplier,
      Duration maxDelay,
      double jitter,
      List<Predicate<Throwable>> finalFailures) {
    this.baseDelay = baseDelay;
    this.multiplier = multiplier;
    this.maxDelay = maxDelay;
    this.jitter = jitter;
    this.finalFailures = finalFailures;
  }

  /**
   * Waits the same time after each failure.
   *
   * @param delay not negative; fractions of a second round up
   * @return the policy
   */
  public static RetryPolicy fixed(Duration delay) {
    return new RetryPolicy(checked(delay), 1, delay, 0, List.of());
  }

  /**
   * Doubles the wait after each failure, up to one hour, with 20 % jitter.
   *
   * @param baseDelay the wait after the first failure; not negative
   * @return the policy
   */
  public static RetryPolicy exponential(Duration baseDelay) {
    Duration cap = baseDelay.compareTo(DEFAULT_MAX_DELAY) > 0 ? baseDelay : DEFAULT_MAX_DELAY;
    return new RetryPolicy(checked(baseDelay), 2, cap, 0.2, List.of());
  }

  /**
   * Never retries: every failure is final.
   *
   * @return the policy
   */
  public static RetryPolicy none() {
    return fixed(Duration.ZERO).giveUpIf(failure -> true);
  }

  /**
   * Caps the wait, jitter included.
   *
   * @param cap not negative
   * @return a changed copy
   */
  public RetryPolicy maxDelay(Duration cap) {
    return new RetryPolicy(baseDelay, multiplier, checked(cap), jitter, finalFailures);
  }

  /**
   * Sets by how much the wait grows with each failure.
   *
   * @param factor at least 1; default 2 for {@link #exponential}
   * @return a changed copy
   */
  public RetryPolicy multiplier(double factor) {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException("multiplier must be at least 1, not " + factor);
    }
    return new RetryPolicy(baseDelay, factor, maxDelay, jitter, finalFailures);
  }

  /**
   * Spreads waits at random, so that jobs that failed together do not come back together.
   *
   * @param share by which a wait may be longer, from 0 to 1; default 0.2 for {@link #exponential}
   * @return a changed copy
   */
  public RetryPolicy jitter(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("jitter must be from 0 to 1, not " + share);
    }
    return new RetryPolicy(baseDelay, multiplier, maxDelay, share, finalFailures);
  }

  /**
   * Treats failures of a type as final.
   *
   * @param type the exception type, subtypes included
   * @return a changed copy
   */
  public RetryPolicy giveUpOn(Class<? extends Throwable> type) {
    Objects.requireNonNull(type, "type");
    return giveUpIf(type::isInstance);
  }

  /**
   * Treats some failures as final.
   *
   * @param condition tells of a failure whether it is final
   * @return a changed copy
   */
  public RetryPolicy giveUpIf(Predicate<Throwable> condition) {
    List<Predicate<Throwable>> more = new ArrayList<>(finalFailures);
    more.add(Objects.requireNonNull(condition, "condition"));
    return new RetryPolicy(baseDelay, multiplier, maxDelay, jitter, List.copyOf(more));
  }

  /**
   * Decides.
   *
   * @param attempt the attempt that failed, from 1
   * @param failure what the handler threw
   * @param random a number from 0 (inclusive) to 1 (exclusive) that places the wait in its jitter
   * @return the wait before the next attempt, empty to give up
   */
  public Optional<Duration> delayAfter(int attempt, Throwable failure, double random) {
    if (finalFailures.stream().anyMatch(condition -> condition.test(failure))) {
      return Optional.empty();
    }
    double millis = millis(baseDelay) * Math.pow(multiplier, Math.max(0, attempt - 1));
    double spread = millis * (1 + jitter * random);
    return Optional.of(
        spread >= millis(maxDelay) ? maxDelay : Duration.ofMillis(Math.round(spread)));
  }

  /** Not {@link Duration#toMillis}, which fails for durations that stand for "for ever". */
  private static double millis(Duration duration) {
    return duration.toSeconds() * 1_000.0 + duration.toMillisPart();
  }

  private static Duration checked(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative, but is " + delay);
    }
    return delay;
  }
}
