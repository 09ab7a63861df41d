package io.honker.runtime.queue;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.engine.Failures;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.ClaimOutcome;
import io.honker.runtime.store.ClaimRef;
import io.honker.runtime.store.ClaimRequest;
import io.honker.runtime.store.ClaimedRow;
import io.honker.runtime.store.FailureOutcome;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.ResultStore;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The transactions of a worker, and what is told after each. */
final class WorkerWrites<T> {

  private final Engine engine;
  private final JobStore jobs;
  private final ResultStore results;
  private final QueueContext<T> context;
  private final String workerId;
  private final LeaseKeeper<T> leases;

  WorkerWrites(Engine engine, QueueContext<T> context, String workerId, LeaseKeeper<T> leases) {
    this.engine = engine;
    this.jobs = engine.store().jobs();
    this.results = engine.store().results();
    this.context = context;
    this.workerId = workerId;
    this.leases = leases;
  }

  /** When the next job can be claimed. */
  Instant nextDue() {
    long now = Seconds.of(engine.clock().now());
    long due = engine.read(c -> jobs.nextDue(c, context.name(), now));
    return due == ClaimOutcome.NONE ? Instant.MAX : Seconds.instant(due);
  }

  /** What became of each outcome, and what was claimed. */
  private record Written(List<FailureOutcome> failures, BitSet acked, ClaimOutcome claimed) {}

  private static final ClaimOutcome NOTHING_CLAIMED =
      new ClaimOutcome(List.of(), List.of(), ClaimOutcome.NONE, false, false);

  /** Writes outcomes and claims up to {@code want} jobs in one transaction. */
  ClaimOutcome writeAndClaim(List<Completion<T>> outcomes, int want) {
    Instant now = engine.clock().now();
    ClaimRequest request =
        new ClaimRequest(
            context.name(),
            workerId,
            want,
            Seconds.after(now, context.options().visibilityTimeout()),
            Seconds.of(now));
    List<Completion<T>> toAck = new ArrayList<>(outcomes.size());
    List<Completion<T>> failed = new ArrayList<>();
    for (Completion<T> outcome : outcomes) {
      switch (outcome.kind()) {
        case ACK -> toAck.add(outcome);
        case RETRY, FAIL -> failed.add(outcome);
        case ACKED, LOST, HANDED_BACK -> tellUnwritten(outcome);
      }
    }
    if (toAck.isEmpty() && failed.isEmpty() && want == 0) {
      return NOTHING_CLAIMED;
    }
    Written written =
        engine.write(
            "worker",
            WriteOperation.<Written>statements(c -> write(c, toAck, failed, request, now)));
    for (int i = 0; i < toAck.size(); i++) {
      tellAcked(toAck.get(i), written.acked().get(i));
    }
    for (int i = 0; i < failed.size(); i++) {
      tellFailed(failed.get(i), written.failures().get(i));
    }
    ClaimEvents.afterClaim(engine, context, workerId, written.claimed());
    return written.claimed();
  }

  private Written write(
      StoreConnection c,
      List<Completion<T>> toAck,
      List<Completion<T>> failed,
      ClaimRequest request,
      Instant now)
      throws SQLException {
    BitSet acked = jobs.ackAll(c, refs(toAck), request.now());
    for (int i = acked.nextSetBit(0); i >= 0; i = acked.nextSetBit(i + 1)) {
      Completion<T> outcome = toAck.get(i);
      @Nullable String result = outcome.result();
      if (result != null) {
        @Nullable Long expiresAt = StoreJobResults.expiry(now, outcome.delay());
        results.save(c, outcome.entry().job().id(), result, expiresAt, request.now());
      }
    }
    List<FailureOutcome> failures = new ArrayList<>(failed.size());
    for (Completion<T> outcome : failed) {
      failures.add(writeFailure(c, outcome, now));
    }
    ClaimOutcome claimed = request.limit() > 0 ? jobs.claim(c, request) : NOTHING_CLAIMED;
    return new Written(failures, acked, claimed);
  }

  private FailureOutcome writeFailure(StoreConnection c, Completion<T> outcome, Instant now)
      throws SQLException {
    ClaimRef ref = outcome.entry().job().ref();
    long second = Seconds.of(now);
    if (outcome.kind() == Completion.Kind.RETRY) {
      return jobs.retry(c, ref, Seconds.after(now, outcome.delay()), outcome.error(), second);
    }
    return jobs.fail(c, ref, outcome.error(), second) ? FailureOutcome.DEAD : FailureOutcome.LOST;
  }

  private List<ClaimRef> refs(List<Completion<T>> outcomes) {
    List<ClaimRef> refs = new ArrayList<>(outcomes.size());
    for (Completion<T> outcome : outcomes) {
      refs.add(outcome.entry().job().ref());
    }
    return refs;
  }

  private void tellAcked(Completion<T> outcome, boolean ours) {
    ClaimedJob<T> job = outcome.entry().job();
    if (!ours) {
      job.announce(FailureOutcome.LOST, Duration.ZERO, null);
      return;
    }
    job.signalEnd();
    engine.observe(
        () ->
            new HonkerEvent.JobAcked(
                context.name(), job.id(), job.attempt(), outcome.handlerTime()));
  }

  private void tellFailed(Completion<T> outcome, FailureOutcome what) {
    ClaimedJob<T> job = outcome.entry().job();
    job.signalFailure(what);
    job.announce(what, outcome.delay(), outcome.error());
  }

  private void tellUnwritten(Completion<T> outcome) {
    if (outcome.kind() == Completion.Kind.ACKED) {
      tellAcked(outcome, true);
    } else if (outcome.kind() == Completion.Kind.LOST) {
      outcome.entry().job().announce(FailureOutcome.LOST, Duration.ZERO, null);
    }
  }

  /** Makes jobs of claimed rows; those that cannot be read become failures to be written. */
  void open(ClaimOutcome claimed, List<InFlight<T>> jobsOut, List<Completion<T>> unreadableOut) {
    Instant now = engine.clock().now();
    Instant renewAt = leases.nextRenewal(now);
    long leaseUntil = Seconds.after(now, context.options().visibilityTimeout());
    for (ClaimedRow row : claimed.jobs()) {
      ClaimedJob<T> job = new ClaimedJob<>(engine, context, row, workerId, leaseUntil);
      InFlight<T> entry = new InFlight<>(job, renewAt);
      try {
        job.payload();
        jobsOut.add(entry);
      } catch (RuntimeException e) { // a codec of the application's may throw anything
        unreadableOut.add(
            new Completion<>(
                entry,
                Completion.Kind.FAIL,
                null,
                Duration.ZERO,
                Failures.describe(e),
                Duration.ZERO));
      }
    }
  }

  /** Hands jobs back in one transaction; tells how many were still ours. */
  int handBack(List<InFlight<T>> entries) {
    if (entries.isEmpty()) {
      return 0;
    }
    long now = Seconds.of(engine.clock().now());
    int count =
        engine.write(
            "release",
            WriteOperation.<Integer>statements(
                c -> {
                  int released = 0;
                  for (InFlight<T> entry : entries) {
                    released += jobs.release(c, entry.job().ref(), now) ? 1 : 0;
                  }
                  return released;
                }));
    for (InFlight<T> entry : entries) {
      entry.job().markReleased();
      leases.remove(entry);
    }
    engine.signals().signal(context.wakeKey());
    return count;
  }
}
