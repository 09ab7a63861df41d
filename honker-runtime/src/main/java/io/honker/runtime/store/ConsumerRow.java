package io.honker.runtime.store;

/** A consumer's saved offset. */
public record ConsumerRow(String name, long offset) {}
