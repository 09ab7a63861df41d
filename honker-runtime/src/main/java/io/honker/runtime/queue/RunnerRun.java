package io.honker.runtime.queue;

import io.honker.retry.RetryPolicy;

/** Runs jobs as another feature says. */
final class RunnerRun<T> implements JobRun<T> {

  private final JobRunner<T> runner;

  RunnerRun(JobRunner<T> runner) {
    this.runner = runner;
  }

  @Override
  public Success run(ClaimedJob<T> job) throws Exception {
    JobRunner.Outcome outcome = runner.run(job);
    return new Success(false, outcome.result(), outcome.resultTtl(), outcome.deadReason());
  }

  @Override
  public RetryPolicy retry(ClaimedJob<T> job, RetryPolicy ofWorker) {
    return runner.retry(job);
  }
}
