package io.honker.cli.backup;

import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies a database as it is at one moment, without keeping its writers waiting, and checks the
 * copy.
 */
public final class Backup {

  private static final String EXPECTED =
      """
      SELECT (c.page_count - f.freelist_count) * s.page_size
      FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s""";

  private static final Duration LOOK = Duration.ofMillis(20);

  private final Connection source;
  private final Watcher watcher;
  private volatile @Nullable Statement running;

  /** Is told on a thread of its own how far the copy is, again and again. */
  @FunctionalInterface
  public interface Watcher {

    /** How many bytes are copied, of about how many. */
    void copied(long bytes, long expected);
  }

  /** Prepares a backup; the connection is in auto-commit mode and stays open. */
  public Backup(Connection source, Watcher watcher) {
    this.source = source;
    this.watcher = watcher;
  }

  /**
   * Makes the copy; the target appears when it is complete, checked and on the disk.
   *
   * @return how far the bridges in the copy are
   * @throws SQLException if the database cannot be read, or the copy is damaged
   * @throws IOException if the copy cannot be written
   */
  public List<BridgeProgress> to(Path target, boolean replace) throws SQLException, IOException {
    return to(target, part -> part.complete(replace));
  }

  /**
   * Makes the copy and puts it in the place of a database, in one step.
   *
   * @return how far the bridges in the copy are
   * @throws SQLException if the database cannot be read, or the copy is damaged
   * @throws IOException if the copy cannot be written
   */
  public List<BridgeProgress> inPlaceOf(ClaimedDatabase claimed) throws SQLException, IOException {
    return to(claimed.file(), claimed::replaceBy);
  }

  /** Gives a complete file its name. */
  @FunctionalInterface
  private interface Placement {
    void place(PartialFile part) throws IOException;
  }

  private List<BridgeProgress> to(Path target, Placement placement)
      throws SQLException, IOException {
    try (PartialFile part = new PartialFile(target, this::cancel)) {
      Path path = part.create();
      copy(path);
      List<BridgeProgress> bridges = finish(path);
      placement.place(part);
      return bridges;
    }
  }

  private void cancel() {
    Statement statement = running;
    if (statement != null) {
      try {
        statement.cancel();
      } catch (SQLException e) {
        return; // it has ended
      }
    }
  }

  private void copy(Path part) throws SQLException {
    long expected = expectedBytes();
    Thread watch = new Thread(() -> watch(part, expected), "honker-backup-watch");
    watch.setDaemon(true);
    watch.start();
    try (PreparedStatement vacuum = source.prepareStatement("VACUUM INTO ?")) {
      running = vacuum;
      vacuum.setString(1, part.toString());
      vacuum.execute();
    } finally {
      running = null;
      end(watch);
    }
    watcher.copied(expected, expected);
  }

  private static void end(Thread watch) {
    watch.interrupt();
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch(Path part, long expected) {
    HonkerClock clock = SystemClock.instance();
    while (!Thread.currentThread().isInterrupted()) {
      watcher.copied(Math.min(size(part), expected), expected);
      clock.parkUntil(clock.now().plus(LOOK));
    }
  }

  private static long size(Path part) {
    try {
      return Files.size(part);
    } catch (IOException e) {
      return 0;
    }
  }

  /** A little more than the copy gets, because indexes become denser. */
  private long expectedBytes() throws SQLException {
    try (Statement statement = source.createStatement();
        ResultSet row = statement.executeQuery(EXPECTED)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<BridgeProgress> finish(Path part) throws SQLException {
    try (Connection copy = DriverManager.getConnection("jdbc:sqlite:" + part)) {
      CopyMark.put(copy);
      check(copy);
      return BridgeProgress.read(copy);
    }
  }

  private static void check(Connection copy) throws SQLException {
    try (Statement statement = copy.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      row.next();
      String verdict = row.getString(1);
      if (!verdict.equals("ok")) {
        throw new SQLException("the copy is damaged, and was deleted: " + verdict);
      }
    }
  }
}
