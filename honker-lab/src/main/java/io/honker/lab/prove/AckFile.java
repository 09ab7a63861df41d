package io.honker.lab.prove;

import io.honker.codec.Json;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a worker notes what it has acknowledged: a line "id p i" per job, after the commit. */
final class AckFile implements AutoCloseable {

  private static final Pattern PAYLOAD = Pattern.compile("\\{\"p\":\"([^\"]+)\",\"i\":([0-9]+)}");

  private final FileOutputStream out;

  AckFile(Path file) throws IOException {
    this.out = new FileOutputStream(file.toFile(), true);
  }

  /** The line of a job. */
  static String line(long id, Json payload) {
    Matcher matcher = PAYLOAD.matcher(payload.text());
    if (!matcher.matches()) {
      throw new ProofFailedException("job " + id + " carries " + payload.text());
    }
    return id + " " + matcher.group(1) + " " + matcher.group(2) + "\n";
  }

  void add(String lines) throws IOException {
    out.write(lines.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
