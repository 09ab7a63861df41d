package io.honker.sqlite.internal;

import io.honker.error.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/** Which file a location means, and that it can be a database (rule F-7). */
public final class SqliteLocation {

  private static final String PREFIX = "jdbc:sqlite:";

  private final String given;
  private final Path realPath;

  private SqliteLocation(String given, Path realPath) {
    this.given = given;
    this.realPath = realPath;
  }

  /** Whether a location looks like a path or a SQLite URL. */
  public static boolean accepts(String location) {
    return location.startsWith(PREFIX)
        || !(location.startsWith("jdbc:") || location.contains("://"));
  }

  /**
   * Checks the location and creates the file, readable by its owner only, if it is missing.
   *
   * @throws StoreUnavailableException if there is no file to be had, saying why
   */
  public static SqliteLocation prepare(String location) {
    String path = location.startsWith(PREFIX) ? location.substring(PREFIX.length()) : location;
    if (path.isEmpty() || path.startsWith(":memory:") || path.contains("mode=memory")) {
      throw unavailable(
          location,
          "is not a file; a database in memory cannot be shared by readers, a writer and other"
              + " processes: give the path of a file, in a temporary folder for tests",
          null);
    }
    if (path.startsWith("file:") || path.contains("?")) {
      throw unavailable(
          location,
          "carries URL parameters; give a plain path and set options with storeOption",
          null);
    }
    try {
      return new SqliteLocation(location, prepareFile(location, Path.of(path).toAbsolutePath()));
    } catch (InvalidPathException e) {
      throw unavailable(location, "is not a valid path", e);
    }
  }

  private static Path prepareFile(String location, Path file) {
    if (Files.isDirectory(file)) {
      throw unavailable(location, "is a folder; give the path of a file in it", null);
    }
    Path folder = Objects.requireNonNullElse(file.getParent(), file);
    if (!Files.isDirectory(folder)) {
      throw unavailable(location, "lies in a folder that does not exist; create it first", null);
    }
    if (Files.isSymbolicLink(file) && !Files.exists(file)) {
      throw unavailable(
          location, "is a link to a file that does not exist; create or relink it", null);
    }
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      if (!Files.isReadable(file) || !Files.isWritable(file) || !Files.isWritable(folder)) {
        throw unavailable(
            location, "is read-only; the file and its folder must be writable by this user", null);
      }
      return file.toRealPath();
    } catch (IOException e) {
      throw unavailable(location, "cannot be created; the folder must be writable by this user", e);
    }
  }

  private static void create(Path file) throws IOException {
    FileAttribute<?>[] ownerOnly =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Path created = Files.createFile(file, ownerOnly);
      Objects.requireNonNull(created);
    } catch (FileAlreadyExistsException e) {
      return; // another process was first
    }
  }

  private static StoreUnavailableException unavailable(
      String location, String problem, java.lang.@org.jspecify.annotations.Nullable Exception e) {
    return new StoreUnavailableException("\"" + location + "\" " + problem, e);
  }

  /** The location as the application wrote it. */
  String given() {
    return given;
  }

  /** The file, with links resolved: the same for every way to write it. */
  public Path realPath() {
    return realPath;
  }
}
