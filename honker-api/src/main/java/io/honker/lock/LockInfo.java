package io.honker.lock;

import java.time.Instant;

/**
 * A lock as it is stored.
 *
 * <p>Immutable.
 *
 * @param name the lock's name
 * @param owner who holds it
 * @param expiresAt when its lease ends, in whole seconds
 * @since 0.1.0
 */
public record LockInfo(String name, String owner, Instant expiresAt) {}
