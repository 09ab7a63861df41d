package io.honker.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stood when it was looked up.
 *
 * <p>Immutable. Instants are whole seconds.
 *
 * @param id the job
 * @param queue its queue
 * @param state where it stands
 * @param json the stored payload; {@link #payload} may be null when it cannot be read as the
 *     queue's type
 * @param payload the decoded payload, null if it cannot be read
 * @param priority higher runs first
 * @param attempts how often it was claimed
 * @param maxAttempts how many attempts it gets
 * @param createdAt when it was enqueued
 * @param runAt when it is or was due
 * @param expiresAt when it expires, null if never or unknown
 * @param workerId who holds the claim, null unless in flight
 * @param leaseUntil until when, null unless in flight
 * @param diedAt when it died, null unless dead
 * @param lastError why it died, or why its last attempt failed, null if unknown
 * @param history failed attempts recorded by this library, oldest first, unmodifiable
 * @param <T> the payload type
 * @since 0.1.0
 */
public record JobSnapshot<T>(
    long id,
    String queue,
    JobState state,
    String json,
    @Nullable T payload,
    int priority,
    int attempts,
    int maxAttempts,
    Instant createdAt,
    Instant runAt,
    @Nullable Instant expiresAt,
    @Nullable String workerId,
    @Nullable Instant leaseUntil,
    @Nullable Instant diedAt,
    @Nullable String lastError,
    List<JobAttempt> history) {}
