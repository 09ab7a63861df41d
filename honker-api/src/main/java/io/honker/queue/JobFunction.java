package io.honker.queue;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of a job and returns its result.
 *
 * @param <T> the payload type
 * @since 0.1.0
 */
@FunctionalInterface
public interface JobFunction<T> {

  /**
   * Handles one job under the terms of {@link JobHandler#handle}.
   *
   * @param job the claimed job
   * @return the result to keep, encoded by the codec; null is kept as JSON {@code null}
   * @throws Exception to fail this attempt
   */
  @Nullable Object handle(Job<T> job) throws Exception;
}
