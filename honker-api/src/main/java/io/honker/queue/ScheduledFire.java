package io.honker.queue;

import java.time.Instant;

/**
 * Which fire time of which schedule a job was enqueued for.
 *
 * <p>Immutable.
 *
 * @param schedule the schedule's name
 * @param fireAt the nominal fire time, a whole second; the job's own due time may be later
 * @since 0.1.0
 */
public record ScheduledFire(String schedule, Instant fireAt) {}
