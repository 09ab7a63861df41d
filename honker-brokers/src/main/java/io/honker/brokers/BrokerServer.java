package io.honker.brokers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server process that keeps its port and its data through restarts. It runs under a shell that
 * kills it when this process has ended, however it ended.
 *
 * <p>Confined to one thread.
 */
public abstract class BrokerServer implements AutoCloseable {

  private static final int STARTS = 5;
  private static final int LOWEST_PORT = 20_000;
  private static final int HIGHEST_PORT = 32_000;
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final String KEEPER =
      "exec 3<&0; \"$@\" </dev/null >server.log 2>&1 & pid=$!; echo $pid;"
          + " cat <&3 >/dev/null; kill -9 $pid; wait $pid";

  private final Path folder;
  private final String readyText;
  private int port;
  private @Nullable Process keeper;
  private long pid;

  BrokerServer(Path folder, String readyText) {
    this.folder = folder;
    this.readyText = readyText;
  }

  /** The command line; the server's output tells the ready text when it takes connections. */
  abstract List<String> command(int port);

  /**
   * Returns the folder of its data and configuration.
   *
   * @return the folder
   */
  public Path folder() {
    return folder;
  }

  /**
   * Returns the port, the same through all restarts.
   *
   * @return the port on the loopback interface
   */
  public int port() {
    return port;
  }

  /** Starts it and waits until it takes connections; starts it again after {@link #kill}. */
  public void start() {
    if (port != 0) {
      launch();
      return;
    }
    for (int i = 1; ; i++) { // somebody else may take the port before the server does
      port = freePort();
      try {
        launch();
        return;
      } catch (IllegalStateException e) {
        if (i == STARTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Below the ports that systems give to connecting clients: one that tries to reach a dead server
   * on such a port may be given the same port, connect to itself and keep the server from starting.
   */
  private static int freePort() {
    while (true) {
      int candidate = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (ServerSocket socket = new ServerSocket(candidate, 1, loopback())) {
        return socket.getLocalPort();
      } catch (BindException e) {
        // somebody has it: try another one
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private void launch() {
    List<String> command = new ArrayList<>(List.of("sh", "-c", KEEPER, "keeper"));
    command.addAll(command(port));
    try {
      Files.deleteIfExists(folder.resolve("server.log"));
      Process started =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(folder.resolve("keeper.log").toFile())
              .start();
      keeper = started;
      pid =
          Long.parseLong(
              new BufferedReader(
                      new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))
                  .readLine());
      awaitReady();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() throws IOException {
    long begun = System.nanoTime();
    while (!log().contains(readyText)) {
      boolean alive = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
      if (!alive || System.nanoTime() - begun > LIMIT_NANOS) {
        String log = log();
        kill();
        throw new IllegalStateException("the server did not start: " + log);
      }
      pause(5);
    }
  }

  /**
   * Returns what the server wrote since it was started last.
   *
   * @return its output
   */
  public String log() {
    try {
      Path log = folder.resolve("server.log");
      return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it with SIGKILL; its data stays. Idempotent. */
  public void kill() {
    Process ended = keeper;
    if (ended == null) {
      return;
    }
    keeper = null;
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    try {
      ended.getOutputStream().close(); // the keeper ends then
      ended.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Makes it hang: connections stay open, nothing is answered. */
  public void hang() {
    signal("-STOP");
    long begun = System.nanoTime();
    while (!isStopped() && System.nanoTime() - begun < LIMIT_NANOS) {
      pause(1);
    }
  }

  /** Each thread stops when it notices; where there is no proc file system we cannot tell. */
  private boolean isStopped() {
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.isDirectory(threads)) {
      return true;
    }
    try (Stream<Path> all = Files.list(threads)) {
      return all.allMatch(thread -> stat(thread).matches("(?s).*\\) T .*"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      return "gone) T ";
    }
  }

  /** Ends hanging; what was sent meanwhile is carried out. */
  public void resume() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server starts", e);
    }
  }

  /** Kills it for good. */
  @Override
  public void close() {
    kill();
  }
}
