package io.honker.runtime.queue;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Failures;
import io.honker.runtime.engine.RetryDecision;
import io.honker.runtime.loop.Deadlines;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls the handler for one job and decides what its outcome means. */
final class HandlerCall<T> {

  private final Engine engine;
  private final JobRun<T> run;
  private final WorkerSettings options;

  HandlerCall(Engine engine, JobRun<T> run, WorkerSettings options) {
    this.engine = engine;
    this.run = run;
    this.options = options;
  }

  /** When a handler that begins now has run too long. */
  Instant timeoutFromNow() {
    Duration timeout = options.handlerTimeout();
    return timeout == null ? Instant.MAX : Deadlines.after(engine.clock().now(), timeout);
  }

  Completion<T> call(InFlight<T> entry, Instant timeoutAt) {
    if (!entry.begin(timeoutAt)) {
      return nothing(entry, entry.end(), Duration.ZERO);
    }
    long begun = engine.clock().nanoTime();
    JobRun.@Nullable Success success = null;
    @Nullable Throwable failure = null;
    try {
      success = run.run(entry.job());
    } catch (Throwable t) { // an Error of the handler must not end the worker (rule Q-7)
      failure = t;
    }
    InFlight.Stop stop = entry.end();
    Duration time = Duration.ofNanos(engine.clock().nanoTime() - begun);
    if (stop == InFlight.Stop.LEASE_LOST || stop == InFlight.Stop.SHUTDOWN) {
      return success != null && success.acked() ? acked(entry, time) : nothing(entry, stop, time);
    }
    if (entry.job().isReleased()) { // by the handler itself
      return nothing(entry, InFlight.Stop.SHUTDOWN, time);
    }
    if (success != null) {
      return success.acked() ? acked(entry, time) : ended(entry, success, time);
    }
    if (stop == InFlight.Stop.TIMEOUT) {
      failure = new TimeoutException("timeout after " + options.handlerTimeout());
      return failed(entry, failure, "timeout after " + options.handlerTimeout(), time);
    }
    if (failure instanceof JobRun.ClaimLostException) {
      return nothing(entry, InFlight.Stop.LEASE_LOST, time);
    }
    Throwable thrown = failure == null ? new IllegalStateException("no outcome") : failure;
    return failed(entry, thrown, Failures.describe(thrown), time);
  }

  private static <T> Completion<T> ended(InFlight<T> entry, JobRun.Success success, Duration time) {
    Completion.Kind kind =
        success.deadReason() == null ? Completion.Kind.ACK : Completion.Kind.FAIL;
    return new Completion<>(
        entry, kind, success.result(), success.resultTtl(), success.deadReason(), time);
  }

  private Completion<T> failed(InFlight<T> entry, Throwable failure, String error, Duration time) {
    ClaimedJob<T> job = entry.job();
    Optional<Duration> delay =
        RetryDecision.delayAfter(() -> run.retry(job, options.retry()), job.attempt(), failure);
    return new Completion<>(
        entry,
        delay.isPresent() ? Completion.Kind.RETRY : Completion.Kind.FAIL,
        null,
        delay.orElse(Duration.ZERO),
        error,
        time);
  }

  private static <T> Completion<T> nothing(InFlight<T> entry, InFlight.Stop reason, Duration time) {
    Completion.Kind kind =
        reason == InFlight.Stop.SHUTDOWN ? Completion.Kind.HANDED_BACK : Completion.Kind.LOST;
    return new Completion<>(entry, kind, null, Duration.ZERO, null, time);
  }

  private static <T> Completion<T> acked(InFlight<T> entry, Duration time) {
    return new Completion<>(entry, Completion.Kind.ACKED, null, Duration.ZERO, null, time);
  }
}
