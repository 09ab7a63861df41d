package io.honker.cli;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code honker bridge status}: how bridges do, as this database has it on record. */
@Command(
    name = "status",
    description = {
      "Shows how bridges do, without asking the broker.",
      "%nstate: RUNNING, RETRYING (tries again by itself), PAUSED, BROKEN (waits for rewind or"
          + " accept-loss), STOPPED (no process runs it). position: the local offset up to which"
          + " the broker has everything; lag: how many events wait, up to 10,000."
    })
final class BridgeStatusCommand extends FileCommand {

  private static final String TABLE = "_honkerj_bridges";

  /** Bridges with their runner, and outbound ones with their position. */
  private static final String STATUS =
      """
      WITH bridges AS (
        SELECT b.*,
          (SELECT l.owner FROM _honker_locks l
            WHERE l.name = 'honkerj-bridge:' || b.name AND l.expires_at > ?1) AS runner,
          CASE WHEN b.kind = 'OUTBOUND' THEN coalesce(
            (SELECT c.offset FROM _honker_stream_consumers c
              WHERE c.name = 'honkerj-bridge:' || b.name AND c.topic = b.local), 0)
            END AS position
        FROM _honkerj_bridges b WHERE ?2 IS NULL OR b.name = ?2)
      SELECT name, lower(kind) AS kind, local, log,
        CASE WHEN state = 'BROKEN' THEN state WHEN paused THEN 'PAUSED'
          WHEN runner IS NULL THEN 'STOPPED' ELSE state END AS state,
        strftime('%Y-%m-%dT%H:%M:%SZ', since, 'unixepoch') AS since,
        position,
        CASE WHEN kind = 'OUTBOUND' THEN
          (SELECT count(*) FROM (SELECT 1 FROM _honker_stream s
            WHERE s.topic = b.local AND s.offset > b.position LIMIT 10000)) END AS lag,
        runner, lower(request) AS request, detail
      FROM bridges b ORDER BY name""";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "One bridge only.")
  private @Nullable String name;

  @Override
  int run(Path file) throws SQLException {
    try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
      Rows rows = database.hasTable(TABLE) ? status(database) : new Rows(List.of(), List.of());
      if (name == null) {
        output().list(rows);
      } else if (rows.values().isEmpty()) {
        throw CommandFailedException.notFound("no bridge \"" + name + "\" in " + file);
      } else {
        tell(rows);
      }
      return OK;
    }
  }

  private Rows status(ReadOnlyDatabase database) throws SQLException {
    return database.rows(STATUS, now().getEpochSecond(), name);
  }

  /** One bridge: an object for programs, a line for each value for people. */
  private void tell(Rows rows) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.columns().size(); i++) {
      String column = rows.columns().get(i);
      Object value = rows.values().get(0).get(i);
      object.put(column, value);
      if (value != null) {
        text.append(text.isEmpty() ? "" : "\n").append(column).append(": ").append(value);
      }
    }
    output().thing(object, text.toString());
  }
}
