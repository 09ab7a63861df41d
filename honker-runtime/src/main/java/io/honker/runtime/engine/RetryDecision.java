package io.honker.runtime.engine;

import io.honker.retry.GiveUpException;
import io.honker.retry.RetryLaterException;
import io.honker.retry.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** What follows a failed attempt, of a job or of an event. */
public final class RetryDecision {

  private static final Duration AFTER_BROKEN_POLICY = Duration.ofSeconds(60);

  private RetryDecision() {}

  /**
   * Decides: the handler if it threw one of the exceptions made for that, else the policy.
   *
   * @param policy looked up if need be; may throw
   * @param attempt the attempt that failed, from 1
   * @param failure what the handler threw
   * @return the wait before the next attempt, empty to give up
   */
  public static Optional<Duration> delayAfter(
      Supplier<RetryPolicy> policy, int attempt, Throwable failure) {
    if (failure instanceof GiveUpException) {
      return Optional.empty();
    }
    if (failure instanceof RetryLaterException later) {
      return Optional.of(later.delay());
    }
    try {
      double random = ThreadLocalRandom.current().nextDouble();
      return policy.get().delayAfter(attempt, failure, random);
    } catch (RuntimeException e) { // a condition of the application's that throws decides nothing
      failure.addSuppressed(e);
      return Optional.of(AFTER_BROKEN_POLICY);
    }
  }
}
