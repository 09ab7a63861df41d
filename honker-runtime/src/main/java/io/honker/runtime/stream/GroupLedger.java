package io.honker.runtime.stream;

import io.honker.runtime.engine.Engine;
import io.honker.runtime.loop.Seconds;
import io.honker.runtime.store.GroupStore;
import io.honker.runtime.store.SlotRef;
import io.honker.runtime.store.SlotRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.stream.StreamPosition;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One member's dealings with the store: its lease, its slots, their offsets (rule S-5). */
final class GroupLedger {

  private final Engine engine;
  private final GroupStore groups;
  private final StreamStore streams;
  private final String topic;
  private final String group;
  private final String member;
  private final Duration lease;
  private final StreamPosition startAt;

  GroupLedger(Engine engine, String topic, String group, SubscriptionSettings settings) {
    this.engine = engine;
    this.groups = engine.store().groups();
    this.streams = engine.store().streams();
    this.topic = topic;
    this.group = group;
    this.member = engine.newWorkerId();
    this.lease = settings.memberLease();
    this.startAt = settings.startAt();
  }

  String member() {
    return member;
  }

  /**
   * The state after a beat.
   *
   * @param ours this member's slots
   * @param surplus how many of them others are short of
   * @param leaseUntil the last second of the lease
   */
  record Beat(List<SlotRow> ours, int surplus, long leaseUntil) {}

  /** Renews the lease, and takes free slots up to this member's share. */
  Beat beat() {
    Instant now = engine.clock().now();
    long second = Seconds.of(now);
    long until = Seconds.after(now, lease);
    return engine.write("renew", WriteOperation.<Beat>statements(c -> beatIn(c, second, until)));
  }

  private Beat beatIn(StoreConnection c, long second, long until) throws SQLException {
    groups.renew(c, topic, group, member, until, second);
    List<SlotRow> all = groups.slots(c, topic, group);
    if (all.size() < GroupSlots.COUNT) {
      groups.create(c, topic, group, GroupSlots.COUNT, firstOffset(c));
      all = groups.slots(c, topic, group);
    }
    int share = share(groups.members(c, topic, group, second));
    List<SlotRow> ours = ours(all);
    for (SlotRow row : all) {
      if (ours.size() < share && row.isFree(second)) {
        groups.take(c, topic, group, row.slot(), member, until);
        ours.add(new SlotRow(row.slot(), row.offset(), member, until, row.epoch() + 1));
      }
    }
    return new Beat(ours, Math.max(0, ours.size() - share), until);
  }

  /** Where a new group begins; a consumer of that name may have been there before. */
  private long firstOffset(StoreConnection c) throws SQLException {
    OptionalLong saved = streams.savedOffset(c, topic, group);
    if (saved.isPresent()) {
      return saved.getAsLong();
    }
    long first = startAt.isEnd() ? streams.lastOffset(c, topic) : startAt.offset();
    streams.saveOffset(c, topic, group, first);
    return first;
  }

  /** Looks whether a beat would take or give anything. */
  boolean isUneven() {
    long second = Seconds.of(engine.clock().now());
    return engine.read(
        c -> {
          List<SlotRow> all = groups.slots(c, topic, group);
          int share = share(groups.members(c, topic, group, second));
          int ours = ours(all).size();
          return ours > share || (ours < share && all.stream().anyMatch(row -> row.isFree(second)));
        });
  }

  private List<SlotRow> ours(List<SlotRow> all) {
    List<SlotRow> ours = new ArrayList<>();
    for (SlotRow row : all) {
      if (member.equals(row.member())) {
        ours.add(row);
      }
    }
    return ours;
  }

  /** As many as every member; the rest goes to the first ones, so that all agree on who. */
  private int share(List<String> members) {
    int rank = members.indexOf(member);
    int count = Math.max(1, members.size());
    return GroupSlots.COUNT / count + (rank >= 0 && rank < GroupSlots.COUNT % count ? 1 : 0);
  }

  /** Saves and gives back; bit i tells whether slot i was still ours. */
  BitSet save(List<GroupSlots.Save> saves, boolean leave) {
    return engine.write(
        "saveOffsets",
        WriteOperation.<BitSet>statements(
            c -> {
              BitSet kept = new BitSet();
              for (int i = 0; i < saves.size(); i++) {
                kept.set(i, saveIn(c, saves.get(i)));
              }
              if (leave) {
                groups.leave(c, topic, group, member);
              }
              saveLowest(c);
              return kept;
            }));
  }

  private boolean saveIn(StoreConnection c, GroupSlots.Save save) throws SQLException {
    boolean kept = groups.save(c, topic, group, save.hold(), save.offset());
    if (kept && save.release()) {
      groups.release(c, topic, group, save.hold());
    }
    return kept;
  }

  /** How far the whole group is, for everybody who knows consumers only. */
  private void saveLowest(StoreConnection c) throws SQLException {
    OptionalLong lowest = groups.lowestOffset(c, topic, group);
    if (lowest.isPresent()) {
      streams.saveOffset(c, topic, group, lowest.getAsLong());
    }
  }

  /**
   * Writes a dead letter and moves the slot behind its event.
   *
   * @return the dead letter's id, null if the slot is no longer ours
   */
  @Nullable Long bury(SlotRef hold, long offset, Burial burial, Burial.DeadLetter letter) {
    return engine.<@Nullable Long>write(
        "bury",
        WriteOperation.<@Nullable Long>statements(
            c ->
                groups.save(c, topic, group, hold, offset)
                    ? (Long) burial.write(c, letter)
                    : null));
  }
}
