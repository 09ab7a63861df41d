package io.honker.sqlite.internal;

import java.time.Duration;

/**
 * The store's checked options as plain values.
 *
 * @param synchronous the pragma's value
 * @param readers the size of the pool of readers
 * @param writerTimeout how long a writer waits before it gives up
 * @param walAutocheckpoint the pragma's value
 */
public record SqliteSettings(
    String synchronous, int readers, Duration writerTimeout, int walAutocheckpoint) {}
