package io.honker.channel;

import java.time.Instant;

/**
 * One notification.
 *
 * <p>Immutable.
 *
 * @param id ascends in commit order over all channels of the database
 * @param channel the channel
 * @param payload the decoded payload
 * @param createdAt when it was sent, in whole seconds
 * @param <T> the payload type
 * @since 0.1.0
 */
public record Notification<T>(long id, String channel, T payload, Instant createdAt) {}
