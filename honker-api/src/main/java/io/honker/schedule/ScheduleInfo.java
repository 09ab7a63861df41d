package io.honker.schedule;

import io.honker.codec.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as it is stored.
 *
 * <p>Immutable.
 *
 * @param name the schedule's name
 * @param expression the expression
 * @param queue the queue its jobs go to
 * @param payload the payload of its jobs
 * @param priority the priority of its jobs
 * @param maxAttempts how many attempts its jobs get
 * @param expiresAfter after how long a job that has not begun is no longer wanted, or null for
 *     never
 * @param zone the zone the expression is meant in, or null for the system's zone
 * @param dstRule what happens when clocks change
 * @param catchUp what becomes of missed fire times
 * @param enabled whether it fires; false while it is paused
 * @param nextFireAt the next nominal fire time, also while it is paused
 * @param shared whether honker's other bindings see and fire it too
 * @since 0.1.0
 */
public record ScheduleInfo(
    String name,
    String expression,
    String queue,
    Json payload,
    int priority,
    int maxAttempts,
    @Nullable Duration expiresAfter,
    @Nullable ZoneId zone,
    DstRule dstRule,
    CatchUp catchUp,
    boolean enabled,
    Instant nextFireAt,
    boolean shared) {}
