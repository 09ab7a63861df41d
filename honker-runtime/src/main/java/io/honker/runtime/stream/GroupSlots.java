package io.honker.runtime.stream;

import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.SlotRef;
import io.honker.runtime.store.SlotRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The slots that a member has, in memory: what was read for each, what is being handled, how far it
 * is. Knows neither the store nor threads. Safe for use by multiple threads.
 *
 * <p>One cursor reads the topic forward for all slots. A slot whose events pile up, because its
 * handler is slow or keeps failing, falls behind that cursor and is read for by itself when it has
 * room again, as is one that was just taken over; so no slot holds up another.
 */
final class GroupSlots<T> {

  /** How many slots a group has. Fixed: stored offsets are per slot. */
  static final int COUNT = 32;

  /** So many events of slots that keep up are read ahead at most. */
  private static final int READ_AHEAD = 2000;

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<Integer, SlotState<T>> slots = new TreeMap<>();
  private long cursor = -1;
  private int lastTaken;
  private int handled;
  private boolean wentForward;
  private long leaseUntil = Long.MIN_VALUE;

  /** The slot of an event, the same in every process and version. */
  static int slotOf(EventRow row) {
    String key = row.key();
    if (key == null) {
      return (int) Math.floorMod(row.offset(), (long) COUNT);
    }
    CRC32 hash = new CRC32();
    hash.update(key.getBytes(StandardCharsets.UTF_8));
    return (int) (hash.getValue() % COUNT);
  }

  // ---- which slots

  /** What a look at the group changed. */
  record Change(List<Integer> gained, List<Integer> lost) {}

  /**
   * Takes over what the store says.
   *
   * @param ours the slots that are this member's now
   * @param surplus how many of them are to be given away
   */
  Change apply(List<SlotRow> ours, int surplus, String member) {
    lock.lock();
    try {
      if (slots.isEmpty()) {
        cursor = -1;
      }
      List<Integer> gained = new ArrayList<>();
      Set<SlotRef> held = new HashSet<>();
      for (SlotRow row : ours) {
        SlotRef hold = new SlotRef(row.slot(), member, row.epoch());
        held.add(hold);
        SlotState<T> known = slots.get(row.slot());
        if (known == null || !known.hold().equals(hold)) {
          gained.add(row.slot());
        }
      }
      List<Integer> lost = new ArrayList<>();
      for (SlotState<T> slot : List.copyOf(slots.values())) {
        if (!held.contains(slot.hold())) {
          lose(slot);
          lost.add(slot.hold().slot());
        }
      }
      for (SlotRow row : ours) {
        if (gained.contains(row.slot())) {
          SlotRef hold = new SlotRef(row.slot(), member, row.epoch());
          slots.put(row.slot(), new SlotState<>(hold, row.offset()));
        }
      }
      if (cursor < 0) {
        cursor = slots.values().stream().mapToLong(SlotState::readUpTo).max().orElse(-1);
      }
      chooseLeaving(surplus);
      return new Change(gained, lost);
    } finally {
      lock.unlock();
    }
  }

  private void lose(SlotState<T> slot) {
    slots.remove(slot.hold().slot(), slot);
    slot.gate().shut();
  }

  /** The least busy ones go. */
  private void chooseLeaving(int surplus) {
    List<SlotState<T>> all = new ArrayList<>(slots.values());
    all.sort(
        Comparator.comparing((SlotState<T> slot) -> !slot.isLeaving())
            .thenComparing(SlotState::isBusy)
            .thenComparingInt(SlotState::queued));
    for (int i = 0; i < all.size(); i++) {
      all.get(i).leaving(i < surplus);
    }
  }

  /** Forgets slots that were given back or lost; returns those that were still there. */
  List<Integer> drop(List<SlotRef> holds) {
    lock.lock();
    try {
      List<Integer> dropped = new ArrayList<>();
      for (SlotRef hold : holds) {
        SlotState<T> slot = current(hold);
        if (slot != null) {
          lose(slot);
          dropped.add(hold.slot());
        }
      }
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable SlotState<T> current(SlotRef hold) {
    SlotState<T> slot = slots.get(hold.slot());
    return slot != null && slot.hold().equals(hold) ? slot : null;
  }

  /** Lets no handler begin after a second in which the slots may have gone to others. */
  void leaseUntil(long second) {
    lock.lock();
    try {
      leaseUntil = second;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts all handlers that run. */
  void interruptHandlers() {
    lock.lock();
    try {
      slots.values().forEach(slot -> slot.gate().shut());
    } finally {
      lock.unlock();
    }
  }

  // ---- reading

  /**
   * Something to read.
   *
   * @param after the offset to read after
   * @param forward whether for all slots that keep up, or for those that are behind
   */
  record Plan(long after, boolean forward) {}

  /**
   * What to read next; null if there is no room.
   *
   * @param forwardToo whether there may be something at the end of the topic
   */
  @Nullable Plan nextRead(boolean forwardToo) {
    lock.lock();
    try {
      long behind = Long.MAX_VALUE;
      int ahead = 0;
      boolean anyForward = false;
      for (SlotState<T> slot : slots.values()) {
        if (slot.readUpTo() >= cursor) {
          anyForward = true;
          ahead += slot.queued();
        } else if (slot.isHungry()) {
          behind = Math.min(behind, slot.readUpTo());
        }
      }
      boolean mayCatchUp = behind != Long.MAX_VALUE;
      boolean mayGoForward = forwardToo && anyForward && ahead < READ_AHEAD;
      if (!mayCatchUp && !mayGoForward) {
        return null;
      }
      wentForward = mayGoForward && !(mayCatchUp && wentForward); // in turns if there is both
      return wentForward ? new Plan(cursor, true) : new Plan(behind, false);
    } finally {
      lock.unlock();
    }
  }

  /** Queues what was read; true if that moved anything. */
  boolean accept(Plan plan, List<EventRow> rows) {
    lock.lock();
    try {
      long end = rows.isEmpty() ? plan.after() : rows.get(rows.size() - 1).offset();
      Set<SlotState<T>> readFor = new HashSet<>();
      for (SlotState<T> slot : slots.values()) {
        boolean keepsUp = slot.readUpTo() >= cursor;
        boolean wanted = plan.forward() ? keepsUp : !keepsUp && slot.isHungry();
        if (wanted && slot.readUpTo() >= plan.after()) { // others came in since the plan was made
          readFor.add(slot);
        }
      }
      for (EventRow row : rows) {
        SlotState<T> slot = slots.get(slotOf(row));
        if (slot != null && row.offset() > slot.readUpTo() && readFor.contains(slot)) {
          queueOrStop(slot, row, readFor);
        }
      }
      // a catch-up that met the end of the topic has caught up, however far the cursor is
      long reached = rows.isEmpty() && !plan.forward() ? Math.max(end, cursor) : end;
      readFor.forEach(slot -> slot.readUpTo(reached));
      if (plan.forward()) {
        cursor = Math.max(cursor, end);
      }
      return !rows.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private static <T> void queueOrStop(SlotState<T> slot, EventRow row, Set<SlotState<T>> readFor) {
    if (slot.isFull()) {
      slot.readUpTo(row.offset() - 1);
      readFor.remove(slot);
    } else {
      slot.queue(row);
    }
  }

  // ---- handling

  /** Hands a slot with a due event to a handler, null if there is none. */
  @Nullable SlotState<T> take(Instant now) {
    lock.lock();
    try {
      SlotState<T> found = findRunnable(now);
      if (found != null) {
        found.busy(true);
        lastTaken = found.hold().slot();
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  boolean hasRunnable(Instant now) {
    lock.lock();
    try {
      return findRunnable(now) != null;
    } finally {
      lock.unlock();
    }
  }

  /** The next runnable slot after the one taken last, so that none starves. */
  private @Nullable SlotState<T> findRunnable(Instant now) {
    if (Seconds.of(now) > leaseUntil) {
      return null;
    }
    SlotState<T> first = null;
    for (SlotState<T> slot : slots.values()) {
      if (isRunnable(slot, now)) {
        if (slot.hold().slot() > lastTaken) {
          return slot;
        }
        first = first == null ? slot : first;
      }
    }
    return first;
  }

  private boolean isRunnable(SlotState<T> slot, Instant now) {
    if (slot.isBusy() || slot.isLeaving()) {
      return false;
    }
    Delivery<T> delivery = slot.delivery();
    return delivery != null && !now.isBefore(delivery.notBefore());
  }

  /** When the first failed event is due again. */
  Instant nextRetry(Instant now) {
    lock.lock();
    try {
      Instant next = Instant.MAX;
      if (Seconds.of(now) > leaseUntil) {
        return next;
      }
      for (SlotState<T> slot : slots.values()) {
        Delivery<T> delivery = slot.isBusy() || slot.isLeaving() ? null : slot.delivery();
        if (delivery != null && delivery.notBefore().isBefore(next)) {
          next = delivery.notBefore();
        }
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** The event in hand of a slot that {@link #take} handed out. */
  Delivery<T> inHand(SlotState<T> slot) {
    lock.lock();
    try {
      Delivery<T> delivery = slot.delivery();
      if (delivery == null) {
        throw new IllegalStateException("nothing in hand");
      }
      return delivery;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a slot back from a handler.
   *
   * @param done whether the event in hand is done
   * @return whether more can be read or saved now
   */
  boolean putBack(SlotState<T> slot, boolean done) {
    lock.lock();
    try {
      slot.busy(false);
      if (done && current(slot.hold()) == slot) {
        slot.finish(inHand(slot));
        handled++;
      }
      return slot.queued() == 0 || slot.isLeaving() || slot.readUpTo() < cursor;
    } finally {
      lock.unlock();
    }
  }

  /** How many events were handled since the last save. */
  int handledSinceSave() {
    lock.lock();
    try {
      return handled;
    } finally {
      lock.unlock();
    }
  }

  // ---- saving

  /** One slot to be saved, and whether to give it back then. */
  record Save(SlotRef hold, long offset, boolean release) {}

  /**
   * What to save.
   *
   * @param all whether to give back every slot, even one whose handler is left behind
   */
  List<Save> saves(boolean all) {
    lock.lock();
    try {
      handled = 0;
      List<Save> saves = new ArrayList<>();
      for (SlotState<T> slot : slots.values()) {
        boolean release = all || (slot.isLeaving() && !slot.isBusy());
        if (release || slot.doneUpTo() > slot.saved()) {
          saves.add(new Save(slot.hold(), slot.doneUpTo(), release));
        }
      }
      return saves;
    } finally {
      lock.unlock();
    }
  }

  boolean hasReleasable() {
    return any(slot -> slot.isLeaving() && !slot.isBusy());
  }

  boolean hasUnsaved() {
    return any(slot -> slot.doneUpTo() > slot.saved());
  }

  private boolean any(Predicate<SlotState<T>> condition) {
    lock.lock();
    try {
      return slots.values().stream().anyMatch(condition);
    } finally {
      lock.unlock();
    }
  }

  void saved(Save save) {
    lock.lock();
    try {
      SlotState<T> slot = current(save.hold());
      if (slot != null) {
        slot.saved(save.offset());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Up to which offset all events of these slots are done; 0 without slots. */
  long position() {
    lock.lock();
    try {
      return slots.values().stream().mapToLong(SlotState::doneUpTo).min().orElse(0);
    } finally {
      lock.unlock();
    }
  }
}
