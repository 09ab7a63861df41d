package io.honker.runtime.store;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The SQL of event streams and of their consumers' offsets. Every method runs inside the caller's
 * transaction; times are whole unix seconds.
 */
public interface StreamStore {

  /** Inserts one event with one statement and returns its offset. */
  long insert(StoreConnection c, String topic, NewEvent event, long now) throws SQLException;

  /** Inserts events of one topic. Offsets come in the order of the events. */
  long[] insertAll(StoreConnection c, String topic, List<NewEvent> events, long now)
      throws SQLException;

  /**
   * Reads events after an offset, in order.
   *
   * @param limit how many at most
   * @param maxChars ends the page after the event with which its payloads have so many characters
   */
  List<EventRow> read(StoreConnection c, String topic, long after, int limit, long maxChars)
      throws SQLException;

  /** The offset of the topic's last event, 0 if there is none. */
  long lastOffset(StoreConnection c, String topic) throws SQLException;

  /** The topics that hold an event, in order. */
  List<String> topics(StoreConnection c) throws SQLException;

  /** Counts the events after an offset, up to a limit. */
  long countAfter(StoreConnection c, String topic, long after, int limit) throws SQLException;

  // ---- consumers

  /** Saves an offset with one statement, never backwards; true if it moved or was new. */
  boolean saveOffset(StoreConnection c, String topic, String consumer, long offset)
      throws SQLException;

  /** The saved offset, empty if there is none. */
  OptionalLong savedOffset(StoreConnection c, String topic, String consumer) throws SQLException;

  /** The topic's consumers in order of name. */
  List<ConsumerRow> consumers(StoreConnection c, String topic) throws SQLException;

  /** Deletes a consumer's offset. */
  boolean forget(StoreConnection c, String topic, String consumer) throws SQLException;

  /** The lowest offset of any consumer, and of any slot of a group; empty without consumers. */
  OptionalLong slowestConsumer(StoreConnection c, String topic) throws SQLException;

  // ---- trimming

  /** The offset of the last event beyond the newest ones; 0 if there are not so many. */
  long offsetBeyondNewest(StoreConnection c, String topic, long newest) throws SQLException;

  /**
   * The offset of the last event of the topic's old end: all up to it were made before a second.
   *
   * @param upTo how far to look at most
   */
  long offsetOfOld(StoreConnection c, String topic, long madeBefore, long upTo) throws SQLException;

  /** Deletes events up to an offset, oldest first. */
  int trim(StoreConnection c, String topic, long upTo, int limit) throws SQLException;
}
