package io.honker.runtime.store;

import io.honker.transport.Source;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The SQL of bridges: what they are, how far they have sent, what was received, and under which
 * identities this database has published. Every method runs inside the caller's transaction; times
 * are whole unix seconds.
 */
public interface BridgeStore {

  // ---- the bridges on record

  /** Inserts a bridge that is not on record yet, running and not paused; true if it was not. */
  boolean insert(StoreConnection c, BridgeRow bridge) throws SQLException;

  /** Finds a bridge. */
  Optional<BridgeRow> find(StoreConnection c, String name) throws SQLException;

  /** All bridges in order of name. */
  List<BridgeRow> list(StoreConnection c) throws SQLException;

  /** Changes what can change of a bridge: all but name, kind, and ends. */
  boolean update(StoreConnection c, BridgeRow bridge) throws SQLException;

  /** Deletes a bridge and how far it has sent; not what was received. */
  boolean delete(StoreConnection c, String name) throws SQLException;

  // ---- sending

  /** How far a bridge has sent or received, per source. */
  List<SentRow> sent(StoreConnection c, String bridge) throws SQLException;

  /** Puts how far a bridge is with the events of one source, forwards or backwards. */
  void putSent(StoreConnection c, String bridge, SentRow sent) throws SQLException;

  /**
   * Reads events of a topic after an offset, in order, each with what is known of where it was
   * received from.
   *
   * @param limit how many at most
   * @param maxChars ends the page after the event with which its payloads have so many characters
   */
  List<OutgoingRow> readOutgoing(
      StoreConnection c, String topic, long after, int limit, long maxChars) throws SQLException;

  /** Up to which offset events of a topic were trimmed, 0 if none ever was. */
  long trimmedUpTo(StoreConnection c, String topic) throws SQLException;

  // ---- receiving

  /**
   * Up to which of its offsets a source's events were received.
   *
   * @param target where they go, in the words of the bridge engine
   */
  OptionalLong received(StoreConnection c, String target, Source source) throws SQLException;

  /** Puts up to which of its offsets a source's events were received. */
  void putReceived(StoreConnection c, String target, Source source, long offset)
      throws SQLException;

  /** Notes of events just published locally where they were received from. */
  void markReceived(StoreConnection c, String topic, List<ReceivedMark> marks) throws SQLException;

  // ---- identity

  /** The identities under which this database has published, in order; never empty. */
  List<OriginRow> origins(StoreConnection c) throws SQLException;

  /**
   * Begins another identity: events after an offset are published under it, and no others.
   *
   * @param origin an identity that no database has had
   */
  void beginOrigin(StoreConnection c, OriginRow origin) throws SQLException;
}
