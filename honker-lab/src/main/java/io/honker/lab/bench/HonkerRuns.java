package io.honker.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real honker's side: its Node module, driven by {@code honker-lab/node/bench.js}. */
final class HonkerRuns implements AutoCloseable {

  private final JsonMapper json = new JsonMapper();
  private final Process process;
  private final PrintWriter requests;
  private final BufferedReader replies;

  private HonkerRuns(Process process) {
    this.process = process;
    this.requests = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    this.replies =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts Node, or tells why there is no honker side. */
  static @Nullable HonkerRuns start(@Nullable String nodeFolder) throws IOException {
    if (nodeFolder == null || nodeFolder.isBlank()) {
      return null;
    }
    return new HonkerRuns(
        new ProcessBuilder("node", Path.of(nodeFolder, "bench.js").toString(), "serve")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Runs a case once; the answer's field is the figure. */
  JsonNode run(String name, Path folder, int n, String arguments) throws IOException {
    requests.println(
        "{\"case\":\""
            + name
            + "\",\"db\":\""
            + folder.resolve("honker.db")
            + "\",\"n\":"
            + n
            + ",\"args\":{"
            + arguments
            + "}}");
    String line = replies.readLine();
    if (line == null) {
      throw new IOException("the Node process ended");
    }
    JsonNode answer = json.readTree(line);
    if (answer.has("error")) {
      throw new IOException("honker, case " + name + ": " + answer.get("error"));
    }
    return answer;
  }

  Figure rate(String name, Path folder, int n, String arguments) throws IOException {
    JsonNode answer = run(name, folder, n, arguments);
    return Figure.of(answer.get("ops").asDouble() / answer.get("seconds").asDouble());
  }

  Figure latency(String name, Path folder, int n, String arguments) throws IOException {
    JsonNode answer = run(name, folder, n, arguments);
    return new Figure(answer.get("p50_us").asDouble(), answer.get("p99_us").asDouble());
  }

  @Override
  public void close() throws IOException {
    requests.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroy();
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
