package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.INTEGER;
import static io.honker.sqlite.functions.Parameter.TEXT;
import static io.honker.sqlite.functions.Parameter.TEXT_OR_NULL;

import java.sql.SQLException;
import java.util.List;

/** Functions on streams and their consumers. */
final class StreamFunctions {

  private StreamFunctions() {}

  static List<SqlFunction> all() {
    return List.of(
        SqlFunction.of("honker_stream_publish", StreamFunctions::publish, TEXT, TEXT_OR_NULL, TEXT),
        SqlFunction.of(
            "honker_stream_read_since", StreamFunctions::readSince, TEXT, INTEGER, INTEGER),
        SqlFunction.of(
            "honker_stream_save_offset", StreamFunctions::saveOffset, TEXT, TEXT, INTEGER),
        SqlFunction.of("honker_stream_get_offset", StreamFunctions::getOffset, TEXT, TEXT));
  }

  private static Object publish(Arguments in, NestedSql sql) throws SQLException {
    return sql.integer(
        """
        INSERT INTO _honker_stream(topic, key, payload, created_at) VALUES (?, ?, ?, ?)
        RETURNING offset""",
        in.text(0),
        in.textOrNull(1),
        in.text(2),
        in.now());
  }

  private static Object readSince(Arguments in, NestedSql sql) throws SQLException {
    return JsonObject.array(
        sql.rows(
            """
            SELECT offset, topic, key, payload, created_at FROM _honker_stream
            WHERE topic = ? AND offset > ? ORDER BY offset LIMIT ?""",
            row ->
                new JsonObject()
                    .put("created_at", row.integer(4))
                    .put("key", row.textOrNull(2))
                    .put("offset", row.integer(0))
                    .put("payload", row.text(3))
                    .put("topic", row.text(1)),
            in.text(0),
            in.integer(1),
            in.integer(2)));
  }

  private static Object saveOffset(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        """
        INSERT INTO _honker_stream_consumers(name, topic, offset) VALUES (?, ?, ?)
        ON CONFLICT(name, topic) DO UPDATE SET offset = excluded.offset
        WHERE excluded.offset > offset""",
        in.text(0),
        in.text(1),
        in.integer(2));
  }

  private static Object getOffset(Arguments in, NestedSql sql) {
    return sql.orIfItFails(
        0L,
        () ->
            sql.integer(
                "SELECT offset FROM _honker_stream_consumers WHERE name = ? AND topic = ?",
                in.text(0),
                in.text(1)));
  }
}
