package io.honker.cli.backup;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a bridge has sent the events of one source, as a database has it on record.
 *
 * @param bridge the bridge's name
 * @param topic the local topic, null if the bridge is not on record any more
 * @param log the log at the broker, null likewise
 * @param position the local offset that is done, null if none was saved
 * @param origin whose events they are
 * @param sourceTopic the topic at their origin
 * @param intended the last of their offsets that may have left
 * @param acknowledged the last that the broker has acknowledged
 * @param onTheirWay how many events in between are in the database: they may have arrived
 */
public record BridgeProgress(
    String bridge,
    @Nullable String topic,
    @Nullable String log,
    @Nullable Long position,
    String origin,
    String sourceTopic,
    long intended,
    long acknowledged,
    long onTheirWay) {

  /** Events of the database's own have no mark, those of others have one with their offset. */
  private static final String SENT =
      """
      SELECT s.bridge, b.local, b.log, c.offset, s.origin, s.topic, s.intended, s.acknowledged,
        CASE
          WHEN s.intended <= s.acknowledged THEN 0
          WHEN o.origin IS NOT NULL THEN (
            SELECT count(*) FROM _honker_stream e
            WHERE e.topic = b.local
              AND e.offset > max(s.acknowledged, o.after_offset) AND e.offset <= s.intended
              AND NOT EXISTS (
                SELECT 1 FROM _honkerj_received_marks m
                WHERE m.topic = e.topic AND m.offset = e.offset))
          ELSE (
            SELECT count(*) FROM _honkerj_received_marks m
            WHERE m.topic = b.local AND m.origin = s.origin AND m.source_topic = s.topic
              AND m.source_offset > s.acknowledged AND m.source_offset <= s.intended)
        END
      FROM _honkerj_bridge_sent s
      LEFT JOIN _honkerj_bridges b ON b.name = s.bridge
      LEFT JOIN _honkerj_origins o ON o.origin = s.origin
      LEFT JOIN _honker_stream_consumers c
        ON c.name = 'honkerj-bridge:' || s.bridge AND c.topic = b.local
      WHERE b.kind IS NOT 'INBOUND'
      ORDER BY s.bridge, s.origin, s.topic""";

  /** Reads what is on record, nothing in a file that knows no bridges. */
  static List<BridgeProgress> read(Connection connection) throws SQLException {
    List<BridgeProgress> progress = new ArrayList<>();
    if (!Tables.has(connection, "_honkerj_bridge_sent")) {
      return progress;
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SENT)) {
      while (row.next()) {
        long position = row.getLong(4);
        progress.add(
            new BridgeProgress(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.wasNull() ? null : position,
                row.getString(5),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9)));
      }
    }
    return progress;
  }
}
