package io.honker.lab.h2;

import static io.honker.lab.h2.H2Sql.list;
import static io.honker.lab.h2.H2Sql.number;
import static io.honker.lab.h2.H2Sql.update;

import io.honker.runtime.store.ConsumerRow;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.NewEvent;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StreamStore;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The SQL of event streams. */
final class H2Streams implements StreamStore {

  @Override
  public long insert(StoreConnection c, String topic, NewEvent event, long now)
      throws SQLException {
    return number(
            c,
            """
            SELECT id FROM FINAL TABLE (
              INSERT INTO honker_stream(topic, name, payload, created_at) VALUES (?, ?, ?, ?))""",
            topic,
            event.key(),
            event.payload(),
            now)
        .orElseThrow();
  }

  @Override
  public long[] insertAll(StoreConnection c, String topic, List<NewEvent> events, long now)
      throws SQLException {
    long[] offsets = new long[events.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = insert(c, topic, events.get(i), now);
    }
    return offsets;
  }

  @Override
  public List<EventRow> read(StoreConnection c, String topic, long after, int limit, long maxChars)
      throws SQLException {
    List<EventRow> rows =
        list(
            c,
            row -> new EventRow(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4)),
            """
            SELECT id, name, payload, created_at FROM honker_stream
            WHERE topic = ? AND id > ? ORDER BY id FETCH FIRST ? ROWS ONLY""",
            topic,
            after,
            limit);
    long chars = 0;
    for (int i = 0; i < rows.size(); i++) {
      chars += rows.get(i).payload().length();
      if (chars >= maxChars) {
        return rows.subList(0, i + 1);
      }
    }
    return rows;
  }

  @Override
  public long lastOffset(StoreConnection c, String topic) throws SQLException {
    return number(c, "SELECT max(id) FROM honker_stream WHERE topic = ?", topic).orElse(0);
  }

  @Override
  public List<String> topics(StoreConnection c) throws SQLException {
    return list(
        c, row -> row.getString(1), "SELECT DISTINCT topic FROM honker_stream ORDER BY topic");
  }

  @Override
  public long countAfter(StoreConnection c, String topic, long after, int limit)
      throws SQLException {
    return number(
            c,
            """
            SELECT count(*) FROM (SELECT id FROM honker_stream WHERE topic = ? AND id > ?
              FETCH FIRST ? ROWS ONLY)""",
            topic,
            after,
            limit)
        .orElse(0);
  }

  @Override
  public boolean saveOffset(StoreConnection c, String topic, String consumer, long offset)
      throws SQLException {
    if (savedOffset(c, topic, consumer).isEmpty()) {
      return update(
              c,
              "INSERT INTO honker_consumers(topic, name, position) VALUES (?, ?, ?)",
              topic,
              consumer,
              offset)
          == 1;
    }
    return update(
            c,
            "UPDATE honker_consumers SET position = ? WHERE topic = ? AND name = ?"
                + " AND position < ?",
            offset,
            topic,
            consumer,
            offset)
        == 1;
  }

  @Override
  public OptionalLong savedOffset(StoreConnection c, String topic, String consumer)
      throws SQLException {
    return number(
        c, "SELECT position FROM honker_consumers WHERE topic = ? AND name = ?", topic, consumer);
  }

  @Override
  public List<ConsumerRow> consumers(StoreConnection c, String topic) throws SQLException {
    return list(
        c,
        row -> new ConsumerRow(row.getString(1), row.getLong(2)),
        "SELECT name, position FROM honker_consumers WHERE topic = ? ORDER BY name",
        topic);
  }

  @Override
  public boolean forget(StoreConnection c, String topic, String consumer) throws SQLException {
    return update(c, "DELETE FROM honker_consumers WHERE topic = ? AND name = ?", topic, consumer)
        == 1;
  }

  @Override
  public OptionalLong slowestConsumer(StoreConnection c, String topic) throws SQLException {
    return number(
        c,
        """
        SELECT min(position) FROM (
          SELECT position FROM honker_consumers WHERE topic = ?
          UNION ALL SELECT position FROM honker_group_slots WHERE topic = ?)""",
        topic,
        topic);
  }

  @Override
  public long offsetBeyondNewest(StoreConnection c, String topic, long newest) throws SQLException {
    return number(
            c,
            """
            SELECT id FROM honker_stream WHERE topic = ?
            ORDER BY id DESC OFFSET ? ROWS FETCH FIRST 1 ROW ONLY""",
            topic,
            newest)
        .orElse(0);
  }

  @Override
  public long offsetOfOld(StoreConnection c, String topic, long madeBefore, long upTo)
      throws SQLException {
    OptionalLong firstYoung =
        number(
            c,
            "SELECT min(id) FROM honker_stream WHERE topic = ? AND id <= ? AND created_at >= ?",
            topic,
            upTo,
            madeBefore);
    return firstYoung.isPresent() ? firstYoung.getAsLong() - 1 : upTo;
  }

  @Override
  public int trim(StoreConnection c, String topic, long upTo, int limit) throws SQLException {
    OptionalLong last =
        number(
            c,
            """
            SELECT max(id) FROM (SELECT id FROM honker_stream WHERE topic = ? AND id <= ?
              ORDER BY id FETCH FIRST ? ROWS ONLY)""",
            topic,
            upTo,
            limit);
    if (last.isEmpty()) {
      return 0;
    }
    long to = last.getAsLong();
    update(c, "DELETE FROM honker_received_marks WHERE topic = ? AND id <= ?", topic, to);
    update(
        c,
        """
        MERGE INTO honker_trimmed(topic, up_to) KEY(topic)
        SELECT ?, greatest(?, coalesce((SELECT up_to FROM honker_trimmed WHERE topic = ?), 0))""",
        topic,
        to,
        topic);
    return update(c, "DELETE FROM honker_stream WHERE topic = ? AND id <= ?", topic, to);
  }
}
