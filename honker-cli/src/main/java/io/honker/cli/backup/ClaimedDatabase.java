package io.honker.cli.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database that is about to be replaced. As long as this is open, nobody else can use it: its log
 * is in the file, and SQLite's exclusive lock is held. Without that a program could begin a log for
 * the old file, and SQLite would apply it to the new one, which destroys it.
 */
public final class ClaimedDatabase implements AutoCloseable {

  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

  // SQLite's result codes
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int CORRUPT = 11;
  private static final int NOT_A_DATABASE = 26;

  private static final String MAGIC = "SQLite format 3\0";

  /** As long as SQLite's own header. */
  private static final String DEFACED =
      String.format("%-100s", "This database was replaced by a backup, and is here no more.");

  private final Path file;
  private final @Nullable Connection connection;

  /**
   * Makes a claim.
   *
   * @param connection has the lock; null for a file that is damaged so much that nobody can use it
   */
  private ClaimedDatabase(Path file, @Nullable Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * Claims a database, taking what is in its log into the file.
   *
   * @throws FileInUseException if another process uses it, or has left a log that cannot be taken
   */
  public static ClaimedDatabase of(Path file) throws SQLException, IOException {
    if (!hasHeader(file)) {
      refuseCompanions(file); // before SQLite throws them away
      return new ClaimedDatabase(file, null);
    }
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try {
      lock(connection);
      refuseCompanions(file);
      return new ClaimedDatabase(file, connection);
    } catch (SQLException e) {
      connection.close();
      refuseUnlessDamaged(e);
      refuseCompanions(file); // closing has removed them unless somebody else has the file open
      return new ClaimedDatabase(file, null);
    } catch (RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static boolean hasHeader(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] head = in.readNBytes(MAGIC.length());
      return head.length == 0 || new String(head, StandardCharsets.US_ASCII).equals(MAGIC);
    }
  }

  private static void lock(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout=1000");
      // leaves WAL mode, which only the last one who has the file open can do
      try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode=DELETE")) {
        mode.next();
      }
      statement.execute("BEGIN EXCLUSIVE");
    }
  }

  private static void refuseUnlessDamaged(SQLException failure) throws SQLException {
    int code = failure.getErrorCode() & 0xff;
    if (code == BUSY || code == LOCKED) {
      throw new FileInUseException(
          "another process has the database open; stop every one that has", failure);
    }
    if (code != CORRUPT && code != NOT_A_DATABASE) {
      throw failure;
    }
  }

  /**
   * Refuses a place in which there is something that belongs to another database.
   *
   * @throws FileInUseException if there is a log or journal
   */
  public static void refuseCompanions(Path file) {
    for (String suffix : COMPANIONS) {
      Path companion = Path.of(file + suffix);
      if (Files.exists(companion)) {
        throw new FileInUseException(
            companion
                + " exists: somebody uses the database, or died using it; with it the restored"
                + " one would be damaged. Stop every process that has it open, and if the file"
                + " stays, move it away together with the database",
            null);
      }
    }
  }

  /** The database. */
  public Path file() {
    return file;
  }

  /**
   * Puts another file in its place. A program that has opened the old file and waits for the lock
   * finds that it is no database any more.
   */
  void replaceBy(PartialFile part) throws IOException {
    if (!hasOneName()) {
      boolean stored = part.complete(true);
      assert stored || Files.exists(file);
      return; // the old file stays what it is under its other name, or cannot be told from it
    }
    try (FileChannel old = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (part.complete(true)) {
        int written = old.write(ByteBuffer.wrap(DEFACED.getBytes(StandardCharsets.US_ASCII)), 0);
        assert written == DEFACED.length();
      }
    }
  }

  private boolean hasOneName() throws IOException {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(file, "unix:nlink").equals(1);
  }

  /** Ends the claim. The transaction has written nothing, so no file is touched by its name. */
  @Override
  public void close() throws SQLException {
    if (connection != null) {
      connection.close();
    }
  }
}
