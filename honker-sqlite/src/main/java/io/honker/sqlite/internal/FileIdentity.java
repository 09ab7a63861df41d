package io.honker.sqlite.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a path still leads to the file that was opened. Looks at the folder entry only:
 * opening and closing the database through Java would drop SQLite's own locks.
 */
final class FileIdentity {

  private final Path file;
  private final @Nullable Object key;
  private final @Nullable String number;

  FileIdentity(Path file) {
    this.file = file;
    this.key = readKey();
    this.number = readNumber();
  }

  /**
   * The number by which the file system knows the file: the same under any name and after every
   * restart, another one for a copy. Null where the platform shows none.
   */
  @Nullable String number() {
    return number;
  }

  /** Whether the file was replaced or removed; false where the platform does not tell. */
  boolean isReplaced() {
    return key != null && !Objects.equals(key, readKey());
  }

  private @Nullable Object readKey() {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      return null;
    }
  }

  private @Nullable String readNumber() {
    try {
      return Files.getAttribute(file, "unix:ino").toString();
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
