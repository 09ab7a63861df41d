package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process that runs bridges and is started again after it was killed. */
final class BridgeProcess implements AutoCloseable {

  /** How long a dead process keeps its bridges, and what rounding adds. */
  private static final Duration LEASE = Duration.ofSeconds(17);

  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final String name;
  private final Workspace workspace;
  private final List<Object> arguments;
  private long aheadSeconds;
  private int starts;
  private @Nullable ChildProcess child;

  BridgeProcess(String name, Workspace workspace, Path file, String uri, String... bridges) {
    this.name = name;
    this.workspace = workspace;
    this.arguments = new ArrayList<>(List.of(file, uri));
    arguments.addAll(Arrays.asList(bridges));
  }

  void start() {
    List<Object> all = new ArrayList<>(arguments);
    all.add(2, aheadSeconds);
    starts++;
    child = ChildProcess.role(name + "-" + starts, workspace, "bridge", all.toArray());
  }

  private ChildProcess running() {
    ChildProcess running = child;
    if (running == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return running;
  }

  void awaitReady() throws InterruptedException {
    ChildProcess running = running();
    require(running.awaitLines(1), () -> running.name() + " ended" + running.complaint());
  }

  /**
   * Kills it.
   *
   * @param patient whether its successor waits for the lease to end; else its clock is that far on
   */
  void kill(boolean patient) throws InterruptedException {
    ChildProcess running = running();
    require(running.kill(), () -> running.name() + " ended by itself" + running.complaint());
    aheadSeconds += patient ? 0 : LEASE.toSeconds();
  }

  String status() {
    return statusOf(running());
  }

  /** What a process says of its bridges. */
  static String statusOf(ChildProcess process) {
    try {
      return process.ask("status");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    } catch (ProofFailedException e) {
      return e.getMessage();
    }
  }

  /** Ends it in good order. */
  void stop() throws InterruptedException {
    ChildProcess running = running();
    running.send("stop");
    require(running.awaitExit(LIMIT) == 0, () -> running.name() + " failed" + running.complaint());
  }

  @Override
  public void close() {
    if (child != null) {
      child.close();
    }
  }
}
