package io.honker.runtime.task;

import io.honker.codec.Json;
import io.honker.error.PayloadException;
import io.honker.queue.Job;
import io.honker.runtime.engine.Engine;
import io.honker.task.TaskCall;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call over the envelope that a job carried. */
final class EnvelopeCall implements TaskCall {

  private final Engine engine;
  private final Job<Json> job;
  private final TaskEnvelope envelope;

  EnvelopeCall(Engine engine, Job<Json> job, TaskEnvelope envelope) {
    this.engine = engine;
    this.job = job;
    this.envelope = envelope;
  }

  @Override
  public String name() {
    return envelope.task();
  }

  @Override
  public long jobId() {
    return job.id();
  }

  @Override
  public int attempt() {
    return job.attempt();
  }

  @Override
  public int positionalCount() {
    return envelope.args().size();
  }

  @Override
  public Set<String> keywords() {
    return envelope.kwargs().keySet();
  }

  @Override
  public <T> @Nullable T argument(int index, Class<T> type) {
    if (!has(index)) {
      throw PayloadException.missingArgument(name(), "at place " + index);
    }
    return decode(envelope.args().get(index), type);
  }

  @Override
  public <T> @Nullable T argument(String keyword, Class<T> type) {
    String value = envelope.kwargs().get(keyword);
    if (value == null) {
      throw PayloadException.missingArgument(name(), "\"" + keyword + "\"");
    }
    return decode(value, type);
  }

  @Override
  public <T> @Nullable T argument(int index, String keyword, Class<T> type) {
    if (has(index)) {
      return argument(index, type);
    }
    if (envelope.kwargs().containsKey(keyword)) {
      return argument(keyword, type);
    }
    throw PayloadException.missingArgument(
        name(), "\"" + keyword + "\", neither by that keyword nor at place " + index);
  }

  private boolean has(int index) {
    return index >= 0 && index < positionalCount();
  }

  @SuppressWarnings("unchecked") // the codec gives what it was asked for; Class.cast fails for int
  private <T> @Nullable T decode(String json, Class<T> type) {
    return (T) engine.decode(json, type);
  }

  @Override
  public String toString() {
    return "task " + name() + ", " + job;
  }
}
