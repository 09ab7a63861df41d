package io.honker.runtime.task;

import io.honker.codec.Json;
import io.honker.error.PayloadException;
import io.honker.queue.Job;
import io.honker.runtime.engine.Engine;
import io.honker.task.TaskCall;
import java.util.Optional;
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
  public <T> T argument(int index, Class<T> type) {
    return present(at(index), "at place " + index, type);
  }

  @Override
  public <T> T argument(String keyword, Class<T> type) {
    return present(envelope.kwargs().get(keyword), "\"" + keyword + "\"", type);
  }

  @Override
  public <T> T argument(int index, String keyword, Class<T> type) {
    String place = "\"" + keyword + "\", neither by that keyword nor at place " + index;
    return present(either(index, keyword), place, type);
  }

  @Override
  public <T> Optional<T> findArgument(int index, String keyword, Class<T> type) {
    String json = either(index, keyword);
    return json == null ? Optional.empty() : Optional.ofNullable(decode(json, type));
  }

  private @Nullable String at(int index) {
    return index >= 0 && index < positionalCount() ? envelope.args().get(index) : null;
  }

  private @Nullable String either(int index, String keyword) {
    String json = at(index);
    return json == null ? envelope.kwargs().get(keyword) : json;
  }

  private <T> T present(@Nullable String json, String place, Class<T> type) {
    T value = json == null ? null : decode(json, type);
    if (value == null) {
      throw PayloadException.missingArgument(name(), place);
    }
    return value;
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
