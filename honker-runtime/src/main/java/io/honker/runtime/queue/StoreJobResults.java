package io.honker.runtime.queue;

import io.honker.queue.AwaitedResult;
import io.honker.queue.AwaitedResult.Status;
import io.honker.queue.JobResults;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.JobRow;
import io.honker.runtime.store.ResultStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Results over the result store. */
final class StoreJobResults implements JobResults {

  private final Engine engine;
  private final ResultStore results;

  StoreJobResults(Engine engine) {
    this.engine = engine;
    this.results = engine.store().results();
  }

  @Override
  public void save(long jobId, @Nullable Object value, Duration ttl) {
    String json = engine.encode(value);
    Instant now = engine.clock().now();
    @Nullable Long expiresAt = expiry(now, ttl);
    engine.write(
        "save",
        WriteOperation.<@Nullable Void>statement(
            c -> {
              results.save(c, jobId, json, expiresAt, Seconds.of(now));
              return null;
            }));
    engine.signals().signal(WakeKey.jobEnd(jobId));
  }

  @Override
  public void save(Transaction tx, long jobId, @Nullable Object value, Duration ttl) {
    String json = engine.encode(value);
    Instant now = engine.clock().now();
    @Nullable Long expiresAt = expiry(now, ttl);
    engine.<@Nullable Void>write(
        tx,
        "saving a result",
        c -> {
          results.save(c, jobId, json, expiresAt, Seconds.of(now));
          return null;
        });
    engine.own(tx).touch(WakeKey.jobEnd(jobId));
  }

  /** When a result saved now expires; null for never. */
  static @Nullable Long expiry(Instant now, Duration ttl) {
    if (ttl.isNegative()) {
      throw new IllegalArgumentException("ttl must not be negative, but is " + ttl);
    }
    return ttl.isZero() ? null : (Long) Seconds.after(now, ttl);
  }

  @Override
  public <R> Optional<R> find(long jobId, Class<R> type) {
    long now = Seconds.of(engine.clock().now());
    return engine
        .read(c -> results.find(c, jobId, now))
        .flatMap(json -> Optional.ofNullable(decode(json, type)));
  }

  @SuppressWarnings("unchecked")
  private <R> @Nullable R decode(String json, Class<R> type) {
    return (R) engine.decode(json, type);
  }

  @Override
  public <R> AwaitedResult<R> await(long jobId, Class<R> type, Duration timeout)
      throws InterruptedException {
    Instant deadline = Deadlines.of(engine.clock(), "timeout", timeout);
    boolean seenLive = false;
    try (CommitSubscription commits = engine.signals().subscribe(WakeKey.jobEnd(jobId))) {
      while (true) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while waiting for job " + jobId);
        }
        Look look = look(jobId);
        if (look.result().isPresent()) {
          return new AwaitedResult<>(Status.COMPLETED, decode(look.result().get(), type), null);
        }
        if (look.job().isPresent() && look.job().get().dead()) {
          return new AwaitedResult<>(Status.DEAD, null, look.job().get().lastError());
        }
        if (look.job().isPresent()) {
          seenLive = true;
        } else if (seenLive) {
          return new AwaitedResult<>(Status.GONE, null, null);
        }
        if (!engine.clock().now().isBefore(deadline)) {
          return new AwaitedResult<>(Status.TIMEOUT, null, null);
        }
        commits.await(deadline, engine::isClosed);
      }
    }
  }

  /** Result and job from one snapshot, so that no state between the two is seen. */
  private record Look(Optional<String> result, Optional<JobRow> job) {}

  private Look look(long jobId) {
    long now = Seconds.of(engine.clock().now());
    return engine.read(
        c -> {
          Optional<JobRow> job = engine.store().jobs().find(c, jobId, false);
          return new Look(results.find(c, jobId, now), job);
        });
  }

  @Override
  public int sweep() {
    long now = Seconds.of(engine.clock().now());
    return engine.write("sweep", WriteOperation.<Integer>statement(c -> results.sweep(c, now)));
  }
}
