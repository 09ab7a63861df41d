package io.honker.runtime.queue;

import io.honker.queue.Job;
import io.honker.retry.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How another feature runs the jobs of a queue that it builds on. */
public interface JobRunner<T> {

  /** Runs one job; throwing fails the attempt. */
  Outcome run(Job<T> job) throws Exception;

  /** What follows a failed attempt at this job. */
  RetryPolicy retry(Job<T> job);

  /**
   * What is to be done with a job that was run.
   *
   * @param result the result to keep with the acknowledgement, a JSON document; null for none
   * @param resultTtl how long to keep it, zero for ever
   * @param deadReason why the job is to go to the dead letters instead, word for word; null if not
   */
  record Outcome(@Nullable String result, Duration resultTtl, @Nullable String deadReason) {

    /** Acknowledge. */
    public static Outcome done() {
      return new Outcome(null, Duration.ZERO, null);
    }

    /** Acknowledge and keep the result, in one transaction. */
    public static Outcome done(String result, Duration ttl) {
      return new Outcome(result, ttl, null);
    }

    /** Send to the dead letters. */
    public static Outcome dead(String reason) {
      return new Outcome(null, Duration.ZERO, reason);
    }
  }
}
