package io.honker.runtime.lock;

import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.time.Instant;

/** How one kind of rate limit counts. */
interface RateCounter {

  /**
   * Takes one use if the limit allows it.
   *
   * @return the use's number, which says when it is time to tidy, or 0 if refused
   */
  long use(StoreConnection c, Instant now) throws SQLException;

  /** After a refusal: the first instant at which the next use can be allowed. */
  Instant freeAt(StoreConnection c, Instant now) throws SQLException;

  /** Whether, after the use of this number, a few rows of the past should go. */
  boolean isTidyDue(long number);

  /** Deletes a bounded number of rows that count no more. */
  int tidy(StoreConnection c, Instant now) throws SQLException;

  /** Deletes all rows that count no more. */
  int sweep(StoreConnection c, Instant now) throws SQLException;
}
