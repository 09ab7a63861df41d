package io.honker.lock;

import java.time.Duration;

/**
 * What a rate limiter decided.
 *
 * <p>Immutable.
 *
 * @param allowed whether a use was taken
 * @param retryAfter if refused, after how long the next try can succeed; zero if allowed
 * @since 0.1.0
 */
public record RateDecision(boolean allowed, Duration retryAfter) {}
