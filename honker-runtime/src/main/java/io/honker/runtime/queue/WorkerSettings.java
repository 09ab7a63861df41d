package io.honker.runtime.queue;

import io.honker.retry.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A worker's checked options. */
record WorkerSettings(
    int concurrency,
    int maxBatch,
    @Nullable Executor executor,
    @Nullable Duration handlerTimeout,
    RetryPolicy retry,
    Duration shutdownGrace) {}
