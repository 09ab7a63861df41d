package io.honker.runtime.store;

import java.sql.SQLException;
import java.util.List;

/**
 * The SQL of notifications. Every method runs inside the caller's transaction; times are whole unix
 * seconds.
 *
 * <p>Whatever is pruned is recorded per channel in the same transaction, so that a listener finds
 * out what it missed.
 */
public interface NotificationStore {

  /** Inserts one notification with one statement and returns its id. */
  long insert(StoreConnection c, String channel, String payload, long now) throws SQLException;

  /** The largest id that any notification ever had, pruned ones included. */
  long lastId(StoreConnection c) throws SQLException;

  /**
   * Reads a channel's notifications after an id, in order.
   *
   * @param limit how many at most
   * @param maxChars ends the page after the one with which its payloads have so many characters
   */
  List<NotificationRow> read(
      StoreConnection c, String channel, long after, int limit, long maxChars) throws SQLException;

  /** What was pruned of a channel after an id, in order; the first may begin before it. */
  List<PrunedRow> prunedAfter(StoreConnection c, String channel, long after) throws SQLException;

  /** The channels that have a stored notification, in order. */
  List<String> channels(StoreConnection c) throws SQLException;

  /** The number of stored notifications. */
  long count(StoreConnection c) throws SQLException;

  /**
   * Deletes what was made before a second, and what is not among the newest of all channels.
   *
   * @param madeBefore {@link Long#MIN_VALUE} for no such condition
   * @param keepLatest {@link Long#MAX_VALUE} for no such condition
   */
  long prune(StoreConnection c, long madeBefore, long keepLatest) throws SQLException;

  /** Deletes the oldest notifications, by id, as long as they were made before a second. */
  int pruneOldest(StoreConnection c, long madeBefore, int limit) throws SQLException;
}
