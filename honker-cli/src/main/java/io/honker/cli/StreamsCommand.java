package io.honker.cli;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code honker streams}: the topics, or the consumers of one. */
@Command(name = "streams", description = "Lists the topics, or the consumers of one topic.")
final class StreamsCommand extends FileCommand {

  private static final String TOPICS =
      """
      WITH topics AS (
        SELECT topic, count(*) AS events, min(offset) AS first_offset, max(offset) AS last_offset
        FROM _honker_stream GROUP BY topic),
      consumers AS (
        SELECT topic, count(*) AS consumers, min(offset) AS behind
        FROM _honker_stream_consumers GROUP BY topic)
      SELECT topic, events, first_offset, last_offset,
        strftime('%Y-%m-%dT%H:%M:%SZ',
          (SELECT created_at FROM _honker_stream WHERE offset = last_offset), 'unixepoch')
          AS last_published_at,
        coalesce(consumers, 0) AS consumers,
        CASE WHEN behind IS NOT NULL THEN
          (SELECT count(*) FROM _honker_stream s WHERE s.topic = topics.topic AND s.offset > behind)
        END AS largest_lag
      FROM topics LEFT JOIN consumers USING (topic) ORDER BY topic""";

  private static final String CONSUMERS =
      """
      SELECT name, offset,
        (SELECT count(*) FROM _honker_stream s WHERE s.topic = c.topic AND s.offset > c.offset)
          AS lag,
        CASE WHEN name GLOB 'honkerj-bridge:*' THEN substr(name, 16) END AS bridge
      FROM _honker_stream_consumers c WHERE topic = ? ORDER BY name""";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TOPIC",
      description = "List the consumers of this topic.")
  private @Nullable String topic;

  @Override
  int run(Path file) throws SQLException {
    try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
      output().list(topic == null ? database.rows(TOPICS) : database.rows(CONSUMERS, topic));
      return OK;
    }
  }
}
