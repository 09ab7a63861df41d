package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/** Counts of a queue, each exact up to the asked limit. */
public record QueueCounts(
    int ready, int delayed, int inFlight, int dead, @Nullable Long oldestReadyRunAt) {}
