package io.honker.runtime.store;

/** A stored notification of a channel that the reader knows. */
public record NotificationRow(long id, String payload, long createdAt) {}
