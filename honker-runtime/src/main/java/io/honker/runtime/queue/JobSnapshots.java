package io.honker.runtime.queue;

import io.honker.queue.JobAttempt;
import io.honker.queue.JobSnapshot;
import io.honker.queue.JobState;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.JobRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes snapshots of rows. */
final class JobSnapshots<T> {

  private final Engine engine;
  private final QueueContext<T> context;

  JobSnapshots(Engine engine, QueueContext<T> context) {
    this.engine = engine;
    this.context = context;
  }

  JobSnapshot<T> of(JobRow row) {
    List<JobAttempt> history =
        row.history().stream()
            .map(
                a ->
                    new JobAttempt(
                        a.attempt(), a.workerId(), Seconds.instant(a.endedAt()), a.error()))
            .toList();
    String lastError = row.lastError();
    if (lastError == null && !row.dead() && !history.isEmpty()) {
      lastError = history.get(history.size() - 1).error();
    }
    return new JobSnapshot<>(
        row.id(),
        row.queue(),
        state(row),
        row.payload(),
        payload(row),
        row.priority(),
        row.attempts(),
        row.maxAttempts(),
        Seconds.instant(row.createdAt()),
        Seconds.instant(row.runAt()),
        instant(row.expiresAt()),
        row.workerId(),
        instant(row.leaseUntil()),
        instant(row.diedAt()),
        lastError,
        history);
  }

  private JobState state(JobRow row) {
    long now = Seconds.of(engine.clock().now());
    if (row.dead()) {
      return JobState.DEAD;
    }
    Long leaseUntil = row.leaseUntil();
    if (row.inFlight() && leaseUntil != null && leaseUntil >= now) {
      return JobState.IN_FLIGHT;
    }
    return row.inFlight() || row.runAt() <= now ? JobState.READY : JobState.DELAYED;
  }

  @SuppressWarnings("unchecked")
  private @Nullable T payload(JobRow row) {
    try {
      return (T) engine.decode(row.payload(), context.type().type());
    } catch (RuntimeException unreadable) {
      return null; // the snapshot still shows the stored text
    }
  }

  private static @Nullable Instant instant(@Nullable Long second) {
    return second == null ? null : Seconds.instant(second);
  }
}
