package io.honker.runtime.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a handled job leaves to be written.
 *
 * @param entry the job
 * @param kind what is to be written
 * @param result the result to keep with an acknowledgement, null for none
 * @param delay before the next attempt, or how long the result is kept
 * @param error why the attempt failed, null if it did not
 * @param handlerTime how long the handler ran
 */
record Completion<T>(
    InFlight<T> entry,
    Kind kind,
    @Nullable String result,
    Duration delay,
    @Nullable String error,
    Duration handlerTime) {

  /** What is to be written. */
  enum Kind {
    /** Acknowledge, and keep the result if there is one. */
    ACK,
    /** Nothing: acknowledged in the handler's own transaction. */
    ACKED,
    /** Another attempt after the delay. */
    RETRY,
    /** Dead letters. */
    FAIL,
    /** Nothing: the job went to another. */
    LOST,
    /** Nothing: the worker's shutdown handed the job back. */
    HANDED_BACK
  }
}
