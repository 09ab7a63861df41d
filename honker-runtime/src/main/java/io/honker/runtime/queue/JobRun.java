package io.honker.runtime.queue;

import io.honker.error.HonkerException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a worker runs one claimed job. */
@FunctionalInterface
interface JobRun<T> {

  /** Runs the handler; throwing fails the attempt. */
  Success run(ClaimedJob<T> job) throws Exception;

  /**
   * What a handler that returned leaves to be done.
   *
   * @param acked whether the job is acknowledged already
   * @param result the result to keep, null for none
   * @param resultTtl how long to keep it
   */
  record Success(boolean acked, @Nullable String result, Duration resultTtl) {}

  /** The job is to be acknowledged. */
  static Success done() {
    return new Success(false, null, Duration.ZERO);
  }

  /** The job is to be acknowledged and its result kept. */
  static Success doneWithResult(String result, Duration ttl) {
    return new Success(false, result, ttl);
  }

  /** The job was acknowledged in the handler's own transaction. */
  static Success doneAndAcked() {
    return new Success(true, null, Duration.ZERO);
  }

  /**
   * Thrown inside the worker when a claim turned out to be somebody else's: rolls the transaction
   * back and leaves nothing to be done. Applications never see it.
   */
  final class ClaimLostException extends HonkerException {

    private static final long serialVersionUID = 1L;

    ClaimLostException() {
      super("HNK-JOB-CLAIM-LOST", "the job went to another worker", null);
    }
  }
}
