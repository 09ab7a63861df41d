package io.honker.runtime.store;

/** A unique enqueue's job id, and whether the key was taken already. */
public record UniqueOutcome(long jobId, boolean duplicate) {}
