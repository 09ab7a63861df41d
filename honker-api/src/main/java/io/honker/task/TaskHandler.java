package io.honker.task;

import org.jspecify.annotations.Nullable;

/**
 * Does the work of a named task.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TaskHandler {

  /**
   * Handles one call. Returning acknowledges its job and stores the value as the call's result, in
   * one transaction; throwing fails the attempt.
   *
   * @param call the call with its arguments
   * @return the result, written as JSON; null is stored as JSON null
   * @throws Exception to fail this attempt
   */
  @Nullable Object handle(TaskCall call) throws Exception;
}
