package io.honker.sqlite;

import io.honker.Honker;
import io.honker.observe.HonkerObserver;
import io.honker.tck.Capabilities;
import io.honker.tck.SecondRuntime;
import io.honker.tck.StoreFixture;
import io.honker.time.HonkerClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteConfig;

/** A SQLite file in a temporary folder of its own. */
final class SqliteFixture extends StoreFixture {

  private static final int PATIENCE_MILLIS = 60_000;

  private final Path folder;
  private final Path file;

  SqliteFixture() {
    super(Capabilities.all());
    try {
      this.folder = Files.createTempDirectory("honker-tck");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.file = folder.resolve("tck.db");
  }

  Path file() {
    return file;
  }

  @Override
  protected Honker openStore(HonkerClock clock, HonkerObserver observer) {
    return Honker.builder(file.toString()).clock(clock).observer(observer).open();
  }

  @Override
  protected Honker openSecondStore(HonkerClock clock, HonkerObserver observer) {
    return Honker.builder(file.toString())
        .provider(SecondRuntime.of(SqliteProvider.class))
        .clock(clock)
        .observer(observer)
        .open();
  }

  @Override
  protected Connection openRawConnection() throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(PATIENCE_MILLIS);
    config.enforceForeignKeys(true);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  @Override
  protected void refuseJobsContaining(String text) throws SQLException {
    try (Connection raw = openRawConnection();
        Statement statement = raw.createStatement()) {
      statement.executeUpdate(
          "CREATE TRIGGER refuse BEFORE INSERT ON _honker_live WHEN instr(NEW.payload, '"
              + text.replace("'", "''")
              + "') > 0 BEGIN SELECT RAISE(ABORT, 'refused'); END");
    }
  }

  @Override
  protected void delete() {
    try (Stream<Path> tree = Files.walk(folder)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
