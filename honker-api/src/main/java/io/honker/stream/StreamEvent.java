package io.honker.stream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream.
 *
 * <p>Immutable.
 *
 * @param offset its place; ascends in commit order over all topics of the database, with gaps
 * @param topic the topic
 * @param key the key, or null
 * @param payload the decoded payload
 * @param publishedAt when it was published, in whole seconds
 * @param <T> the payload type
 * @since 0.1.0
 */
public record StreamEvent<T>(
    long offset, String topic, @Nullable String key, T payload, Instant publishedAt) {}
