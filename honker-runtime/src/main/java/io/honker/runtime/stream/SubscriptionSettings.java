package io.honker.runtime.stream;

import io.honker.retry.RetryPolicy;
import io.honker.stream.StreamPosition;
import io.honker.stream.SubscriptionBuilder.WhenExhausted;
import java.time.Duration;

/** A subscription's checked options. */
record SubscriptionSettings(
    StreamPosition startAt,
    int saveEvery,
    Duration saveInterval,
    RetryPolicy retry,
    int maxAttempts,
    WhenExhausted whenExhausted,
    int concurrency,
    Duration memberLease,
    Duration shutdownGrace) {}
