package io.honker.runtime.queue;

import io.honker.queue.DeadLetters;
import io.honker.queue.JobSnapshot;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.StoreFunction;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Dead letters over the job store. */
final class StoreDeadLetters<T> implements DeadLetters<T> {

  private final Engine engine;
  private final JobStore jobs;
  private final QueueContext<T> context;
  private final JobSnapshots<T> snapshots;

  StoreDeadLetters(Engine engine, QueueContext<T> context, JobSnapshots<T> snapshots) {
    this.engine = engine;
    this.jobs = engine.store().jobs();
    this.context = context;
    this.snapshots = snapshots;
  }

  @Override
  public List<JobSnapshot<T>> list(long afterId, int limit) {
    return page(null, afterId, limit);
  }

  @Override
  public List<JobSnapshot<T>> list(String errorContains, long afterId, int limit) {
    return page(Objects.requireNonNull(errorContains, "errorContains"), afterId, limit);
  }

  private List<JobSnapshot<T>> page(@Nullable String errorContains, long afterId, int limit) {
    checkLimit(limit);
    return engine.read(c -> jobs.dead(c, context.name(), errorContains, afterId, limit)).stream()
        .map(snapshots::of)
        .toList();
  }

  private static void checkLimit(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
  }

  @Override
  public long count() {
    return engine.read(c -> jobs.countDead(c, context.name()));
  }

  @Override
  public boolean requeue(long jobId) {
    long now = now();
    boolean requeued = write("requeue", c -> jobs.requeue(c, context.name(), jobId, now));
    engine.signals().signal(context.wakeKey());
    return requeued;
  }

  @Override
  public boolean requeue(Transaction tx, long jobId) {
    long now = now();
    boolean requeued =
        engine.write(tx, "requeueing", c -> jobs.requeue(c, context.name(), jobId, now));
    engine.own(tx).touch(context.wakeKey());
    return requeued;
  }

  @Override
  public int requeueAll(int limit) {
    checkLimit(limit);
    long now = now();
    int count = write("requeueAll", c -> jobs.requeueAll(c, context.name(), limit, now));
    engine.signals().signal(context.wakeKey());
    return count;
  }

  @Override
  public int purgeOlderThan(Duration age) {
    if (age.isNegative()) {
      throw new IllegalArgumentException("age must not be negative, but is " + age);
    }
    long until = Seconds.of(engine.clock().now().minus(age));
    return write("purgeOlderThan", c -> jobs.purgeDeadUntil(c, context.name(), until));
  }

  @Override
  public int purgeKeeping(int keep) {
    if (keep < 0) {
      throw new IllegalArgumentException("keep must not be negative, but is " + keep);
    }
    return write("purgeKeeping", c -> jobs.purgeDeadKeeping(c, context.name(), keep));
  }

  private long now() {
    return Seconds.of(engine.clock().now());
  }

  private <R> R write(String call, StoreFunction<R> function) {
    return engine.write(call, WriteOperation.statements(function));
  }
}
