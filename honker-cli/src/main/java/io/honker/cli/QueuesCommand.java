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
      pending AS (
        SELECT queue, sum(run_at <= ?1) AS ready, sum(run_at > ?1) AS delayed,
          min(run_at) AS oldest
        FROM _honker_live WHERE state = 'pending' GROUP BY queue),
      processing AS (
        SELECT queue, sum(claim_expires_at >= ?1) AS held, sum(claim_expires_at < ?1) AS lapsed
        FROM _honker_live WHERE state = 'processing' GROUP BY queue),
      dead AS (SELECT queue, count(*) AS dead FROM _honker_dead GROUP BY queue),
      names AS (
        SELECT queue FROM pending UNION SELECT queue FROM processing UNION SELECT queue FROM dead
        UNION SELECT queue FROM settings WHERE paused <> 0 OR max_in_flight IS NOT NULL)
      SELECT queue, coalesce(ready, 0) + coalesce(lapsed, 0) AS ready,
        coalesce(delayed, 0) AS delayed, coalesce(held, 0) AS in_flight, coalesce(dead, 0) AS dead,
        CASE WHEN oldest <= ?1 THEN ?1 - oldest END AS oldest_ready_s,
        CASE WHEN paused <> 0 THEN 'yes' ELSE 'no' END AS paused, max_in_flight
      FROM names LEFT JOIN pending USING (queue) LEFT JOIN processing USING (queue)
        LEFT JOIN dead USING (queue) LEFT JOIN settings USING (queue)
      ORDER BY queue""";

  private static final String WITH_SETTINGS =
      "WITH settings AS (SELECT name AS queue, paused, max_in_flight FROM _honkerj_queues), "
          + COUNTS;

  /** For files from before there were limits. */
  private static final String WITH_PAUSES =
      "WITH settings AS (SELECT name AS queue, paused, NULL AS max_in_flight FROM _honkerj_queues), "
          + COUNTS;

  /** For files that no Java process has opened. */
  private static final String WITHOUT_SETTINGS =
      "WITH settings AS (SELECT NULL AS queue, 0 AS paused, NULL AS max_in_flight WHERE 0), "
          + COUNTS;

  @Override
  int run(Path file) throws SQLException {
    try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
      Rows rows = database.rows(sql(database), now().getEpochSecond());
      output().list(rows.withTexts("paused", "yes"::equals));
      return OK;
    }
  }

  private static String sql(ReadOnlyDatabase database) throws SQLException {
    if (database.hasColumn("_honkerj_queues", "max_in_flight")) {
      return WITH_SETTINGS;
    }
    return database.hasColumn("_honkerj_queues", "paused") ? WITH_PAUSES : WITHOUT_SETTINGS;
  }
}
