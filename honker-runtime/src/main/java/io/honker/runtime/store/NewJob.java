package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/**
 * What is written for a job. Times are whole unix seconds.
 *
 * @param queue its queue
 * @param priority higher first
 * @param runAt when it is due
 * @param maxAttempts how many attempts it gets
 * @param createdAt the operation's now
 * @param expiresAt when it expires, null for never
 */
public record NewJob(
    String queue,
    int priority,
    long runAt,
    int maxAttempts,
    long createdAt,
    @Nullable Long expiresAt) {}
