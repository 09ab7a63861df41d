package io.honker.queue;

import org.jspecify.annotations.Nullable;

/**
 * How waiting for a result ended.
 *
 * <p>Immutable.
 *
 * @param status how it ended
 * @param value the result if {@link Status#COMPLETED}; null otherwise, or if the result is JSON
 *     {@code null}
 * @param reason why the job died if {@link Status#DEAD}, null otherwise or if unknown
 * @param <R> the result's type
 * @since 0.1.0
 */
public record AwaitedResult<R>(Status status, @Nullable R value, @Nullable String reason) {

  /** How a wait can end. Later versions may add more. */
  public enum Status {
    /** There is a result. */
    COMPLETED,
    /** The job is in the dead letters. */
    DEAD,
    /** The job was seen live and then vanished without a result: done without one, or cancelled. */
    GONE,
    /** Nothing happened in time. */
    TIMEOUT
  }

  /**
   * Tells whether there is a result.
   *
   * @return true if {@link Status#COMPLETED}
   */
  public boolean isCompleted() {
    return status == Status.COMPLETED;
  }
}
