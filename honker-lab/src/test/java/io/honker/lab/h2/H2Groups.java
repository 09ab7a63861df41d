package io.honker.lab.h2;

import static io.honker.lab.h2.H2Sql.list;
import static io.honker.lab.h2.H2Sql.number;
import static io.honker.lab.h2.H2Sql.update;

import io.honker.runtime.store.GroupStore;
import io.honker.runtime.store.SlotRef;
import io.honker.runtime.store.SlotRow;
import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The SQL of consumer groups. */
final class H2Groups implements GroupStore {

  @Override
  public void create(StoreConnection c, String topic, String group, int slots, long offset)
      throws SQLException {
    update(
        c,
        """
        INSERT INTO honker_group_slots(topic, grp, slot, position)
        SELECT ?, ?, x, ? FROM SYSTEM_RANGE(0, ?) WHERE NOT EXISTS (
          SELECT 1 FROM honker_group_slots s WHERE s.topic = ? AND s.grp = ? AND s.slot = x)""",
        topic,
        group,
        offset,
        slots - 1,
        topic,
        group);
  }

  @Override
  public void renew(
      StoreConnection c, String topic, String group, String member, long leaseUntil, long now)
      throws SQLException {
    update(
        c,
        "DELETE FROM honker_group_members WHERE topic = ? AND grp = ? AND lease_until < ?",
        topic,
        group,
        now);
    update(
        c,
        """
        MERGE INTO honker_group_members(topic, grp, member, lease_until)
        KEY(topic, grp, member) VALUES (?, ?, ?, ?)""",
        topic,
        group,
        member,
        leaseUntil);
    update(
        c,
        "UPDATE honker_group_slots SET lease_until = ? WHERE topic = ? AND grp = ? AND member = ?",
        leaseUntil,
        topic,
        group,
        member);
  }

  @Override
  public List<String> members(StoreConnection c, String topic, String group, long now)
      throws SQLException {
    return list(
        c,
        row -> row.getString(1),
        """
        SELECT member FROM honker_group_members
        WHERE topic = ? AND grp = ? AND lease_until >= ? ORDER BY member""",
        topic,
        group,
        now);
  }

  @Override
  public List<SlotRow> slots(StoreConnection c, String topic, String group) throws SQLException {
    return list(
        c,
        row ->
            new SlotRow(
                row.getInt(1), row.getLong(2), row.getString(3), row.getLong(4), row.getLong(5)),
        """
        SELECT slot, position, member, lease_until, epoch FROM honker_group_slots
        WHERE topic = ? AND grp = ? ORDER BY slot""",
        topic,
        group);
  }

  @Override
  public void take(
      StoreConnection c, String topic, String group, int slot, String member, long leaseUntil)
      throws SQLException {
    update(
        c,
        """
        UPDATE honker_group_slots SET member = ?, lease_until = ?, epoch = epoch + 1
        WHERE topic = ? AND grp = ? AND slot = ?""",
        member,
        leaseUntil,
        topic,
        group,
        slot);
  }

  @Override
  public boolean save(StoreConnection c, String topic, String group, SlotRef hold, long offset)
      throws SQLException {
    return update(
            c,
            """
            UPDATE honker_group_slots SET position = greatest(position, ?)
            WHERE topic = ? AND grp = ? AND slot = ? AND member = ? AND epoch = ?""",
            offset,
            topic,
            group,
            hold.slot(),
            hold.member(),
            hold.epoch())
        == 1;
  }

  @Override
  public boolean release(StoreConnection c, String topic, String group, SlotRef hold)
      throws SQLException {
    return update(
            c,
            """
            UPDATE honker_group_slots SET member = NULL, lease_until = 0
            WHERE topic = ? AND grp = ? AND slot = ? AND member = ? AND epoch = ?""",
            topic,
            group,
            hold.slot(),
            hold.member(),
            hold.epoch())
        == 1;
  }

  @Override
  public void leave(StoreConnection c, String topic, String group, String member)
      throws SQLException {
    update(
        c,
        "DELETE FROM honker_group_members WHERE topic = ? AND grp = ? AND member = ?",
        topic,
        group,
        member);
  }

  @Override
  public OptionalLong lowestOffset(StoreConnection c, String topic, String group)
      throws SQLException {
    return number(
        c,
        "SELECT min(position) FROM honker_group_slots WHERE topic = ? AND grp = ?",
        topic,
        group);
  }

  @Override
  public boolean forget(StoreConnection c, String topic, String group) throws SQLException {
    update(c, "DELETE FROM honker_group_members WHERE topic = ? AND grp = ?", topic, group);
    return update(c, "DELETE FROM honker_group_slots WHERE topic = ? AND grp = ?", topic, group)
        > 0;
  }
}
