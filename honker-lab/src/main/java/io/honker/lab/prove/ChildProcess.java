package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours and what it has printed so far, whole lines only. Standard error goes to a file
 * beside the others. Ends with the parent: its standard input ends then.
 */
final class ChildProcess implements AutoCloseable {

  private static final int ENDED_BY_SIGKILL = 128 + 9;
  private static final int HEAP_MEGABYTES = 128;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final String name;
  private final Path errors;
  private final Process process;
  private final Thread reader;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private ChildProcess(String name, Path folder, List<String> command) {
    this.name = name;
    this.errors = folder.resolve(name + ".err");
    try {
      this.process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.reader = new Thread(this::read, "reader of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts any program. */
  static ChildProcess program(String name, Workspace workspace, List<String> command) {
    return new ChildProcess(name, workspace.folder(), command);
  }

  /** Starts a Java process with our own class path. */
  static ChildProcess role(String name, Workspace workspace, String role, Object... arguments) {
    return role(name, workspace, HEAP_MEGABYTES, role, arguments);
  }

  /** Starts one with so much heap. */
  static ChildProcess role(
      String name, Workspace workspace, int heapMegabytes, String role, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMegabytes + "m");
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-XX:-UsePerfData"); // leaves a file behind when killed
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Dorg.sqlite.tmpdir=" + workspace.folder());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-Dorg.jboss.logging.provider=slf4j"); // Hibernate's
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(RoleMain.class.getName(), role));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    return new ChildProcess(name, workspace.folder(), command);
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  // ---- what it prints

  private void read() {
    try (InputStream out = process.getInputStream()) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int count = out.read(buffer); count >= 0; count = out.read(buffer)) {
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            add(line.toString(StandardCharsets.UTF_8));
            line.reset();
          } else {
            line.write(buffer[i]);
          }
        }
      }
    } catch (IOException e) {
      add("unreadable: " + e.getMessage());
    } finally {
      synchronized (lines) {
        ended = true;
        lines.notifyAll();
      }
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  /** Waits for so many lines; false if it ended before. */
  boolean awaitLines(int count) throws InterruptedException {
    long begun = System.nanoTime();
    synchronized (lines) {
      while (lines.size() < count && !ended) {
        long left = LIMIT.toMillis() - (System.nanoTime() - begun) / 1_000_000;
        require(
            left > 0, () -> name + " has printed only " + lines.size() + " lines" + complaint());
        lines.wait(left);
      }
      return lines.size() >= count;
    }
  }

  /** Sends a line and waits for the next one in return. */
  String ask(String line) throws InterruptedException {
    int before = lines().size();
    send(line);
    require(awaitLines(before + 1), () -> name + " did not answer " + line + complaint());
    return lines().get(before);
  }

  void send(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new ProofFailedException(name + " takes no input: " + e.getMessage() + complaint());
    }
  }

  // ---- its end

  /** Ends it with SIGKILL and tells whether that is what ended it. */
  boolean kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // the process's own method would also close its streams
    return awaitExit(LIMIT) == ENDED_BY_SIGKILL;
  }

  /** Waits for its end, which must come in time, and returns its exit code. */
  int awaitExit(Duration limit) throws InterruptedException {
    require(
        process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS),
        () -> name + " did not end within " + limit.toSeconds() + " s");
    reader.join();
    return process.exitValue();
  }

  /** Waits for its end and the last line; any other end than a good one fails. */
  String lastLine(Duration limit) throws InterruptedException {
    int code = awaitExit(limit);
    List<String> all = lines();
    require(code == 0 && !all.isEmpty(), () -> name + " ended with " + code + complaint());
    return all.get(all.size() - 1);
  }

  /** What it wrote to standard error, its end only. */
  String complaint() {
    try {
      String text = Files.readString(errors).strip();
      return text.isEmpty() ? "" : ": " + text.substring(Math.max(0, text.length() - 600));
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends it if it still runs. */
  @Override
  public void close() {
    process.toHandle().destroyForcibly();
    try {
      process.waitFor();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
