package io.honker.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the first hundred bytes of the file tell beyond the pragmas.
 *
 * @param lastWriter the version of SQLite that last wrote the header, such as 3040001; 0 if unknown
 */
public record FileHeader(int lastWriter) {

  private static final int LENGTH = 100;
  private static final int VERSION_AT = 96;

  /**
   * Reads the header. Nothing in this process may have the database open: closing the file drops
   * SQLite's locks.
   */
  public static FileHeader read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LENGTH);
      return new FileHeader(bytes.length < LENGTH ? 0 : ByteBuffer.wrap(bytes).getInt(VERSION_AT));
    }
  }

  String lastWriterText() {
    return lastWriter / 1_000_000 + "." + lastWriter / 1_000 % 1_000 + "." + lastWriter % 1_000;
  }
}
