package io.honker.runtime.store;

import org.jspecify.annotations.Nullable;

/** What is written for an event besides its topic and time. */
public record NewEvent(@Nullable String key, String payload) {}
