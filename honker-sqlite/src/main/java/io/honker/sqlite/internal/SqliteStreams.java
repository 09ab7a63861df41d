package io.honker.sqlite.internal;

import io.honker.runtime.store.ConsumerRow;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.NewEvent;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StreamStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The SQL of event streams, on honker's tables. */
final class SqliteStreams implements StreamStore {

  private static final String TOPICS = FirstColumn.distinct("_honker_stream", "topic");

  private static final String INSERT =
      "INSERT INTO _honker_stream(topic, key, payload, created_at) VALUES ";

  private static final MultiRowInsert INSERT_MANY =
      new MultiRowInsert(
          INSERT, 2, 2, key -> "(?1, ?" + key + ", ?" + (key + 1) + ", ?2)", "offset");

  @Override
  public long insert(StoreConnection c, String topic, NewEvent event, long now)
      throws SQLException {
    PreparedStatement insert = c.statement(INSERT + "(?, ?, ?, ?) RETURNING offset");
    insert.setString(1, topic);
    insert.setString(2, event.key());
    insert.setString(3, event.payload());
    insert.setLong(4, now);
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      long offset = row.getLong(1);
      row.next(); // to the end: only then has auto-commit committed
      return offset;
    }
  }

  @Override
  public long[] insertAll(StoreConnection c, String topic, List<NewEvent> events, long now)
      throws SQLException {
    return INSERT_MANY.run(
        c,
        events.size(),
        (insert, first, row) -> {
          insert.setString(1, topic);
          insert.setLong(2, now);
        },
        (insert, key, row) -> {
          insert.setString(key, events.get(row).key());
          insert.setString(key + 1, events.get(row).payload());
        });
  }

  @Override
  public List<EventRow> read(StoreConnection c, String topic, long after, int limit, long maxChars)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT offset, payload, created_at, key FROM _honker_stream
            WHERE topic = ? AND offset > ? ORDER BY offset LIMIT ?""");
    select.setString(1, topic);
    select.setLong(2, after);
    select.setInt(3, limit);
    List<EventRow> events = new ArrayList<>();
    long chars = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (chars < maxChars && rows.next()) {
        String payload = rows.getString(2);
        chars += payload.length();
        events.add(new EventRow(rows.getLong(1), rows.getString(4), payload, rows.getLong(3)));
      }
    }
    return events;
  }

  @Override
  public long lastOffset(StoreConnection c, String topic) throws SQLException {
    PreparedStatement select =
        c.statement("SELECT coalesce(max(offset), 0) FROM _honker_stream WHERE topic = ?");
    select.setString(1, topic);
    return FirstColumn.number(select).orElse(0);
  }

  @Override
  public List<String> topics(StoreConnection c) throws SQLException {
    return FirstColumn.texts(c.statement(TOPICS));
  }

  @Override
  public long countAfter(StoreConnection c, String topic, long after, int limit)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT count(*) FROM (
              SELECT 1 FROM _honker_stream WHERE topic = ? AND offset > ? LIMIT ?)""");
    select.setString(1, topic);
    select.setLong(2, after);
    select.setInt(3, limit);
    return FirstColumn.number(select).orElse(0);
  }

  // ---- consumers

  @Override
  public boolean saveOffset(StoreConnection c, String topic, String consumer, long offset)
      throws SQLException {
    PreparedStatement save =
        c.statement(
            """
            INSERT INTO _honker_stream_consumers(name, topic, offset) VALUES (?, ?, ?)
            ON CONFLICT(name, topic) DO UPDATE SET offset = excluded.offset
              WHERE excluded.offset > offset""");
    save.setString(1, consumer);
    save.setString(2, topic);
    save.setLong(3, offset);
    return save.executeUpdate() == 1;
  }

  @Override
  public OptionalLong savedOffset(StoreConnection c, String topic, String consumer)
      throws SQLException {
    PreparedStatement select =
        c.statement("SELECT offset FROM _honker_stream_consumers WHERE name = ? AND topic = ?");
    select.setString(1, consumer);
    select.setString(2, topic);
    return FirstColumn.number(select);
  }

  @Override
  public List<ConsumerRow> consumers(StoreConnection c, String topic) throws SQLException {
    PreparedStatement select =
        c.statement(
            "SELECT name, offset FROM _honker_stream_consumers WHERE topic = ? ORDER BY name");
    select.setString(1, topic);
    List<ConsumerRow> consumers = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        consumers.add(new ConsumerRow(rows.getString(1), rows.getLong(2)));
      }
    }
    return consumers;
  }

  @Override
  public boolean forget(StoreConnection c, String topic, String consumer) throws SQLException {
    PreparedStatement delete =
        c.statement("DELETE FROM _honker_stream_consumers WHERE name = ? AND topic = ?");
    delete.setString(1, consumer);
    delete.setString(2, topic);
    return delete.executeUpdate() == 1;
  }

  @Override
  public OptionalLong slowestConsumer(StoreConnection c, String topic) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT min(offset) FROM (
              SELECT offset FROM _honker_stream_consumers WHERE topic = ?1
              UNION ALL SELECT offset FROM _honkerj_group_slots WHERE topic = ?1)""");
    select.setString(1, topic);
    return FirstColumn.number(select);
  }

  // ---- trimming

  @Override
  public long offsetBeyondNewest(StoreConnection c, String topic, long newest) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT offset FROM _honker_stream WHERE topic = ?
            ORDER BY offset DESC LIMIT 1 OFFSET ?""");
    select.setString(1, topic);
    select.setLong(2, newest);
    return FirstColumn.number(select).orElse(0);
  }

  @Override
  public long offsetOfOld(StoreConnection c, String topic, long madeBefore, long upTo)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT offset FROM _honker_stream WHERE topic = ? AND offset <= ? AND created_at >= ?
            ORDER BY offset LIMIT 1""");
    select.setString(1, topic);
    select.setLong(2, upTo);
    select.setLong(3, madeBefore);
    OptionalLong firstYoung = FirstColumn.number(select);
    return firstYoung.isPresent() ? firstYoung.getAsLong() - 1 : upTo;
  }

  @Override
  public int trim(StoreConnection c, String topic, long upTo, int limit) throws SQLException {
    OptionalLong last = lastToTrim(c, topic, upTo, limit);
    if (last.isEmpty()) {
      return 0;
    }
    int deleted =
        deleteUpTo(
            c.statement("DELETE FROM _honker_stream WHERE topic = ? AND offset <= ?"),
            topic,
            last.getAsLong());
    deleteUpTo(
        c.statement("DELETE FROM _honkerj_received_marks WHERE topic = ? AND offset <= ?"),
        topic,
        last.getAsLong());
    PreparedStatement record =
        c.statement(
            """
            INSERT INTO _honkerj_trimmed(topic, up_to) VALUES (?, ?)
            ON CONFLICT(topic) DO UPDATE SET up_to = max(up_to, excluded.up_to)""");
    record.setString(1, topic);
    record.setLong(2, last.getAsLong());
    record.executeUpdate();
    return deleted;
  }

  private static OptionalLong lastToTrim(StoreConnection c, String topic, long upTo, int limit)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT max(offset) FROM (
              SELECT offset FROM _honker_stream WHERE topic = ? AND offset <= ?
              ORDER BY offset LIMIT ?)""");
    select.setString(1, topic);
    select.setLong(2, upTo);
    select.setInt(3, limit);
    return FirstColumn.number(select);
  }

  private static int deleteUpTo(PreparedStatement delete, String topic, long last)
      throws SQLException {
    delete.setString(1, topic);
    delete.setLong(2, last);
    return delete.executeUpdate();
  }
}
