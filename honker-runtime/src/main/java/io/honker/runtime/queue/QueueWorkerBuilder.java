package io.honker.runtime.queue;

import io.honker.queue.Worker;
import io.honker.queue.WorkerBuilder;
import io.honker.retry.RetryPolicy;
import io.honker.runtime.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Collects a worker's options. */
final class QueueWorkerBuilder<T> implements WorkerBuilder {

  private static final int MOST_HANDLERS = 10_000;

  private final Engine engine;
  private final QueueContext<T> context;
  private final JobRun<T> run;
  private int concurrency = 1;
  private int maxBatch = 128;
  private @Nullable Executor executor;
  private @Nullable Duration handlerTimeout;
  private RetryPolicy retry;
  private Duration shutdownGrace = Duration.ofSeconds(10);

  QueueWorkerBuilder(Engine engine, QueueContext<T> context, JobRun<T> run) {
    this.engine = engine;
    this.context = context;
    this.run = run;
    this.retry = context.options().retry();
  }

  @Override
  public WorkerBuilder concurrency(int handlers) {
    this.concurrency = handlers;
    return this;
  }

  @Override
  public WorkerBuilder maxBatch(int jobs) {
    this.maxBatch = jobs;
    return this;
  }

  @Override
  public WorkerBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor");
    return this;
  }

  @Override
  public WorkerBuilder handlerTimeout(Duration timeout) {
    this.handlerTimeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  @Override
  public WorkerBuilder retry(RetryPolicy policy) {
    this.retry = Objects.requireNonNull(policy, "policy");
    return this;
  }

  @Override
  public WorkerBuilder shutdownGrace(Duration grace) {
    this.shutdownGrace = Objects.requireNonNull(grace, "grace");
    return this;
  }

  @Override
  public Worker start() {
    List<String> problems = new ArrayList<>();
    if (concurrency < 1 || concurrency > MOST_HANDLERS) {
      problems.add("concurrency must be from 1 to " + MOST_HANDLERS + ", not " + concurrency);
    }
    if (maxBatch < 1) {
      problems.add("maxBatch must be at least 1, not " + maxBatch);
    }
    if (handlerTimeout != null && (handlerTimeout.isNegative() || handlerTimeout.isZero())) {
      problems.add("handlerTimeout must be positive, not " + handlerTimeout);
    }
    if (shutdownGrace.isNegative()) {
      problems.add("shutdownGrace must not be negative, but is " + shutdownGrace);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    engine.checkOpen();
    WorkerSettings options =
        new WorkerSettings(concurrency, maxBatch, executor, handlerTimeout, retry, shutdownGrace);
    return QueueWorker.start(engine, context, run, options);
  }
}
