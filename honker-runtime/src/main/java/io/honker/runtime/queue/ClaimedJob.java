package io.honker.runtime.queue;

import io.honker.observe.HonkerEvent;
import io.honker.queue.Job;
import io.honker.queue.ScheduledFire;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.EngineTransaction;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.ClaimRef;
import io.honker.runtime.store.ClaimedRow;
import io.honker.runtime.store.FailureOutcome;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.StoreFunction;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A claimed row and what its owner may do with it. */
final class ClaimedJob<T> implements Job<T> {

  private final Engine engine;
  private final JobStore jobs;
  private final QueueContext<T> context;
  private final ClaimedRow row;
  private final ClaimRef ref;
  private volatile long leaseUntil;
  private volatile @Nullable T payload;
  private volatile boolean decoded;
  private volatile boolean released;

  ClaimedJob(
      Engine engine, QueueContext<T> context, ClaimedRow row, String workerId, long leaseUntil) {
    this.engine = engine;
    this.jobs = engine.store().jobs();
    this.context = context;
    this.row = row;
    this.ref = new ClaimRef(row.id(), workerId, row.attempt());
    this.leaseUntil = leaseUntil;
  }

  ClaimRef ref() {
    return ref;
  }

  @Override
  public long id() {
    return row.id();
  }

  @Override
  public String queue() {
    return context.name();
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // JSON null is the payload the producer chose
  public T payload() {
    if (!decoded) {
      payload = (T) engine.decode(row.payload(), context.type().type());
      decoded = true;
    }
    return payload;
  }

  @Override
  public int attempt() {
    return row.attempt();
  }

  @Override
  public int maxAttempts() {
    return row.maxAttempts();
  }

  @Override
  public int priority() {
    return row.priority();
  }

  @Override
  public Instant runAt() {
    return Seconds.instant(row.runAt());
  }

  @Override
  public Instant createdAt() {
    return Seconds.instant(row.createdAt());
  }

  @Override
  public Optional<Instant> expiresAt() {
    return Optional.ofNullable(row.expiresAt()).map(Seconds::instant);
  }

  @Override
  public Instant leaseUntil() {
    return Seconds.instant(leaseUntil);
  }

  @Override
  public String workerId() {
    return ref.workerId();
  }

  @Override
  public Optional<ScheduledFire> scheduledFire() {
    return engine
        .read(c -> engine.store().schedules().findFire(c, row.id()))
        .map(fire -> new ScheduledFire(fire.schedule(), Seconds.instant(fire.fireAt())));
  }

  void leaseExtendedTo(long second) {
    leaseUntil = Math.max(leaseUntil, second);
  }

  @Override
  public boolean ack() {
    if (released) {
      return false;
    }
    long now = now();
    boolean ours = write("ack", c -> jobs.ack(c, ref, now));
    context.signalEnd(engine.signals(), row.id());
    return ours;
  }

  @Override
  public boolean ack(Transaction tx) {
    if (released) {
      return false;
    }
    long now = now();
    boolean ours = engine.write(tx, "acknowledging", c -> jobs.ack(c, ref, now));
    context.touchEnd(engine.own(tx), row.id());
    return ours;
  }

  @Override
  public boolean retry(Duration delay, @Nullable String error) {
    RetryAt at = retryAt(delay);
    if (released) {
      return false;
    }
    FailureOutcome outcome = write("retry", c -> jobs.retry(c, ref, at.runAt(), error, at.now()));
    if (outcome == FailureOutcome.DEAD) {
      context.signalEnd(engine.signals(), row.id());
    } else {
      signalFailure(outcome);
    }
    announce(outcome, delay, error);
    return outcome != FailureOutcome.LOST;
  }

  @Override
  public boolean retry(Transaction tx, Duration delay, @Nullable String error) {
    RetryAt at = retryAt(delay);
    if (released) {
      return false;
    }
    FailureOutcome outcome =
        engine.write(tx, "retrying", c -> jobs.retry(c, ref, at.runAt(), error, at.now()));
    EngineTransaction transaction = engine.own(tx);
    transaction.touch(context.wakeKey());
    transaction.touch(WakeKey.jobEnd(row.id()));
    transaction.afterCommit(() -> announce(outcome, delay, error));
    return outcome != FailureOutcome.LOST;
  }

  private record RetryAt(long runAt, long now) {}

  private RetryAt retryAt(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative, but is " + delay);
    }
    Instant now = engine.clock().now();
    return new RetryAt(Seconds.after(now, delay), Seconds.of(now));
  }

  @Override
  public boolean fail(@Nullable String error) {
    if (released) {
      return false;
    }
    long now = now();
    boolean ours = write("fail", c -> jobs.fail(c, ref, error, now));
    context.signalEnd(engine.signals(), row.id());
    if (ours) {
      announce(FailureOutcome.DEAD, Duration.ZERO, error);
    }
    return ours;
  }

  @Override
  public boolean fail(Transaction tx, @Nullable String error) {
    if (released) {
      return false;
    }
    long now = now();
    boolean ours = engine.write(tx, "failing", c -> jobs.fail(c, ref, error, now));
    EngineTransaction transaction = engine.own(tx);
    context.touchEnd(transaction, row.id());
    if (ours) {
      transaction.afterCommit(() -> announce(FailureOutcome.DEAD, Duration.ZERO, error));
    }
    return ours;
  }

  @Override
  public boolean release() {
    if (released) {
      return false;
    }
    long now = now();
    boolean ours = write("release", c -> jobs.release(c, ref, now));
    released = ours; // the job may be claimed again under the same attempt; this claim is over
    engine.signals().signal(context.wakeKey());
    return ours;
  }

  /** Whether this claim was handed back, so that nothing more may be written under it. */
  boolean isReleased() {
    return released;
  }

  void markReleased() {
    released = true;
  }

  @Override
  public boolean extendLease(Duration extension) {
    if (extension.isNegative() || extension.isZero()) {
      throw new IllegalArgumentException("extension must be positive, not " + extension);
    }
    if (released) {
      return false;
    }
    Instant now = engine.clock().now();
    long until = Seconds.after(now, extension);
    boolean ours = write("extendLease", c -> jobs.extend(c, ref, until, Seconds.of(now)));
    if (ours) {
      leaseExtendedTo(until);
    }
    return ours;
  }

  private long now() {
    return Seconds.of(engine.clock().now());
  }

  private <R> R write(String call, StoreFunction<R> function) {
    return engine.write(call, WriteOperation.statements(function));
  }

  void signalFailure(FailureOutcome outcome) {
    if (outcome == FailureOutcome.RETRIED) {
      engine.signals().signal(context.wakeKey());
    } else if (outcome == FailureOutcome.DEAD) {
      signalEnd();
    }
  }

  void signalEnd() {
    engine.signals().signal(WakeKey.jobEnd(row.id()));
  }

  void announce(FailureOutcome outcome, Duration delay, @Nullable String error) {
    String reason = error == null ? "" : error;
    switch (outcome) {
      case RETRIED ->
          engine.observe(
              () ->
                  new HonkerEvent.JobRetried(
                      context.name(), row.id(), row.attempt(), delay, reason));
      case DEAD ->
          engine.observe(
              () -> new HonkerEvent.JobDied(context.name(), row.id(), row.attempt(), reason));
      case LOST ->
          engine.observe(() -> new HonkerEvent.LeaseLost(context.name(), row.id(), row.attempt()));
    }
  }

  @Override
  public String toString() {
    return "job " + row.id() + " of queue \"" + context.name() + "\", attempt " + row.attempt();
  }
}
