package io.honker.sqlite.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The store's checked options as plain values.
 *
 * @param synchronous the pragma's value
 * @param readers the size of the pool of readers
 * @param writerTimeout how long a writer waits before it gives up
 * @param walAutocheckpoint the pragma's value
 * @param maxWriterHold how long a connection of the data source may hold the writer, null for ever
 */
public record SqliteSettings(
    String synchronous,
    int readers,
    Duration writerTimeout,
    int walAutocheckpoint,
    @Nullable Duration maxWriterHold) {

  /** What is counted in nanoseconds; who asks for longer means for ever. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** Shortens waits that could not be counted. */
  public SqliteSettings {
    writerTimeout = countable(writerTimeout);
    maxWriterHold = maxWriterHold == null ? null : countable(maxWriterHold);
  }

  private static Duration countable(Duration wait) {
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}
