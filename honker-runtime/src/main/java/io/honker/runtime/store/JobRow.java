package io.honker.runtime.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job row in any state. Times are whole unix seconds; null where the state has no such value.
 *
 * @param dead whether it is in the dead letters
 * @param inFlight whether it is claimed (the lease may have ended)
 */
public record JobRow(
    long id,
    String queue,
    String payload,
    boolean dead,
    boolean inFlight,
    int priority,
    long runAt,
    int attempts,
    int maxAttempts,
    long createdAt,
    @Nullable Long expiresAt,
    @Nullable String workerId,
    @Nullable Long leaseUntil,
    @Nullable Long diedAt,
    @Nullable String lastError,
    List<AttemptRow> history) {

  /** One failed attempt. */
  public record AttemptRow(int attempt, String workerId, long endedAt, @Nullable String error) {}
}
