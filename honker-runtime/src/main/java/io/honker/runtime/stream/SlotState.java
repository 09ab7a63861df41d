package io.honker.runtime.stream;

import io.honker.runtime.loop.HandlerGate;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.SlotRef;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One slot that this member has: its events that were read and are not done, and how far it is. All
 * fields are guarded by {@link GroupSlots}; the delivery belongs to the handler while it is busy.
 */
final class SlotState<T> {

  /** So many events, or characters of payload, of one slot are kept in memory at most. */
  private static final int MOST_QUEUED = 500;

  private static final long MOST_CHARS = 1L << 20;

  private final SlotRef hold;
  private final HandlerGate gate = new HandlerGate();
  private final ArrayDeque<EventRow> queue = new ArrayDeque<>();
  private long chars;
  private @Nullable Delivery<T> delivery;
  private boolean busy;
  private boolean leaving;

  /** Up to where the topic was read for this slot, all its events up to there are queued. */
  private long readUpTo;

  private long done;
  private long saved;

  SlotState(SlotRef hold, long offset) {
    this.hold = hold;
    this.readUpTo = offset;
    this.done = offset;
    this.saved = offset;
  }

  SlotRef hold() {
    return hold;
  }

  HandlerGate gate() {
    return gate;
  }

  // ---- reading

  long readUpTo() {
    return readUpTo;
  }

  void readUpTo(long offset) {
    readUpTo = Math.max(readUpTo, offset);
  }

  boolean isFull() {
    return queue.size() >= MOST_QUEUED || chars >= MOST_CHARS;
  }

  /** Whether reading for this slot alone is worth it. */
  boolean isHungry() {
    return !leaving && queue.size() < MOST_QUEUED / 2 && chars < MOST_CHARS / 2;
  }

  void queue(EventRow row) {
    queue.add(row);
    chars += row.payload().length();
  }

  int queued() {
    return queue.size();
  }

  // ---- handling

  boolean isBusy() {
    return busy;
  }

  void busy(boolean nowBusy) {
    busy = nowBusy;
  }

  /** The event in hand or the next one, null if there is none. */
  @Nullable Delivery<T> delivery() {
    if (delivery == null && !queue.isEmpty()) {
      delivery = new Delivery<>(queue.element());
    }
    return delivery;
  }

  /** The event in hand is done. */
  void finish(Delivery<T> finished) {
    queue.remove();
    chars -= finished.row().payload().length();
    done = finished.row().offset();
    delivery = null;
  }

  // ---- saving

  /** Up to where there is nothing left to do: a slot without events moves along with reading. */
  long doneUpTo() {
    return queue.isEmpty() && !busy ? Math.max(done, readUpTo) : done;
  }

  long saved() {
    return saved;
  }

  void saved(long offset) {
    saved = Math.max(saved, offset);
  }

  // ---- handing over

  boolean isLeaving() {
    return leaving;
  }

  void leaving(boolean isToLeave) {
    leaving = isToLeave;
  }
}
