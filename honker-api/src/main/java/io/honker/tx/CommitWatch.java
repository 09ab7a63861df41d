package io.honker.tx;

import java.time.Duration;

/**
 * Tells of commits to the database file, by this process or any other.
 *
 * <p>Commits coalesce: after any number of them since the last call, one call returns true. A
 * commit that happens after this watch was made is never missed (rule S-7).
 *
 * <p>Confined to one thread at a time. Close it when done; an open watch keeps the file watcher
 * running.
 *
 * @since 0.1.0
 */
public interface CommitWatch extends AutoCloseable {

  /**
   * Waits until something was committed since the last call, or since this watch was made.
   *
   * @param timeout how long to wait at most; zero only looks
   * @return true if there was a commit, false after the timeout
   * @throws InterruptedException if the thread is interrupted while waiting
   * @throws IllegalStateException after {@code close} of this watch or of the database
   */
  boolean await(Duration timeout) throws InterruptedException;

  /** Ends the watch. Idempotent. */
  @Override
  void close();
}
