package io.honker.runtime.stream;

import io.honker.observe.HonkerEvent;
import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.CommitSubscription;
import io.honker.runtime.loop.CommitSubscription.Signal;
import io.honker.runtime.loop.Deadlines;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.SlotRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a member's lease and its slots: renews, takes and gives away, saves offsets. What it writes
 * and what it then tells {@link GroupSlots} happens in one go, so that no write of this member
 * overtakes another.
 */
final class GroupKeeper {

  /** After a commit that may concern the group, further ones are not looked into for so long. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private final Engine engine;
  private final String topic;
  private final String group;
  private final GroupLedger ledger;
  private final GroupSlots<?> slots;
  private final Runnable slotsChanged;
  private final Duration renewEvery;
  private final CommitSubscription changes;
  private final Thread thread;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean over;
  private boolean left; // guarded by turn

  GroupKeeper(
      Engine engine,
      String topic,
      String group,
      SubscriptionSettings settings,
      GroupLedger ledger,
      GroupSlots<?> slots,
      Runnable slotsChanged,
      String number) {
    this.engine = engine;
    this.topic = topic;
    this.group = group;
    this.ledger = ledger;
    this.slots = slots;
    this.slotsChanged = slotsChanged;
    this.renewEvery = settings.memberLease().dividedBy(3);
    this.changes = engine.signals().subscribe(WakeKey.group(topic, group));
    this.thread = LoopThreads.daemon("honker-group-" + number, this::keep);
  }

  Thread thread() {
    return thread;
  }

  /** Joins the group and takes what is free. */
  void join() {
    beat();
    tellOthers();
  }

  /** Ends before the thread was started. */
  void giveUp() {
    changes.close();
  }

  private void tellOthers() {
    engine.signals().signal(WakeKey.group(topic, group));
  }

  // ---- the thread

  private void keep() {
    try {
      Instant next = Deadlines.after(engine.clock().now(), renewEvery);
      while (!over) {
        awaitBeat(next);
        next = over ? next : tryBeat();
      }
    } finally {
      changes.close();
    }
  }

  private Instant tryBeat() {
    Instant now = engine.clock().now();
    try {
      beat();
      return Deadlines.after(now, renewEvery);
    } catch (RuntimeException e) {
      Duration wait = AFTER_FAILURE.compareTo(renewEvery) < 0 ? AFTER_FAILURE : renewEvery;
      engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), e, wait));
      return now.plus(wait);
    }
  }

  /** Waits until the lease is to be renewed, or members or slots came free. */
  private void awaitBeat(Instant next) {
    while (!over && engine.clock().now().isBefore(next)) {
      Signal signal = changes.await(next, () -> over);
      Thread.interrupted();
      if (signal == Signal.NAMED) {
        return;
      }
      if (signal == Signal.ANY) {
        boolean uneven = isUneven();
        Instant deafUntil = engine.clock().now().plus(BETWEEN_LOOKS);
        if (uneven) {
          return;
        }
        changes.awaitIgnoringSignals(deafUntil.isBefore(next) ? deafUntil : next, () -> over);
      }
    }
  }

  private boolean isUneven() {
    try {
      return ledger.isUneven();
    } catch (RuntimeException e) {
      return false; // the next renewal will tell
    }
  }

  private void beat() {
    GroupSlots.Change change;
    turn.lock();
    try {
      if (left) {
        return;
      }
      GroupLedger.Beat beat = ledger.beat();
      slots.leaseUntil(beat.leaseUntil());
      change = slots.apply(beat.ours(), beat.surplus(), ledger.member());
    } finally {
      turn.unlock();
    }
    tellGained(change.gained());
    tellLost(change.lost(), false);
    slotsChanged.run();
  }

  // ---- for the reader and handlers

  /** Saves what is done, and gives away what is to go. */
  void save() {
    write(false);
  }

  private void write(boolean leave) {
    List<Integer> released;
    List<Integer> lost;
    turn.lock();
    try {
      left |= leave;
      List<GroupSlots.Save> saves = slots.saves(leave);
      if (saves.isEmpty() && !leave) {
        return;
      }
      BitSet kept = ledger.save(saves, leave);
      List<SlotRef> free = new ArrayList<>();
      List<SlotRef> gone = new ArrayList<>();
      for (int i = 0; i < saves.size(); i++) {
        GroupSlots.Save save = saves.get(i);
        slots.saved(save);
        if (!kept.get(i)) {
          gone.add(save.hold());
        } else if (save.release()) {
          free.add(save.hold());
        }
      }
      released = slots.drop(free);
      lost = slots.drop(gone);
    } finally {
      turn.unlock();
    }
    tellLost(lost, false);
    tellLost(released, true);
    if (leave || !released.isEmpty()) {
      tellOthers();
    }
  }

  /** Makes an event a dead letter; null if its slot is no longer ours. */
  @Nullable Long bury(SlotRef hold, long offset, Burial burial, Burial.DeadLetter letter) {
    List<Integer> lost;
    turn.lock();
    try {
      Long id = ledger.bury(hold, offset, burial, letter);
      if (id != null) {
        return id;
      }
      lost = slots.drop(List.of(hold));
    } finally {
      turn.unlock();
    }
    tellLost(lost, false);
    return null;
  }

  /** Saves everything, gives everything back, and ends the lease and the thread. */
  void leave() {
    try {
      write(true);
    } catch (RuntimeException e) { // the lease will end by itself
      engine.observe(() -> new HonkerEvent.LoopFailed(thread.getName(), e, Duration.ZERO));
    } finally {
      over = true;
      changes.unpark();
    }
  }

  private void tellGained(List<Integer> gained) {
    if (!gained.isEmpty()) {
      engine.observe(
          () -> new HonkerEvent.SlotsGained(topic, group, ledger.member(), List.copyOf(gained)));
    }
  }

  private void tellLost(List<Integer> lost, boolean handedOver) {
    if (!lost.isEmpty()) {
      engine.observe(
          () ->
              new HonkerEvent.SlotsLost(
                  topic, group, ledger.member(), List.copyOf(lost), handedOver));
    }
  }
}
