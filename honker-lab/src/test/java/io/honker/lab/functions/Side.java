package io.honker.lab.functions;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A process that runs SQL on one file, a line in for a line out. */
final class Side implements AutoCloseable {

  /** The zone of both processes: one that changes its clocks. */
  private static final String ZONE = "Europe/Berlin";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final boolean reference;
  private final Process process;
  private final BufferedWriter to;
  private final BufferedReader from;
  private int asked;

  private Side(boolean reference, List<String> command, Path folder) throws IOException {
    this.reference = reference;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TZ", ZONE);
    builder.redirectError(
        ProcessBuilder.Redirect.appendTo(
            folder.resolve(reference ? "honker.err" : "ours.err").toFile()));
    this.process = builder.start();
    this.to =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The real honker, through Node. */
  static Side honker(Path driver, Path file) throws IOException {
    Side side =
        new Side(true, List.of("node", driver.toString(), file.toString()), file.getParent());
    side.line(); // tells that it is ready
    return side;
  }

  /** This library, through the command line tool. */
  static Side ours(Path file) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-Xshare:auto", "-XX:+UseSerialGC"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Dorg.sqlite.tmpdir=" + file.getParent());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.honker.cli.HonkerCli");
    command.addAll(List.of("sql", "--json", "--keep-going", "--create", file.toString()));
    return new Side(false, command, file.getParent());
  }

  void ask(String sql) throws IOException {
    asked++;
    to.write(
        reference ? JSON.writeValueAsString(Map.of("id", asked, "op", "call", "sql", sql)) : sql);
    to.write('\n');
    to.flush();
  }

  /** The answer to the last question. */
  Answer answer() throws IOException {
    JsonNode answer = JSON.readTree(line());
    if (answer.has("error")) {
      return Answer.error(answer.get("error").asString());
    }
    return Answer.rows(reference ? answer.get("ok") : answer);
  }

  private String line() throws IOException {
    String line = from.readLine();
    if (line == null) {
      throw new IOException((reference ? "honker" : "our tool") + " ended");
    }
    return line;
  }

  /** Lets the process end by itself, so that it closes its file. */
  @Override
  public void close() throws IOException {
    to.close();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
