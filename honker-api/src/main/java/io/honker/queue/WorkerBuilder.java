package io.honker.queue;

import io.honker.retry.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Collects a worker's options and starts it (rule Q-7).
 *
 * <p>Defaults: concurrency 1, batches up to 128 chosen by how fast handlers are, leases of the
 * queue handle's visibility timeout renewed in the background, no handler timeout, retry as the
 * queue handle's options say (exponential from 60 s), a shutdown grace of 10 s, threads of its own.
 *
 * <p>Not thread-safe. {@link #start} reports every problem at once.
 *
 * @since 0.1.0
 */
public interface WorkerBuilder {

  /**
   * Sets how many handlers run at a time.
   *
   * @param handlers from 1 to 10,000; default 1
   * @return this builder
   */
  WorkerBuilder concurrency(int handlers);

  /**
   * Limits how many jobs are claimed in one transaction. Within the limit the worker claims ahead
   * only as much as its handlers finish in a few milliseconds, so that slow jobs are left for other
   * workers.
   *
   * @param jobs at least 1; default 128
   * @return this builder
   */
  WorkerBuilder maxBatch(int jobs);

  /**
   * Runs handlers on the application's executor, such as one of virtual threads. It is borrowed and
   * never shut down. By default the worker has threads of its own.
   *
   * @param executor takes {@code concurrency} handlers at a time, never null
   * @return this builder
   */
  WorkerBuilder executor(Executor executor);

  /**
   * Limits how long a handler may run: then its thread is interrupted and the attempt fails with
   * {@code timeout after ...}.
   *
   * @param timeout positive; default none
   * @return this builder
   */
  WorkerBuilder handlerTimeout(Duration timeout);

  /**
   * Sets what follows a failed attempt.
   *
   * @param policy the policy, never null; default that of the queue handle, {@link
   *     QueueOptions#retry}
   * @return this builder
   */
  WorkerBuilder retry(RetryPolicy policy);

  /**
   * Sets how long {@link Worker#close} lets running handlers finish before it interrupts them.
   *
   * @param grace not negative; default 10 s
   * @return this builder
   */
  WorkerBuilder shutdownGrace(Duration grace);

  /**
   * Starts the worker.
   *
   * @return the running worker; close it
   * @throws IllegalArgumentException if a value is out of range, listing all of them
   */
  Worker start();
}
