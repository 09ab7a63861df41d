package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.sqlite.SqliteHonker;
import io.honker.sqlite.SqliteOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Fresh databases for runs, with the same schema and pragmas for every side. */
final class Databases {

  static final String QUEUE = "bench";

  private Databases() {}

  /** What every side enqueues: 45 bytes of JSON. */
  record Email(String subject, String to) {

    static final Email SAMPLE = new Email("hello", "alice@example.com");
    static final String JSON = "{\"subject\":\"hello\",\"to\":\"alice@example.com\"}";
  }

  static Path file(Path folder) {
    return folder.resolve("bench.db");
  }

  static Honker open(Path folder) {
    return SqliteHonker.open(file(folder));
  }

  static Honker open(Path folder, SqliteOptions.Synchronous synchronous) {
    return SqliteHonker.open(
        file(folder), SqliteOptions.builder().synchronous(synchronous).build());
  }

  /** A bare connection to a database with our schema; the side that stands for "no library". */
  static Connection raw(Path folder, SqliteOptions.Synchronous synchronous) throws SQLException {
    open(folder).close();
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file(folder));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode=WAL");
      statement.execute("PRAGMA synchronous=" + synchronous);
      statement.execute("PRAGMA foreign_keys=ON");
      statement.execute("PRAGMA cache_size=-32000");
      statement.execute("PRAGMA temp_store=MEMORY");
      statement.execute("PRAGMA wal_autocheckpoint=10000");
    }
    return connection;
  }

  /** Adds rows with one statement: due, delayed or in flight, spread over some priorities. */
  static void fill(Path folder, long rows, String state, int priorities) throws SQLException {
    String values =
        switch (state) {
          case "due" -> "'pending', unixepoch() - 1, NULL, NULL, 0";
          case "delayed" -> "'pending', unixepoch() + 3600, NULL, NULL, 0";
          case "inflight" -> "'processing', unixepoch() - 1, 'other', unixepoch() + 3600, 1";
          default -> throw new IllegalArgumentException(state);
        };
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file(folder));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA cache_size=-200000");
      statement.execute("PRAGMA busy_timeout=30000");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < "
              + rows
              + ") INSERT INTO _honker_live(queue, payload, priority, state, run_at, worker_id,"
              + " claim_expires_at, attempts) SELECT '"
              + QUEUE
              + "', '"
              + Email.JSON
              + "', i % "
              + priorities
              + ", "
              + values
              + " FROM n");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }
}
