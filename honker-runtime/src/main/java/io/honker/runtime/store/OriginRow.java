package io.honker.runtime.store;

/**
 * An identity under which a database publishes.
 *
 * @param origin its name, unlike that of any other database or copy
 * @param after the offset after which events are published under it, up to the {@code after} of the
 *     next one
 */
public record OriginRow(String origin, long after) {}
