package io.honker.lab.prove;

import io.honker.stream.StreamEvent;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What subscribers were given, in a file that outlives them and that several of them append to: one
 * line, one write.
 */
final class EventLog implements AutoCloseable {

  /** One line. */
  record Line(boolean begun, String key, long offset, String by) {}

  private final FileOutputStream out;
  private final String by;

  EventLog(Path file, String by) throws IOException {
    this.out = new FileOutputStream(file.toFile(), true);
    this.by = by;
  }

  static Path beside(Path database) {
    return database.resolveSibling(database.getFileName() + ".log");
  }

  void begun(StreamEvent<?> event) throws IOException {
    line("begin", event);
  }

  void ended(StreamEvent<?> event) throws IOException {
    line("end", event);
  }

  private void line(String what, StreamEvent<?> event) throws IOException {
    String line = what + " " + event.key() + " " + event.offset() + " " + by + "\n";
    out.write(line.getBytes(StandardCharsets.UTF_8));
  }

  static List<Line> read(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.split(" "))
        .map(
            words ->
                new Line(words[0].equals("begin"), words[1], Long.parseLong(words[2]), words[3]))
        .toList();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
