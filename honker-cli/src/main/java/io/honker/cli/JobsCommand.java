package io.honker.cli;

import io.honker.codec.Json;
import io.honker.queue.JobState;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code honker jobs}: the live jobs of a queue. */
@Command(name = "jobs", description = "Lists the live jobs of a queue in order of id.")
final class JobsCommand extends FileCommand {

  /** The states are those of the library: a claim whose lease ended is as good as ready. */
  private static final String JOBS =
      """
      SELECT id,
        CASE WHEN state = 'processing' AND claim_expires_at >= ?1 THEN 'in_flight'
          WHEN state = 'processing' OR run_at <= ?1 THEN 'ready' ELSE 'delayed' END AS state,
        priority, attempts, max_attempts,
        strftime('%Y-%m-%dT%H:%M:%SZ', run_at, 'unixepoch') AS due,
        strftime('%Y-%m-%dT%H:%M:%SZ', claim_expires_at, 'unixepoch') AS lease_until,
        worker_id,
        strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch') AS expires_at,
        payload
      FROM _honker_live WHERE queue = ?2 AND id > ?3""";

  private static final String PAGE =
      "SELECT id, state, priority, attempts, max_attempts, due, lease_until, worker_id, expires_at"
          + " FROM ("
          + JOBS
          + ") WHERE ?4 IS NULL OR state = ?4 ORDER BY id LIMIT ?5";

  private static final String PAGE_WITH_PAYLOADS =
      PAGE.replaceFirst("expires_at FROM", "expires_at, " + JsonDocuments.PAYLOAD + " FROM");

  @Parameters(index = "1", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only jobs that are ready, delayed or in_flight.")
  private @Nullable JobState state;

  @Option(names = "--payload", description = "Show the payloads too.")
  private boolean payload;

  @Mixin private Page page = new Page();

  @Override
  int run(Path file) throws SQLException {
    if (state == JobState.DEAD) {
      throw usage("dead jobs are listed by: honker dead list FILE QUEUE");
    }
    try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
      Rows rows =
          database.rows(
              payload ? PAGE_WITH_PAYLOADS : PAGE,
              now().getEpochSecond(),
              queue,
              page.after(),
              state == null ? null : state.name().toLowerCase(Locale.ROOT),
              page.limit());
      output().list(payload ? rows.withTexts("payload", Json::of) : rows);
      return OK;
    }
  }
}
