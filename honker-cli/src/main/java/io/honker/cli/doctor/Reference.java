package io.honker.cli.doctor;

import io.honker.Honker;
import io.honker.schedule.Schedule;
import io.honker.sqlite.SqliteHonker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fresh database of this library, in a temporary folder: what there must be is never written down
 * a second time.
 */
final class Reference implements AutoCloseable {

  /** Tables with their columns, then indexes. */
  private static final String COLUMNS =
      """
      SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
      WHERE m.type = 'table' AND m.name LIKE '\\_honker%' ESCAPE '\\' ORDER BY 1""";

  private static final String INDEXES =
      """
      SELECT name FROM sqlite_master
      WHERE type = 'index' AND name LIKE '\\_honker%' ESCAPE '\\' ORDER BY 1""";

  private final Path folder;
  private final Honker honker;

  private Reference(Path folder, Honker honker) {
    this.folder = folder;
    this.honker = honker;
  }

  static Reference open() throws IOException {
    Path folder = Files.createTempDirectory("honker-doctor-");
    try {
      return new Reference(folder, SqliteHonker.open(folder.resolve("reference.db")));
    } catch (RuntimeException e) {
      Files.deleteIfExists(folder);
      throw e;
    }
  }

  /** The columns that are in the reference and not in the database, as {@code table.column}. */
  List<String> missingColumns(Examination examination) throws SQLException {
    return missing(COLUMNS, examination);
  }

  List<String> missingIndexes(Examination examination) throws SQLException {
    return missing(INDEXES, examination);
  }

  private List<String> missing(String sql, Examination examination) throws SQLException {
    List<String> missing = new ArrayList<>(honker.read(connection -> texts(connection, sql)));
    missing.removeAll(examination.texts(sql));
    return missing;
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  long schemaVersion() {
    return honker.read(
        connection ->
            Long.parseLong(
                texts(connection, "SELECT value FROM _honkerj_meta WHERE key = 'schema_version'")
                    .get(0)));
  }

  /** Why an expression of the shared table gives no fire time; empty if it gives one. */
  Optional<String> problemOfShared(String expression, Instant after) {
    return honker.read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement("SELECT honker_cron_next_after(?, ?)")) {
            select.setString(1, expression);
            select.setLong(2, after.getEpochSecond());
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return Optional.empty();
            }
          } catch (SQLException e) {
            return Optional.of(String.valueOf(e.getMessage()));
          }
        });
  }

  /** Why an expression of our own table gives no fire time; empty if it gives one. */
  Optional<String> problemOfOwn(String expression, @Nullable String zone, Instant after) {
    try {
      Schedule.Builder schedule = Schedule.cron("doctor", expression, "doctor");
      if (zone != null) {
        schedule.zone(ZoneId.of(zone));
      }
      List<Instant> next = honker.scheduler().preview(schedule.build(), after, 1);
      return next.isEmpty() ? Optional.of("it never fires") : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() throws IOException {
    honker.close();
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(folder.resolve("reference.db" + suffix));
    }
    Files.delete(folder);
  }
}
