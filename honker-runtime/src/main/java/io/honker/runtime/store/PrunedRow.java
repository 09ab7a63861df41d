package io.honker.runtime.store;

/** What one prune, or several of them, took of a channel. */
public record PrunedRow(long fromId, long toId, long count) {}
