package io.honker.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the file tells beyond the pragmas: its first hundred bytes, and the file system.
 *
 * @param lastWriter the version of SQLite that last wrote the header, such as 3040001; 0 if unknown
 * @param number the file's number in the file system, null where the platform shows none
 */
public record FileHeader(int lastWriter, @Nullable String number) {

  private static final int LENGTH = 100;
  private static final int VERSION_AT = 96;

  /**
   * Reads the header. Nothing in this process may have the database open: closing the file drops
   * SQLite's locks.
   */
  public static FileHeader read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LENGTH);
      int lastWriter = bytes.length < LENGTH ? 0 : ByteBuffer.wrap(bytes).getInt(VERSION_AT);
      return new FileHeader(lastWriter, number(file));
    }
  }

  private static @Nullable String number(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:ino").toString();
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return null;
    }
  }

  String lastWriterText() {
    return lastWriter / 1_000_000 + "." + lastWriter / 1_000 % 1_000 + "." + lastWriter % 1_000;
  }
}
