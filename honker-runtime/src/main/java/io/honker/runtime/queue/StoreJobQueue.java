package io.honker.runtime.queue;

import io.honker.observe.HonkerEvent;
import io.honker.queue.DeadLetters;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.EnqueueResult;
import io.honker.queue.Job;
import io.honker.queue.JobFunction;
import io.honker.queue.JobHandler;
import io.honker.queue.JobQueue;
import io.honker.queue.JobSnapshot;
import io.honker.queue.QueueStats;
import io.honker.queue.TransactionalJobHandler;
import io.honker.queue.WorkerBuilder;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.EngineTransaction;
import io.honker.runtime.engine.Failures;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.ClaimOutcome;
import io.honker.runtime.store.ClaimRef;
import io.honker.runtime.store.ClaimRequest;
import io.honker.runtime.store.ClaimedRow;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.QueueCounts;
import io.honker.runtime.store.UniqueOutcome;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A queue over the job store. */
final class StoreJobQueue<T> implements JobQueue<T> {

  private final Engine engine;
  private final JobStore jobs;
  private final QueueContext<T> context;
  private final JobSnapshots<T> snapshots;
  private final String pullWorkerId;

  StoreJobQueue(Engine engine, QueueContext<T> context) {
    this.engine = engine;
    this.jobs = engine.store().jobs();
    this.context = context;
    this.snapshots = new JobSnapshots<>(engine, context);
    this.pullWorkerId = engine.newWorkerId();
  }

  @Override
  public String name() {
    return context.name();
  }

  // ---- enqueue

  @Override
  public long enqueue(T payload) {
    return enqueue(payload, EnqueueOptions.defaults());
  }

  @Override
  public long enqueue(T payload, EnqueueOptions options) {
    String json = encode(payload);
    NewJob job = newJob(options);
    long id =
        engine.write("enqueue", WriteOperation.<Long>statement(c -> jobs.insert(c, job, json)));
    enqueued(1);
    return id;
  }

  @Override
  public long enqueue(Transaction tx, T payload) {
    return enqueue(tx, payload, EnqueueOptions.defaults());
  }

  @Override
  public long enqueue(Transaction tx, T payload, EnqueueOptions options) {
    String json = encode(payload);
    NewJob job = newJob(options);
    long id = engine.write(tx, "enqueueing", c -> jobs.insert(c, job, json));
    enqueuedIn(tx, 1);
    return id;
  }

  @Override
  public List<Long> enqueueAll(Collection<? extends T> payloads, EnqueueOptions options) {
    List<String> documents = encodeAll(payloads);
    NewJob job = newJob(options);
    if (documents.isEmpty()) {
      return List.of();
    }
    long[] ids =
        engine.write(
            "enqueueAll",
            WriteOperation.<long[]>statements(c -> jobs.insertAll(c, job, documents)));
    enqueued(ids.length);
    return asList(ids);
  }

  @Override
  public List<Long> enqueueAll(
      Transaction tx, Collection<? extends T> payloads, EnqueueOptions options) {
    List<String> documents = encodeAll(payloads);
    NewJob job = newJob(options);
    if (documents.isEmpty()) {
      return List.of();
    }
    long[] ids = engine.write(tx, "enqueueing", c -> jobs.insertAll(c, job, documents));
    enqueuedIn(tx, ids.length);
    return asList(ids);
  }

  @Override
  public EnqueueResult enqueueUnique(String key, T payload, EnqueueOptions options) {
    String checkedKey = checkKey(key);
    String json = encode(payload);
    NewJob job = newJob(options);
    long until = uniqueUntil(options);
    UniqueOutcome outcome =
        engine.write(
            "enqueueUnique",
            WriteOperation.<UniqueOutcome>statements(
                c -> jobs.insertUnique(c, job, json, checkedKey, until)));
    if (!outcome.duplicate()) {
      enqueued(1);
    }
    return new EnqueueResult(outcome.jobId(), outcome.duplicate());
  }

  @Override
  public EnqueueResult enqueueUnique(
      Transaction tx, String key, T payload, EnqueueOptions options) {
    String checkedKey = checkKey(key);
    String json = encode(payload);
    NewJob job = newJob(options);
    long until = uniqueUntil(options);
    UniqueOutcome outcome =
        engine.write(tx, "enqueueing", c -> jobs.insertUnique(c, job, json, checkedKey, until));
    if (!outcome.duplicate()) {
      enqueuedIn(tx, 1);
    }
    return new EnqueueResult(outcome.jobId(), outcome.duplicate());
  }

  private static String checkKey(String key) {
    Objects.requireNonNull(key, "key");
    if (key.isBlank()) {
      throw new IllegalArgumentException("a unique key must not be blank");
    }
    return key;
  }

  private long uniqueUntil(EnqueueOptions options) {
    return Seconds.after(engine.clock().now(), options.uniqueFor());
  }

  private String encode(T payload) {
    return engine.encode(Objects.requireNonNull(payload, "payload"));
  }

  private List<String> encodeAll(Collection<? extends T> payloads) {
    List<String> documents = new ArrayList<>(payloads.size());
    for (T payload : payloads) {
      documents.add(encode(payload));
    }
    return documents;
  }

  private NewJob newJob(EnqueueOptions options) {
    Instant now = engine.clock().now();
    long second = Seconds.of(now);
    Optional<Duration> delay = options.delay();
    Optional<Instant> runAt = options.runAt();
    long due =
        delay.isPresent()
            ? Seconds.after(now, delay.get())
            : runAt.isPresent() ? Seconds.ceil(runAt.get()) : second;
    Optional<Duration> expiry = options.expiresAfter();
    return new NewJob(
        context.name(),
        options.priority(),
        due,
        options.maxAttempts().orElse(context.options().maxAttempts()),
        second,
        expiry.isPresent() ? (Long) Seconds.after(now, expiry.get()) : null);
  }

  private void enqueued(int count) {
    engine.signals().signal(context.wakeKey());
    engine.observe(() -> new HonkerEvent.JobsEnqueued(context.name(), count));
  }

  private void enqueuedIn(Transaction tx, int count) {
    EngineTransaction transaction = engine.own(tx);
    transaction.touch(context.wakeKey());
    if (engine.isObserved()) {
      transaction.afterCommit(
          () -> engine.observe(() -> new HonkerEvent.JobsEnqueued(context.name(), count)));
    }
  }

  private static List<Long> asList(long[] ids) {
    List<Long> list = new ArrayList<>(ids.length);
    for (long id : ids) {
      list.add(id);
    }
    return list;
  }

  // ---- claim and acknowledge

  @Override
  public List<Job<T>> claim(int max) {
    return claimNow(max).jobs();
  }

  /** What one look gave: jobs, and when to look again if there are none. */
  private record Look<T>(
      List<Job<T>> jobs, int unreadable, boolean stoppedEarly, Instant lookAgainAt) {}

  /** Looks again while all it met was unreadable or dead: a good job may be behind. */
  private Look<T> claimNow(int max) {
    Look<T> look = claimOnce(max);
    while (look.jobs().isEmpty() && (look.unreadable() > 0 || look.stoppedEarly())) {
      look = claimOnce(max);
    }
    return look;
  }

  private Look<T> claimOnce(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max must be at least 1, not " + max);
    }
    Instant now = engine.clock().now();
    long second = Seconds.of(now);
    ClaimRequest request =
        new ClaimRequest(
            context.name(),
            pullWorkerId,
            max,
            Seconds.after(now, context.options().visibilityTimeout()),
            second);
    ClaimOutcome outcome =
        engine.write("claim", WriteOperation.<ClaimOutcome>statements(c -> jobs.claim(c, request)));
    ClaimEvents.afterClaim(engine, context, pullWorkerId, outcome);
    List<Job<T>> claimed = new ArrayList<>(outcome.jobs().size());
    for (ClaimedRow row : outcome.jobs()) {
      ClaimedJob<T> job =
          new ClaimedJob<>(engine, context, row, pullWorkerId, request.leaseUntil());
      if (decodeOrBury(job)) {
        claimed.add(job);
      }
    }
    Instant again =
        outcome.paused() || outcome.nextDue() == ClaimOutcome.NONE
            ? Instant.MAX
            : Seconds.instant(outcome.nextDue());
    boolean firstHeldUp = outcome.limited() && context.limited().add(context.name());
    boolean stoppedEarly = firstHeldUp || (!outcome.paused() && outcome.nextDue() <= second);
    return new Look<>(claimed, outcome.jobs().size() - claimed.size(), stoppedEarly, again);
  }

  private boolean decodeOrBury(ClaimedJob<T> job) {
    try {
      job.payload();
      return true;
    } catch (RuntimeException unreadable) { // a codec of the application's may throw anything
      job.fail(Failures.describe(unreadable));
      return false;
    }
  }

  @Override
  public List<Job<T>> claim(int max, Duration wait) throws InterruptedException {
    Instant deadline = Deadlines.of(engine.clock(), "wait", wait);
    if (wait.isZero()) {
      return claim(max);
    }
    try (CommitSubscription commits = engine.signals().subscribe(context.wakeKey())) {
      while (true) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while waiting for a job");
        }
        Look<T> look = claimNow(max);
        if (!look.jobs().isEmpty() || !engine.clock().now().isBefore(deadline)) {
          return look.jobs();
        }
        Instant until = look.lookAgainAt().isBefore(deadline) ? look.lookAgainAt() : deadline;
        commits.await(until, engine::isClosed);
      }
    }
  }

  @Override
  public int ackAll(Collection<Job<T>> claimed) {
    List<ClaimRef> refs = refs(claimed);
    long now = Seconds.of(engine.clock().now());
    BitSet ours =
        engine.write("ackAll", WriteOperation.<BitSet>statements(c -> jobs.ackAll(c, refs, now)));
    for (ClaimRef ref : refs) {
      context.signalEnd(engine.signals(), ref.id());
    }
    return ours.cardinality();
  }

  @Override
  public int ackAll(Transaction tx, Collection<Job<T>> claimed) {
    List<ClaimRef> refs = refs(claimed);
    long now = Seconds.of(engine.clock().now());
    BitSet ours = engine.write(tx, "acknowledging", c -> jobs.ackAll(c, refs, now));
    EngineTransaction transaction = engine.own(tx);
    refs.forEach(ref -> context.touchEnd(transaction, ref.id()));
    return ours.cardinality();
  }

  private List<ClaimRef> refs(Collection<Job<T>> claimed) {
    List<ClaimRef> refs = new ArrayList<>(claimed.size());
    for (Job<T> job : claimed) {
      if (!job.queue().equals(context.name())) {
        throw new IllegalArgumentException(
            "job "
                + job.id()
                + " belongs to queue \""
                + job.queue()
                + "\", not \""
                + name()
                + "\"");
      }
      if (!(job instanceof ClaimedJob<?> claim && claim.isReleased())) {
        refs.add(new ClaimRef(job.id(), job.workerId(), job.attempt()));
      }
    }
    return refs;
  }

  // ---- workers

  @Override
  public WorkerBuilder worker(JobHandler<T> handler) {
    Objects.requireNonNull(handler, "handler");
    return builder(
        job -> {
          handler.handle(job);
          return JobRun.done();
        });
  }

  @Override
  public WorkerBuilder workerWithResult(JobFunction<T> handler, Duration ttl) {
    Objects.requireNonNull(handler, "handler");
    if (ttl.isNegative()) {
      throw new IllegalArgumentException("ttl must not be negative, but is " + ttl);
    }
    return builder(job -> JobRun.doneWithResult(engine.encode(handler.handle(job)), ttl));
  }

  @Override
  public WorkerBuilder transactionalWorker(TransactionalJobHandler<T> handler) {
    Objects.requireNonNull(handler, "handler");
    return builder(new TransactionalRun<>(engine, context, handler));
  }

  private WorkerBuilder builder(JobRun<T> run) {
    return new QueueWorkerBuilder<>(engine, context, run);
  }

  // ---- look and manage

  @Override
  public boolean cancel(long jobId) {
    boolean cancelled =
        engine.write(
            "cancel",
            WriteOperation.<Boolean>statements(c -> jobs.cancel(c, context.name(), jobId)));
    context.signalEnd(engine.signals(), jobId);
    return cancelled;
  }

  @Override
  public boolean cancel(Transaction tx, long jobId) {
    boolean cancelled = engine.write(tx, "cancelling", c -> jobs.cancel(c, context.name(), jobId));
    context.touchEnd(engine.own(tx), jobId);
    return cancelled;
  }

  @Override
  public Optional<JobSnapshot<T>> find(long jobId) {
    return engine
        .read(c -> jobs.find(c, jobId, true))
        .filter(row -> row.queue().equals(context.name()))
        .map(snapshots::of);
  }

  @Override
  public QueueStats stats() {
    long now = Seconds.of(engine.clock().now());
    QueueCounts counts =
        engine.read(c -> jobs.count(c, context.name(), QueueStats.COUNT_LIMIT, now));
    @Nullable Long oldest = counts.oldestReadyRunAt();
    return new QueueStats(
        context.name(),
        counts.ready(),
        counts.delayed(),
        counts.inFlight(),
        counts.dead(),
        oldest == null ? null : Duration.ofSeconds(now - oldest));
  }

  @Override
  public DeadLetters<T> deadLetters() {
    return new StoreDeadLetters<>(engine, context, snapshots);
  }

  @Override
  public int sweepExpired() {
    long now = Seconds.of(engine.clock().now());
    return engine.write(
        "sweepExpired",
        WriteOperation.<Integer>statements(c -> jobs.sweepExpired(c, context.name(), now)));
  }

  @Override
  public void pause() {
    setPaused(true);
  }

  @Override
  public void resume() {
    setPaused(false);
    engine.signals().signal(context.wakeKey());
  }

  private void setPaused(boolean paused) {
    engine.write(
        paused ? "pause" : "resume",
        WriteOperation.<Boolean>statements(c -> jobs.pause(c, context.name(), paused)));
  }

  @Override
  public boolean isPaused() {
    return engine.read(c -> jobs.isPaused(c, context.name()));
  }

  @Override
  public void limitConcurrency(int max) {
    if (max < 1) {
      throw new IllegalArgumentException(
          "max must be at least 1, not " + max + "; to let no job run, pause the queue");
    }
    setConcurrencyLimit("limitConcurrency", max);
  }

  @Override
  public void removeConcurrencyLimit() {
    setConcurrencyLimit("removeConcurrencyLimit", null);
  }

  private void setConcurrencyLimit(String call, @Nullable Integer max) {
    engine.write(
        call,
        WriteOperation.<Boolean>statements(
            c -> {
              jobs.limitConcurrency(c, context.name(), max);
              return true;
            }));
    engine.signals().signal(context.wakeKey());
  }

  @Override
  public OptionalInt concurrencyLimit() {
    Optional<Integer> limit =
        engine.read(c -> Optional.ofNullable(jobs.concurrencyLimit(c, context.name())));
    return limit.isPresent() ? OptionalInt.of(limit.get()) : OptionalInt.empty();
  }

  @Override
  public Optional<Instant> nextDue() {
    long now = Seconds.of(engine.clock().now());
    long due = engine.read(c -> jobs.nextDue(c, context.name(), now));
    return due == ClaimOutcome.NONE ? Optional.empty() : Optional.of(Seconds.instant(due));
  }
}
