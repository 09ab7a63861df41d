package io.honker.channel;

/**
 * What pruning took away before a listener read it.
 *
 * <p>Immutable.
 *
 * @param channel the channel
 * @param afterId the last id that the listener has seen, or that was there when it started
 * @param upToId the last id of the channel that is known to be gone
 * @param atMost how many notifications of the channel were missed at most, at least one; -1 if
 *     another program pruned, which leaves no count
 * @since 0.1.0
 */
public record MissedNotifications(String channel, long afterId, long upToId, long atMost) {}
