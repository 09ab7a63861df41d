package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/** A stored event of a topic that the reader knows. */
public record EventRow(long offset, @Nullable String key, String payload, long createdAt) {}
