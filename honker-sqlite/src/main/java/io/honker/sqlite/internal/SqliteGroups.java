package io.honker.sqlite.internal;

import io.honker.runtime.store.GroupStore;
import io.honker.runtime.store.SlotRef;
import io.honker.runtime.store.SlotRow;
import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The SQL of consumer groups, on tables of our own. */
final class SqliteGroups implements GroupStore {

  @Override
  public void create(StoreConnection c, String topic, String group, int slots, long offset)
      throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            WITH RECURSIVE slots(n) AS (
              SELECT 0 UNION ALL SELECT n + 1 FROM slots WHERE n + 1 < ?4)
            INSERT OR IGNORE INTO _honkerj_group_slots(topic, grp, slot, offset)
            SELECT ?1, ?2, n, ?3 FROM slots""");
    insert.setString(1, topic);
    insert.setString(2, group);
    insert.setLong(3, offset);
    insert.setInt(4, slots);
    insert.executeUpdate();
  }

  @Override
  public void renew(
      StoreConnection c, String topic, String group, String member, long leaseUntil, long now)
      throws SQLException {
    PreparedStatement forget =
        c.statement(
            "DELETE FROM _honkerj_group_members WHERE topic = ? AND grp = ? AND lease_until < ?");
    forget.setString(1, topic);
    forget.setString(2, group);
    forget.setLong(3, now);
    forget.executeUpdate();
    PreparedStatement self =
        c.statement(
            """
            REPLACE INTO _honkerj_group_members(topic, grp, member, lease_until)
            VALUES (?, ?, ?, ?)""");
    self.setString(1, topic);
    self.setString(2, group);
    self.setString(3, member);
    self.setLong(4, leaseUntil);
    self.executeUpdate();
    PreparedStatement slots =
        c.statement(
            """
            UPDATE _honkerj_group_slots SET lease_until = ?
            WHERE topic = ? AND grp = ? AND member = ?""");
    slots.setLong(1, leaseUntil);
    slots.setString(2, topic);
    slots.setString(3, group);
    slots.setString(4, member);
    slots.executeUpdate();
  }

  @Override
  public List<String> members(StoreConnection c, String topic, String group, long now)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT member FROM _honkerj_group_members
            WHERE topic = ? AND grp = ? AND lease_until >= ? ORDER BY member""");
    select.setString(1, topic);
    select.setString(2, group);
    select.setLong(3, now);
    return FirstColumn.texts(select);
  }

  @Override
  public List<SlotRow> slots(StoreConnection c, String topic, String group) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT slot, offset, member, lease_until, epoch FROM _honkerj_group_slots
            WHERE topic = ? AND grp = ? ORDER BY slot""");
    select.setString(1, topic);
    select.setString(2, group);
    List<SlotRow> slots = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        slots.add(
            new SlotRow(
                rows.getInt(1),
                rows.getLong(2),
                rows.getString(3),
                rows.getLong(4),
                rows.getLong(5)));
      }
    }
    return slots;
  }

  @Override
  public void take(
      StoreConnection c, String topic, String group, int slot, String member, long leaseUntil)
      throws SQLException {
    PreparedStatement update =
        c.statement(
            """
            UPDATE _honkerj_group_slots SET member = ?, lease_until = ?, epoch = epoch + 1
            WHERE topic = ? AND grp = ? AND slot = ?""");
    update.setString(1, member);
    update.setLong(2, leaseUntil);
    update.setString(3, topic);
    update.setString(4, group);
    update.setInt(5, slot);
    update.executeUpdate();
  }

  private static final String OURS =
      " WHERE topic = ? AND grp = ? AND slot = ? AND member = ? AND epoch = ?";

  private static void bindOurs(
      PreparedStatement statement, int from, String topic, String group, SlotRef hold)
      throws SQLException {
    statement.setString(from, topic);
    statement.setString(from + 1, group);
    statement.setInt(from + 2, hold.slot());
    statement.setString(from + 3, hold.member());
    statement.setLong(from + 4, hold.epoch());
  }

  @Override
  public boolean save(StoreConnection c, String topic, String group, SlotRef hold, long offset)
      throws SQLException {
    PreparedStatement update =
        c.statement("UPDATE _honkerj_group_slots SET offset = max(offset, ?)" + OURS);
    update.setLong(1, offset);
    bindOurs(update, 2, topic, group, hold);
    return update.executeUpdate() == 1;
  }

  @Override
  public boolean release(StoreConnection c, String topic, String group, SlotRef hold)
      throws SQLException {
    PreparedStatement update =
        c.statement("UPDATE _honkerj_group_slots SET member = NULL, lease_until = 0" + OURS);
    bindOurs(update, 1, topic, group, hold);
    return update.executeUpdate() == 1;
  }

  @Override
  public void leave(StoreConnection c, String topic, String group, String member)
      throws SQLException {
    PreparedStatement delete =
        c.statement(
            "DELETE FROM _honkerj_group_members WHERE topic = ? AND grp = ? AND member = ?");
    delete.setString(1, topic);
    delete.setString(2, group);
    delete.setString(3, member);
    delete.executeUpdate();
  }

  @Override
  public OptionalLong lowestOffset(StoreConnection c, String topic, String group)
      throws SQLException {
    PreparedStatement select =
        c.statement("SELECT min(offset) FROM _honkerj_group_slots WHERE topic = ? AND grp = ?");
    select.setString(1, topic);
    select.setString(2, group);
    return FirstColumn.number(select);
  }

  @Override
  public boolean forget(StoreConnection c, String topic, String group) throws SQLException {
    PreparedStatement members =
        c.statement("DELETE FROM _honkerj_group_members WHERE topic = ? AND grp = ?");
    members.setString(1, topic);
    members.setString(2, group);
    members.executeUpdate();
    PreparedStatement slots =
        c.statement("DELETE FROM _honkerj_group_slots WHERE topic = ? AND grp = ?");
    slots.setString(1, topic);
    slots.setString(2, group);
    return slots.executeUpdate() > 0;
  }
}
