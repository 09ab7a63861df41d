package io.honker.runtime.bridge;

import io.honker.runtime.store.SentRow;
import io.honker.transport.Source;

/** How far the events of one source were sent; changed by the bridge's thread only. */
final class SentChain {

  private final Source source;
  private final boolean exclusive;
  private final boolean local;
  private long intended;
  private long acknowledged;
  private boolean unsaved;

  /**
   * Makes a chain as it is on record.
   *
   * @param exclusive whether nobody but this database sends its events
   * @param local whether its offsets are those of the local stream
   */
  SentChain(SentRow row, boolean exclusive, boolean local) {
    this.source = row.source();
    this.exclusive = exclusive;
    this.local = local;
    this.intended = row.intended();
    this.acknowledged = row.acknowledged();
  }

  Source source() {
    return source;
  }

  boolean exclusive() {
    return exclusive;
  }

  boolean local() {
    return local;
  }

  long acknowledged() {
    return acknowledged;
  }

  /** Events up to an offset are about to leave. */
  void intend(long offset) {
    intended = Math.max(intended, offset);
    unsaved = true;
  }

  /** The broker has the events up to an offset. */
  void acknowledge(long offset) {
    acknowledged = offset;
    intended = Math.max(intended, offset);
    unsaved = true;
  }

  /** Whether the broker has less than it acknowledged. */
  boolean isLostAt(long stands) {
    return stands < acknowledged;
  }

  /** Whether the broker has events of this database that this database never sent. */
  boolean isAheadAt(long stands) {
    return exclusive && stands > intended;
  }

  long intended() {
    return intended;
  }

  boolean isUnsaved() {
    return unsaved;
  }

  void saved() {
    unsaved = false;
  }

  SentRow row() {
    return new SentRow(source, intended, acknowledged);
  }
}
