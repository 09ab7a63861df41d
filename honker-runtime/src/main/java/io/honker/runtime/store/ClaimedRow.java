package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/** A job row as claimed. Times are whole unix seconds. */
public record ClaimedRow(
    long id,
    String payload,
    int priority,
    long runAt,
    int attempt,
    int maxAttempts,
    long createdAt,
    @Nullable Long expiresAt) {}
