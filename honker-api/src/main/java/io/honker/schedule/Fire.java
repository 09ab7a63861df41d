package io.honker.schedule;

import java.time.Instant;

/**
 * One job that a schedule enqueued.
 *
 * <p>Immutable.
 *
 * @param schedule the schedule's name
 * @param queue the queue the job went to
 * @param fireAt the nominal fire time, which the job's own due time may be later than
 * @param jobId the job's id
 * @since 0.1.0
 */
public record Fire(String schedule, String queue, Instant fireAt, long jobId) {}
