package io.honker.runtime.store;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The SQL of consumer groups: who belongs to one, and who has which slot. Every method runs inside
 * the caller's transaction; times are whole unix seconds, and a lease holds through its last one.
 */
public interface GroupStore {

  /** Makes a group's slots at an offset, those that are missing. */
  void create(StoreConnection c, String topic, String group, int slots, long offset)
      throws SQLException;

  /** Forgets members whose lease has ended, and renews one member's lease and that of its slots. */
  void renew(
      StoreConnection c, String topic, String group, String member, long leaseUntil, long now)
      throws SQLException;

  /** The members whose lease holds, in order. */
  List<String> members(StoreConnection c, String topic, String group, long now) throws SQLException;

  /** All slots, in order. */
  List<SlotRow> slots(StoreConnection c, String topic, String group) throws SQLException;

  /** Gives a slot to a member, whoever had it, and raises its epoch. */
  void take(StoreConnection c, String topic, String group, int slot, String member, long leaseUntil)
      throws SQLException;

  /** Saves a slot's offset, never backwards, if the hold is still the current one. */
  boolean save(StoreConnection c, String topic, String group, SlotRef hold, long offset)
      throws SQLException;

  /** Frees a slot if the hold is still the current one. */
  boolean release(StoreConnection c, String topic, String group, SlotRef hold) throws SQLException;

  /** Removes a member. */
  void leave(StoreConnection c, String topic, String group, String member) throws SQLException;

  /** The lowest offset of the group's slots, empty if there is no such group. */
  OptionalLong lowestOffset(StoreConnection c, String topic, String group) throws SQLException;

  /** Deletes a group's slots and members. */
  boolean forget(StoreConnection c, String topic, String group) throws SQLException;
}
