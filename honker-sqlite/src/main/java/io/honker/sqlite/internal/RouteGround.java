package io.honker.sqlite.internal;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a data source stand on.
 *
 * @param pool the readers, null inside a transaction that honker began
 * @param afterCommit wakes everybody: nobody knows what the application wrote
 * @param beforeWriting throws if this thread must not ask for the writer now
 * @param maxWriterHold after which a transaction is rolled back at its next statement, or when
 *     somebody waits for the writer; null for no limit
 */
record RouteGround(
    WriteLane lane,
    @Nullable ReaderPool pool,
    Runnable afterCommit,
    Runnable beforeWriting,
    @Nullable Duration maxWriterHold) {

  ReaderPool readers() {
    return Objects.requireNonNull(pool, "no readers inside a transaction");
  }
}
