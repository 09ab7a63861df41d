package io.honker.lab.bridge;

import io.honker.Honker;
import io.honker.observe.HonkerObserver;
import io.honker.sqlite.SqliteProvider;
import io.honker.tck.Capabilities;
import io.honker.tck.SecondRuntime;
import io.honker.tck.StoreFixture;
import io.honker.time.HonkerClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A SQLite file in a temporary folder of its own. */
final class SqliteNode extends StoreFixture {

  private final Path folder;

  SqliteNode() {
    super(Capabilities.all());
    try {
      this.folder = Files.createTempDirectory("honker-bridge");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String file() {
    return folder.resolve("node.db").toString();
  }

  @Override
  protected Honker openStore(HonkerClock clock, HonkerObserver observer) {
    return Honker.builder(file()).clock(clock).observer(observer).open();
  }

  @Override
  protected Honker openSecondStore(HonkerClock clock, HonkerObserver observer) {
    return Honker.builder(file())
        .provider(SecondRuntime.of(SqliteProvider.class))
        .clock(clock)
        .observer(observer)
        .open();
  }

  @Override
  protected Connection openRawConnection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file() + "?busy_timeout=15000");
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
