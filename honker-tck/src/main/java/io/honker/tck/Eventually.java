package io.honker.tck;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * Waits in real time until something holds. Real time passes only here and in latches; everything
 * under test goes by the {@link ManualClock}.
 */
final class Eventually {

  /** Seconds that a test waits for something; only failing ones wait for so long. */
  private static final String PATIENCE = "honker.tck.patience";

  /** Far longer than anything takes on a busy machine. */
  private static final long DEFAULT_PATIENCE = 90;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
  private static final HonkerClock REAL = SystemClock.instance();

  private Eventually() {}

  /** For how long a test waits before it fails; {@code -Dhonker.tck.patience} sets the seconds. */
  static Duration limit() {
    return Duration.ofSeconds(Long.getLong(PATIENCE, DEFAULT_PATIENCE));
  }

  /** Repeats the assertion until it passes; after the limit its last failure is thrown. */
  static void assertEventually(ThrowingCallable assertion) {
    long start = REAL.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        assertion.call();
        return;
      } catch (Error | Exception failure) {
        giveUpIfTooLong(start, () -> "not in time: " + failure.getMessage(), failure);
        pause = pause(pause);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  /**
   * Repeats the question until the answer is yes, less and less often: a question that moves
   * virtual time on must not run away from threads that are slow to follow.
   */
  static void awaitTrue(Supplier<String> description, BooleanSupplier condition) {
    long start = REAL.nanoTime();
    Duration pause = FIRST_PAUSE;
    while (!condition.getAsBoolean()) {
      giveUpIfTooLong(start, () -> "never happened: " + description.get(), null);
      pause = pause(pause);
    }
  }

  private static void giveUpIfTooLong(
      long start, Supplier<String> message, @Nullable Throwable cause) {
    if (Thread.currentThread().isInterrupted() || REAL.nanoTime() - start > limit().toNanos()) {
      throw new AssertionError(message.get(), cause);
    }
  }

  /** What lies between two looks. */
  static void pause() {
    REAL.parkUntil(REAL.now().plus(FIRST_PAUSE));
  }

  /** Pauses and returns how long to pause the next time. */
  private static Duration pause(Duration pause) {
    REAL.parkUntil(REAL.now().plus(pause));
    Duration longer = pause.plus(pause.dividedBy(8));
    return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }
}
