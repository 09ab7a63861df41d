package io.honker.time;

import java.time.Instant;

/**
 * The source of time of one open database: the current instant and the timed wait.
 *
 * <p>Every deadline, lease, delay and loop of a {@code Honker} instance goes through its clock, so
 * a test that supplies its own clock travels in time without sleeping. One operation reads the
 * clock once and uses that instant throughout.
 *
 * <p>Implementations are safe for use by multiple threads.
 *
 * @since 0.1.0
 */
public interface HonkerClock {

  /**
   * Returns the current instant.
   *
   * @return the current instant, never null
   */
  Instant now();

  /**
   * Returns a monotonic reading for measuring durations; only differences mean anything.
   *
   * @return nanoseconds from an arbitrary origin
   */
  long nanoTime();

  /**
   * Blocks the current thread until {@link #now()} reaches {@code deadline}, somebody calls {@link
   * java.util.concurrent.locks.LockSupport#unpark} on it, or it is interrupted.
   *
   * <p>May return early for no reason, as {@link java.util.concurrent.locks.LockSupport#park} does;
   * callers check their condition in a loop. Neither throws on interruption nor clears the flag.
   *
   * @param deadline when to stop waiting; {@link Instant#MAX} waits without limit
   */
  void parkUntil(Instant deadline);
}
