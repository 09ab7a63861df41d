package io.honker.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One failed attempt in a job's history (rule Q-6).
 *
 * <p>Immutable.
 *
 * @param attempt its number, from 1
 * @param workerId who tried
 * @param failedAt when it failed, a whole second
 * @param error the recorded reason, or null
 * @since 0.1.0
 */
public record JobAttempt(int attempt, String workerId, Instant failedAt, @Nullable String error) {}
