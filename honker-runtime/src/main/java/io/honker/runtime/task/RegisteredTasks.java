package io.honker.runtime.task;

import io.honker.codec.Json;
import io.honker.queue.Job;
import io.honker.retry.RetryPolicy;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.queue.JobRunner;
import io.honker.task.TaskHandler;
import io.honker.task.TaskOptions;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** Tasks by name, and how their calls are run. */
final class RegisteredTasks implements JobRunner<Json> {

  private static final String RAW = "raw (non-decorated) payload on a decorated-task queue";

  private record Task(TaskHandler handler, TaskOptions options) {}

  private final Engine engine;
  private final ConcurrentSkipListMap<String, Task> tasks = new ConcurrentSkipListMap<>();

  RegisteredTasks(Engine engine) {
    this.engine = engine;
  }

  /** Adds a task; false if the name is taken. */
  boolean add(String name, TaskHandler handler, TaskOptions options) {
    return tasks.putIfAbsent(name, new Task(handler, options)) == null;
  }

  Set<String> names() {
    return Collections.unmodifiableSet(new TreeSet<>(tasks.keySet()));
  }

  /** The options of a task, the defaults if it is registered elsewhere. */
  TaskOptions options(String name) {
    Task task = tasks.get(name);
    return task == null ? TaskOptions.defaults() : task.options();
  }

  @Override
  public Outcome run(Job<Json> job) throws Exception {
    Optional<TaskEnvelope> envelope = TaskEnvelope.read(job.payload().text());
    if (envelope.isEmpty()) {
      return Outcome.dead(RAW);
    }
    Task task = tasks.get(envelope.get().task());
    if (task == null) {
      return Outcome.dead(unknown(envelope.get().task()));
    }
    Object result = task.handler().handle(new EnvelopeCall(engine, job, envelope.get()));
    return task.options().storeResult()
        ? Outcome.done(engine.encode(result), task.options().resultTtl())
        : Outcome.done();
  }

  @Override
  public RetryPolicy retry(Job<Json> job) {
    return TaskEnvelope.read(job.payload().text())
        .map(envelope -> options(envelope.task()))
        .orElseGet(TaskOptions::defaults)
        .retry();
  }

  /** The text of honker's Python workers, which people and programs search dead letters for. */
  private String unknown(String name) {
    String known =
        tasks.keySet().stream()
            .map(RegisteredTasks::asPythonText)
            .collect(Collectors.joining(", ", "[", "]"));
    return "unknown task: " + asPythonText(name) + ". Registered tasks: " + known;
  }

  private static String asPythonText(String name) {
    boolean inDoubleQuotes = name.contains("'") && !name.contains("\"");
    String escaped =
        name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    return inDoubleQuotes ? '"' + escaped + '"' : "'" + escaped.replace("'", "\\'") + "'";
  }
}
