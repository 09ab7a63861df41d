package io.honker.cli;

import java.nio.file.Path;
import java.sql.SQLException;
import picocli.CommandLine.Command;

/** {@code honker queues}: all queues with their counts. */
@Command(name = "queues", description = "Lists the queues with their counts.")
final class QueuesCommand extends FileCommand {

  /** A claim whose lease ended is as good as ready. */
  private static final String COUNTS =
      """
      WITH pending AS (
        SELECT queue, sum(run_at <= ?1) AS ready, sum(run_at > ?1) AS delayed,
          min(run_at) AS oldest
        FROM _honker_live WHERE state = 'pending' GROUP BY queue),
      processing AS (
        SELECT queue, sum(claim_expires_at >= ?1) AS held, sum(claim_expires_at < ?1) AS lapsed
        FROM _honker_live WHERE state = 'processing' GROUP BY queue),
      dead AS (SELECT queue, count(*) AS dead FROM _honker_dead GROUP BY queue),
      names AS (
        SELECT queue FROM pending UNION SELECT queue FROM processing UNION SELECT queue FROM dead
        UNION SELECT queue FROM paused)
      SELECT queue, coalesce(ready, 0) + coalesce(lapsed, 0) AS ready,
        coalesce(delayed, 0) AS delayed, coalesce(held, 0) AS in_flight, coalesce(dead, 0) AS dead,
        CASE WHEN oldest <= ?1 THEN ?1 - oldest END AS oldest_ready_s,
        CASE WHEN paused.queue IS NULL THEN 'no' ELSE 'yes' END AS paused
      FROM names LEFT JOIN pending USING (queue) LEFT JOIN processing USING (queue)
        LEFT JOIN dead USING (queue) LEFT JOIN paused USING (queue)
      ORDER BY queue""";

  private static final String WITH_PAUSES =
      COUNTS.replaceFirst(
          "WITH", "WITH paused AS (SELECT name AS queue FROM _honkerj_queues WHERE paused <> 0),");

  private static final String WITHOUT_PAUSES =
      COUNTS.replaceFirst("WITH", "WITH paused AS (SELECT NULL AS queue WHERE 0),");

  @Override
  int run(Path file) throws SQLException {
    try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
      boolean pauses = database.hasTable("_honkerj_queues");
      Rows rows = database.rows(pauses ? WITH_PAUSES : WITHOUT_PAUSES, now().getEpochSecond());
      output().list(rows.withTexts("paused", "yes"::equals));
      return OK;
    }
  }
}
