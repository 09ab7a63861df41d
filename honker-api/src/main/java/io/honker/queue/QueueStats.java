package io.honker.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A queue's counts at one moment. Counting stops at {@link #COUNT_LIMIT}: that value means "at
 * least", so that statistics stay cheap however long the backlog is (rule Q-9).
 *
 * <p>Immutable.
 *
 * @param queue the queue
 * @param ready due and waiting, at most {@link #COUNT_LIMIT}
 * @param delayed not yet due, at most {@link #COUNT_LIMIT}
 * @param inFlight claimed, at most {@link #COUNT_LIMIT}
 * @param dead in the dead letters, at most {@link #COUNT_LIMIT}
 * @param oldestReadyAge for how long the oldest due job has waited, exact; null if none is due
 * @since 0.1.0
 */
public record QueueStats(
    String queue,
    int ready,
    int delayed,
    int inFlight,
    int dead,
    @Nullable Duration oldestReadyAge) {

  /** The highest count reported; it means "this many or more". */
  public static final int COUNT_LIMIT = 10_000;
}
