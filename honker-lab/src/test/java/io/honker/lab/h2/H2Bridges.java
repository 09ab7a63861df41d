package io.honker.lab.h2;

import static io.honker.lab.h2.H2Sql.number;

import io.honker.runtime.store.BridgeRow;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.EventRow;
import io.honker.runtime.store.OriginRow;
import io.honker.runtime.store.OutgoingRow;
import io.honker.runtime.store.ReceivedMark;
import io.honker.runtime.store.SentRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.transport.Source;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The SQL of bridges. */
final class H2Bridges implements BridgeStore {

  @Override
  public boolean insert(StoreConnection c, BridgeRow bridge) throws SQLException {
    return find(c, bridge.name()).isEmpty()
        && H2Sql.update(
                c,
                """
                INSERT INTO honker_bridges(
                  name, kind, here, there, state, detail, since, paused, request, generation)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                bridge.name(),
                bridge.kind(),
                bridge.local(),
                bridge.log(),
                bridge.state(),
                bridge.detail(),
                bridge.since(),
                bridge.paused(),
                bridge.request(),
                bridge.generation())
            == 1;
  }

  @Override
  public Optional<BridgeRow> find(StoreConnection c, String name) throws SQLException {
    return list(c).stream().filter(bridge -> bridge.name().equals(name)).findFirst();
  }

  @Override
  public List<BridgeRow> list(StoreConnection c) throws SQLException {
    return H2Sql.list(
        c,
        row ->
            new BridgeRow(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getLong(7),
                row.getBoolean(8),
                row.getString(9),
                row.getInt(10)),
        """
        SELECT name, kind, here, there, state, detail, since, paused, request, generation
        FROM honker_bridges ORDER BY name""");
  }

  @Override
  public boolean update(StoreConnection c, BridgeRow bridge) throws SQLException {
    return H2Sql.update(
            c,
            """
            UPDATE honker_bridges
            SET state = ?, detail = ?, since = ?, paused = ?, request = ?, generation = ?
            WHERE name = ?""",
            bridge.state(),
            bridge.detail(),
            bridge.since(),
            bridge.paused(),
            bridge.request(),
            bridge.generation(),
            bridge.name())
        == 1;
  }

  @Override
  public boolean delete(StoreConnection c, String name) throws SQLException {
    H2Sql.update(c, "DELETE FROM honker_bridge_sent WHERE bridge = ?", name);
    return H2Sql.update(c, "DELETE FROM honker_bridges WHERE name = ?", name) == 1;
  }

  @Override
  public List<SentRow> sent(StoreConnection c, String bridge) throws SQLException {
    return H2Sql.list(
        c,
        row ->
            new SentRow(
                new Source(row.getString(1), row.getString(2)), row.getLong(3), row.getLong(4)),
        """
        SELECT origin, topic, intended, acknowledged FROM honker_bridge_sent
        WHERE bridge = ? ORDER BY origin, topic""",
        bridge);
  }

  @Override
  public void putSent(StoreConnection c, String bridge, SentRow sent) throws SQLException {
    H2Sql.update(
        c,
        """
        MERGE INTO honker_bridge_sent(bridge, origin, topic, intended, acknowledged)
        KEY(bridge, origin, topic) VALUES (?, ?, ?, ?, ?)""",
        bridge,
        sent.source().origin(),
        sent.source().topic(),
        sent.intended(),
        sent.acknowledged());
  }

  @Override
  public List<OutgoingRow> readOutgoing(
      StoreConnection c, String topic, long after, int limit, long maxChars) throws SQLException {
    List<OutgoingRow> rows =
        H2Sql.list(
            c,
            H2Bridges::outgoing,
            """
            SELECT e.id, e.name, e.payload, e.created_at,
              m.origin, m.source_topic, m.source_id, m.published_at_ms
            FROM honker_stream e
            LEFT JOIN honker_received_marks m ON m.topic = e.topic AND m.id = e.id
            WHERE e.topic = ? AND e.id > ? ORDER BY e.id FETCH FIRST ? ROWS ONLY""",
            topic,
            after,
            limit);
    long chars = 0;
    for (int i = 0; i < rows.size(); i++) {
      chars += rows.get(i).event().payload().length();
      if (chars >= maxChars) {
        return rows.subList(0, i + 1);
      }
    }
    return rows;
  }

  private static OutgoingRow outgoing(ResultSet row) throws SQLException {
    long offset = row.getLong(1);
    EventRow event = new EventRow(offset, row.getString(2), row.getString(3), row.getLong(4));
    String origin = row.getString(5);
    ReceivedMark mark =
        origin == null
            ? null
            : new ReceivedMark(
                offset,
                new Source(origin, row.getString(6)),
                row.getLong(7),
                Instant.ofEpochMilli(row.getLong(8)));
    return new OutgoingRow(event, mark);
  }

  @Override
  public long trimmedUpTo(StoreConnection c, String topic) throws SQLException {
    return number(c, "SELECT up_to FROM honker_trimmed WHERE topic = ?", topic).orElse(0);
  }

  @Override
  public OptionalLong received(StoreConnection c, String target, Source source)
      throws SQLException {
    return number(
        c,
        "SELECT position FROM honker_received WHERE target = ? AND origin = ? AND topic = ?",
        target,
        source.origin(),
        source.topic());
  }

  @Override
  public void putReceived(StoreConnection c, String target, Source source, long offset)
      throws SQLException {
    H2Sql.update(
        c,
        """
        MERGE INTO honker_received(target, origin, topic, position)
        KEY(target, origin, topic) VALUES (?, ?, ?, ?)""",
        target,
        source.origin(),
        source.topic(),
        offset);
  }

  @Override
  public void markReceived(StoreConnection c, String topic, List<ReceivedMark> marks)
      throws SQLException {
    for (ReceivedMark mark : marks) {
      H2Sql.update(
          c,
          """
          MERGE INTO honker_received_marks(
            topic, id, origin, source_topic, source_id, published_at_ms)
          KEY(topic, id) VALUES (?, ?, ?, ?, ?, ?)""",
          topic,
          mark.localOffset(),
          mark.source().origin(),
          mark.source().topic(),
          mark.offset(),
          mark.publishedAt().toEpochMilli());
    }
  }

  @Override
  public List<OriginRow> origins(StoreConnection c) throws SQLException {
    return H2Sql.list(
        c,
        row -> new OriginRow(row.getString(1), row.getLong(2)),
        "SELECT origin, after_id FROM honker_origins ORDER BY number");
  }

  @Override
  public void beginOrigin(StoreConnection c, OriginRow origin) throws SQLException {
    H2Sql.update(
        c,
        "INSERT INTO honker_origins(origin, after_id) VALUES (?, ?)",
        origin.origin(),
        origin.after());
  }
}
