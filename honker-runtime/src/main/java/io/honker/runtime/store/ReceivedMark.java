package io.honker.runtime.store;

import io.honker.transport.Source;
import java.time.Instant;

/**
 * Where a local event was received from.
 *
 * @param localOffset its offset here
 * @param source its source
 * @param offset its offset at the source
 * @param publishedAt when it was published there; whole milliseconds are kept
 */
public record ReceivedMark(long localOffset, Source source, long offset, Instant publishedAt) {}
