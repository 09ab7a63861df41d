package io.honker.runtime.task;

import io.honker.codec.Json;
import io.honker.codec.TypeRef;
import io.honker.queue.AwaitedResult;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.JobQueue;
import io.honker.queue.QueueOptions;
import io.honker.queue.WorkerBuilder;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Names;
import io.honker.runtime.queue.Queues;
import io.honker.task.TaskArguments;
import io.honker.task.TaskHandler;
import io.honker.task.TaskOptions;
import io.honker.task.TaskQueue;
import io.honker.tx.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A queue of task calls over a job queue. */
public final class StoreTaskQueue implements TaskQueue {

  private static final TypeRef<Json> DOCUMENT = TypeRef.of(Json.class);

  private final Engine engine;
  private final Queues queues;
  private final JobQueue<Json> jobs;
  private final RegisteredTasks tasks;

  /** Makes the handle of a queue, with no task registered. */
  public StoreTaskQueue(Engine engine, Queues queues, String queue) {
    this.engine = engine;
    this.queues = queues;
    this.jobs = queues.queue(queue, DOCUMENT, QueueOptions.defaults());
    this.tasks = new RegisteredTasks(engine);
  }

  @Override
  public String queue() {
    return jobs.name();
  }

  @Override
  public TaskQueue register(String name, TaskHandler handler, TaskOptions options) {
    checkName(name);
    Objects.requireNonNull(handler, "handler");
    Objects.requireNonNull(options, "options");
    if (!tasks.add(name, handler, options)) {
      throw new IllegalArgumentException(
          "a task named \"" + name + "\" is registered with this handle already");
    }
    return this;
  }

  @Override
  public Set<String> registered() {
    return tasks.names();
  }

  @Override
  public long call(String name, TaskArguments arguments) {
    return jobs.enqueue(payload(name, arguments), options(name));
  }

  @Override
  public long call(Transaction tx, String name, TaskArguments arguments) {
    return jobs.enqueue(tx, payload(name, arguments), options(name));
  }

  private Json payload(String name, TaskArguments arguments) {
    checkName(name);
    List<String> args = new ArrayList<>();
    for (@Nullable Object value : arguments.positional()) {
      args.add(engine.encode(value));
    }
    Map<String, String> kwargs = new LinkedHashMap<>();
    arguments.keywords().forEach((keyword, value) -> kwargs.put(keyword, engine.encode(value)));
    return Json.of(new TaskEnvelope(name, args, kwargs).json());
  }

  private EnqueueOptions options(String name) {
    TaskOptions task = tasks.options(name);
    EnqueueOptions.Builder options =
        EnqueueOptions.builder().maxAttempts(task.maxAttempts()).priority(task.priority());
    task.expiresAfter().ifPresent(options::expiresAfter);
    return options.build();
  }

  private static void checkName(String name) {
    Names.notBlank("task", Objects.requireNonNull(name, "name"));
  }

  @Override
  public <R> AwaitedResult<R> await(long jobId, Class<R> type, Duration timeout)
      throws InterruptedException {
    return queues.results().await(jobId, type, timeout);
  }

  @Override
  public WorkerBuilder worker() {
    if (tasks.names().isEmpty()) {
      throw new IllegalStateException(
          "no task is registered with this handle of queue \""
              + queue()
              + "\"; a worker would send every call to the dead letters");
    }
    return queues.worker(queue(), DOCUMENT, QueueOptions.defaults(), tasks);
  }
}
