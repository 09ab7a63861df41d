package io.honker.lab.prove;

import io.honker.queue.Job;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What handlers did, in a file that outlives them: one line, one write. */
final class HandlerLog implements AutoCloseable {

  private final FileOutputStream out;

  HandlerLog(Path file) throws IOException {
    this.out = new FileOutputStream(file.toFile(), true);
  }

  static Path beside(Path database) {
    return database.resolveSibling(database.getFileName() + ".log");
  }

  void started(Job<?> job) throws IOException {
    line("start " + job.id() + " " + job.attempt());
  }

  void ended(Job<?> job) throws IOException {
    line("end " + job.id() + " " + job.attempt());
  }

  private void line(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The job ids of one kind of line, in order, with repetitions. */
  static List<Long> ids(Path file, String kind) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.split(" "))
        .filter(words -> words[0].equals(kind))
        .map(words -> Long.valueOf(words[1]))
        .toList();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
