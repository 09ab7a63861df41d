package io.honker.runtime.store;

import java.sql.SQLException;

/**
 * The SQL of rate limits (rule L-2). Every method runs inside the caller's transaction. A use that
 * is refused writes nothing; one that is allowed is one statement.
 */
public interface RateStore {

  /** A use was refused. */
  long REFUSED = 0;

  /**
   * Counts a use in a fixed window, shared with honker.
   *
   * @param windowStart the second the window begins in
   * @return the use's number in its window from 1, or {@link #REFUSED}
   */
  long useWindow(StoreConnection c, String name, long windowStart, int limit) throws SQLException;

  /** Deletes the windows of a name that began before a second. */
  int forgetWindows(StoreConnection c, String name, long before) throws SQLException;

  /**
   * Counts a use of a sliding window: allowed if the use {@code limit} uses ago was at or before
   * {@code now - per}. Times are nanoseconds since 1970; one that is before that of the last use is
   * stored as that.
   *
   * @return the use's number, growing by one with each use, or {@link #REFUSED}
   */
  long useSliding(StoreConnection c, String name, long per, int limit, long now)
      throws SQLException;

  /**
   * When the use {@code limit} uses ago was, which stands in the way of the next; 0 if none was.
   */
  long blockingUse(StoreConnection c, String name, long per, int limit) throws SQLException;

  /**
   * Deletes uses of a sliding window at or before an instant, oldest first.
   *
   * @param most how many at most
   */
  int forgetUses(StoreConnection c, String name, long per, long until, int most)
      throws SQLException;

  /**
   * Takes a token of a bucket, if it is not empty: fullness is stored as the instant at which the
   * bucket is full again, in nanoseconds since 1970.
   *
   * @param interval in which one token comes back
   * @param size of the bucket, in tokens
   */
  boolean useBucket(StoreConnection c, String name, long per, long interval, int size, long now)
      throws SQLException;

  /** When a bucket is full again; 0 if it is. */
  long bucketFullAt(StoreConnection c, String name, long per) throws SQLException;

  /** Deletes a bucket that is full again at an instant. */
  int forgetBucket(StoreConnection c, String name, long per, long now) throws SQLException;
}
