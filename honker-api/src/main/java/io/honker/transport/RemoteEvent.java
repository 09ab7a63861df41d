package io.honker.transport;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way between machines.
 *
 * <p>Immutable.
 *
 * @param offset its offset in the stream it comes from
 * @param previousOffset the offset of the event of its source that was sent before it, 0 for the
 *     first
 * @param key its key, or null
 * @param payload its payload, a JSON document
 * @param publishedAt when it was published at its source
 * @since 0.1.0
 */
public record RemoteEvent(
    long offset, long previousOffset, @Nullable String key, String payload, Instant publishedAt) {}
