package io.honker.runtime.queue;

import io.honker.codec.TypeRef;
import io.honker.queue.JobQueue;
import io.honker.queue.JobResults;
import io.honker.queue.QueueOptions;
import io.honker.queue.WorkerBuilder;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Names;
import java.util.List;
import java.util.Objects;

/** Hands out queues and results. */
public final class Queues {

  private final Engine engine;
  private final JobResults results;
  private final LimitedQueues limited = new LimitedQueues();

  /** Makes the feature over an engine. */
  public Queues(Engine engine) {
    this.engine = engine;
    this.results = new StoreJobResults(engine);
  }

  /** The handle of a queue. */
  public <T> JobQueue<T> queue(String name, TypeRef<T> type, QueueOptions options) {
    return new StoreJobQueue<>(engine, context(name, type, options));
  }

  /** A worker of another feature that builds on a queue. */
  public <T> WorkerBuilder worker(
      String name, TypeRef<T> type, QueueOptions options, JobRunner<T> runner) {
    return new QueueWorkerBuilder<>(engine, context(name, type, options), new RunnerRun<>(runner));
  }

  private <T> QueueContext<T> context(String name, TypeRef<T> type, QueueOptions options) {
    engine.checkOpen();
    Names.notBlank("queue", Objects.requireNonNull(name, "name"));
    return new QueueContext<>(
        name,
        Objects.requireNonNull(type, "type"),
        Objects.requireNonNull(options, "options"),
        limited);
  }

  /** Names of queues with jobs. */
  public List<String> names() {
    return engine.read(c -> engine.store().jobs().queues(c));
  }

  /** Results of all queues. */
  public JobResults results() {
    return results;
  }
}
