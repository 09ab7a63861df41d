package io.honker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tool: a command that goes on in a process of its own, one that ends in this one. */
final class CommandRun implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 90;

  private final Process process;
  private final Path errors;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Thread reader;

  private CommandRun(Process process, Path errors) {
    this.process = process;
    this.errors = errors;
    this.reader = new Thread(this::readLines, "command-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** What a run that ended left. */
  record Result(int code, List<String> out, String err) {

    /** The only line. */
    String line() {
      assertThat(out).as("output; errors: %s", err).hasSize(1);
      return out.get(0);
    }

    Result ok() {
      assertThat(code).as("exit code of %s", this).isZero();
      return this;
    }
  }

  /** Starts a process of its own. */
  static CommandRun start(Object... arguments) throws IOException {
    Path errors = Files.createTempFile("honker-cli-", ".err");
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Duser.timezone=UTC"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED"); // the runnable jar's manifest says so too
    }
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), HonkerCli.class.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new CommandRun(
        new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  static Result run(Object... arguments) {
    return runWithInput("", arguments);
  }

  /** Runs a command that ends by itself, in this process: starting one takes a second. */
  static Result runWithInput(String input, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        HonkerCli.run(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out),
            new PrintWriter(err),
            Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Result(code, out.toString().lines().toList(), err.toString());
  }

  private void readLines() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("the output broke off: " + e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** The next line of output, null if there is none within a moment. */
  @Nullable String poll() throws InterruptedException {
    return lines.poll(100, TimeUnit.MILLISECONDS);
  }

  String next() throws IOException, InterruptedException {
    String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(line).as("a line of output; errors: %s", Files.readString(errors)).isNotNull();
    return String.valueOf(line);
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void terminate() {
    process.destroy();
  }

  /** Ends it at once, as a crash does. */
  void kill() {
    process.destroyForcibly();
  }

  /** Waits for the end. */
  Result result() throws IOException, InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
    reader.join();
    return new Result(process.exitValue(), List.copyOf(lines), errors());
  }

  /** Waits, too: what the process had open is closed then. */
  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    Files.deleteIfExists(errors);
  }
}
