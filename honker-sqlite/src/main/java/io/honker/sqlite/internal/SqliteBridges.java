package io.honker.sqlite.internal;

import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.OriginRow;
import io.honker.runtime.store.OutgoingRow;
import io.honker.runtime.store.ReceivedMark;
import io.honker.runtime.store.SentRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.transport.Source;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The SQL of bridges, on tables of our own. */
final class SqliteBridges implements BridgeStore {

  /** A mark that nothing belongs to any more gives way: its event went in a way we do not know. */
  private static final MultiRowInsert MARK_MANY =
      new MultiRowInsert(
          """
          REPLACE INTO _honkerj_received_marks(
            topic, offset, origin, source_topic, source_offset, published_at_ms) VALUES\s""",
          1,
          5,
          SqliteBridges::markValues,
          "offset");

  private static String markValues(int first) {
    StringBuilder values = new StringBuilder("(?1");
    for (int i = 0; i < 5; i++) {
      values.append(", ?").append(first + i);
    }
    return values.append(')').toString();
  }

  // ---- the bridges on record

  @Override
  public boolean insert(StoreConnection c, BridgeRow bridge) throws SQLException {
    PreparedStatement insert =
        c.statement(
            """
            INSERT INTO _honkerj_bridges(
              name, kind, local, log, state, detail, since, paused, request, generation)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(name) DO NOTHING""");
    insert.setString(1, bridge.name());
    insert.setString(2, bridge.kind());
    insert.setString(3, bridge.local());
    insert.setString(4, bridge.log());
    bindChangeable(insert, 5, bridge);
    return insert.executeUpdate() == 1;
  }

  @Override
  public Optional<BridgeRow> find(StoreConnection c, String name) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT name, kind, local, log, state, detail, since, paused, request, generation
            FROM _honkerj_bridges WHERE name = ?""");
    select.setString(1, name);
    return bridges(select).stream().findFirst();
  }

  @Override
  public List<BridgeRow> list(StoreConnection c) throws SQLException {
    return bridges(
        c.statement(
            """
            SELECT name, kind, local, log, state, detail, since, paused, request, generation
            FROM _honkerj_bridges ORDER BY name"""));
  }

  private static List<BridgeRow> bridges(PreparedStatement select) throws SQLException {
    List<BridgeRow> bridges = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        bridges.add(
            new BridgeRow(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                rows.getString(6),
                rows.getLong(7),
                rows.getBoolean(8),
                rows.getString(9),
                rows.getInt(10)));
      }
    }
    return bridges;
  }

  @Override
  public boolean update(StoreConnection c, BridgeRow bridge) throws SQLException {
    PreparedStatement update =
        c.statement(
            """
            UPDATE _honkerj_bridges
            SET state = ?, detail = ?, since = ?, paused = ?, request = ?, generation = ?
            WHERE name = ?""");
    bindChangeable(update, 1, bridge);
    update.setString(7, bridge.name());
    return update.executeUpdate() == 1;
  }

  private static void bindChangeable(PreparedStatement statement, int first, BridgeRow bridge)
      throws SQLException {
    statement.setString(first, bridge.state());
    statement.setString(first + 1, bridge.detail());
    statement.setLong(first + 2, bridge.since());
    statement.setBoolean(first + 3, bridge.paused());
    statement.setString(first + 4, bridge.request());
    statement.setInt(first + 5, bridge.generation());
  }

  @Override
  public boolean delete(StoreConnection c, String name) throws SQLException {
    PreparedStatement sent = c.statement("DELETE FROM _honkerj_bridge_sent WHERE bridge = ?");
    sent.setString(1, name);
    sent.executeUpdate();
    PreparedStatement bridge = c.statement("DELETE FROM _honkerj_bridges WHERE name = ?");
    bridge.setString(1, name);
    return bridge.executeUpdate() == 1;
  }

  // ---- sending

  @Override
  public List<SentRow> sent(StoreConnection c, String bridge) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT origin, topic, intended, acknowledged FROM _honkerj_bridge_sent
            WHERE bridge = ? ORDER BY origin, topic""");
    select.setString(1, bridge);
    List<SentRow> sent = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        Source source = new Source(rows.getString(1), rows.getString(2));
        sent.add(new SentRow(source, rows.getLong(3), rows.getLong(4)));
      }
    }
    return sent;
  }

  @Override
  public void putSent(StoreConnection c, String bridge, SentRow sent) throws SQLException {
    PreparedStatement put =
        c.statement(
            """
            REPLACE INTO _honkerj_bridge_sent(bridge, origin, topic, intended, acknowledged)
            VALUES (?, ?, ?, ?, ?)""");
    put.setString(1, bridge);
    put.setString(2, sent.source().origin());
    put.setString(3, sent.source().topic());
    put.setLong(4, sent.intended());
    put.setLong(5, sent.acknowledged());
    put.executeUpdate();
  }

  @Override
  public List<OutgoingRow> readOutgoing(
      StoreConnection c, String topic, long after, int limit, long maxChars) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT e.offset, e.key, e.payload, e.created_at,
              m.origin, m.source_topic, m.source_offset, m.published_at_ms
            FROM _honker_stream e
            LEFT JOIN _honkerj_received_marks m ON m.topic = e.topic AND m.offset = e.offset
            WHERE e.topic = ? AND e.offset > ? ORDER BY e.offset LIMIT ?""");
    select.setString(1, topic);
    select.setLong(2, after);
    select.setInt(3, limit);
    List<OutgoingRow> outgoing = new ArrayList<>();
    long chars = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (chars < maxChars && rows.next()) {
        String payload = rows.getString(3);
        chars += payload.length();
        EventRow event = new EventRow(rows.getLong(1), rows.getString(2), payload, rows.getLong(4));
        outgoing.add(new OutgoingRow(event, mark(rows)));
      }
    }
    return outgoing;
  }

  private static @Nullable ReceivedMark mark(ResultSet row) throws SQLException {
    String origin = row.getString(5);
    return origin == null
        ? null
        : new ReceivedMark(
            row.getLong(1),
            new Source(origin, row.getString(6)),
            row.getLong(7),
            Instant.ofEpochMilli(row.getLong(8)));
  }

  @Override
  public long trimmedUpTo(StoreConnection c, String topic) throws SQLException {
    PreparedStatement select = c.statement("SELECT up_to FROM _honkerj_trimmed WHERE topic = ?");
    select.setString(1, topic);
    return FirstColumn.number(select).orElse(0);
  }

  // ---- receiving

  @Override
  public OptionalLong received(StoreConnection c, String target, Source source)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT offset FROM _honkerj_received
            WHERE target = ? AND origin = ? AND topic = ?""");
    select.setString(1, target);
    select.setString(2, source.origin());
    select.setString(3, source.topic());
    return FirstColumn.number(select);
  }

  @Override
  public void putReceived(StoreConnection c, String target, Source source, long offset)
      throws SQLException {
    PreparedStatement put =
        c.statement(
            """
            REPLACE INTO _honkerj_received(target, origin, topic, offset)
            VALUES (?, ?, ?, ?)""");
    put.setString(1, target);
    put.setString(2, source.origin());
    put.setString(3, source.topic());
    put.setLong(4, offset);
    put.executeUpdate();
  }

  @Override
  public void markReceived(StoreConnection c, String topic, List<ReceivedMark> marks)
      throws SQLException {
    MARK_MANY.run(
        c,
        marks.size(),
        (insert, first, row) -> insert.setString(1, topic),
        (insert, key, row) -> {
          ReceivedMark mark = marks.get(row);
          insert.setLong(key, mark.localOffset());
          insert.setString(key + 1, mark.source().origin());
          insert.setString(key + 2, mark.source().topic());
          insert.setLong(key + 3, mark.offset());
          insert.setLong(key + 4, mark.publishedAt().toEpochMilli());
        });
  }

  // ---- identity

  @Override
  public List<OriginRow> origins(StoreConnection c) throws SQLException {
    PreparedStatement select =
        c.statement("SELECT origin, after_offset FROM _honkerj_origins ORDER BY number");
    List<OriginRow> origins = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        origins.add(new OriginRow(rows.getString(1), rows.getLong(2)));
      }
    }
    return origins;
  }

  @Override
  public void beginOrigin(StoreConnection c, OriginRow origin) throws SQLException {
    PreparedStatement insert =
        c.statement("INSERT INTO _honkerj_origins(origin, after_offset) VALUES (?, ?)");
    insert.setString(1, origin.origin());
    insert.setLong(2, origin.after());
    insert.executeUpdate();
  }
}
