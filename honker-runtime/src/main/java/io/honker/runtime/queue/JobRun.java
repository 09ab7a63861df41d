package io.honker.runtime.queue;

import io.honker.error.HonkerException;
import io.honker.retry.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a worker runs one claimed job. */
@FunctionalInterface
interface JobRun<T> {

  /** Runs the handler; throwing fails the attempt. */
  Success run(ClaimedJob<T> job) throws Exception;

  /** What follows a failed attempt at a job: the worker's policy, unless jobs have their own. */
  default RetryPolicy retry(ClaimedJob<T> job, RetryPolicy ofWorker) {
    return ofWorker;
  }

  /**
   * What a handler that returned leaves to be done.
   *
   * @param acked whether the job is acknowledged already
   * @param result the result to keep, null for none
   * @param resultTtl how long to keep it
   * @param deadReason why the job is to go to the dead letters instead, null if not
   */
  record Success(
      boolean acked, @Nullable String result, Duration resultTtl, @Nullable String deadReason) {}

  /** The job is to be acknowledged. */
  static Success done() {
    return new Success(false, null, Duration.ZERO, null);
  }

  /** The job is to be acknowledged and its result kept. */
  static Success doneWithResult(String result, Duration ttl) {
    return new Success(false, result, ttl, null);
  }

  /** The job was acknowledged in the handler's own transaction. */
  static Success doneAndAcked() {
    return new Success(true, null, Duration.ZERO, null);
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
