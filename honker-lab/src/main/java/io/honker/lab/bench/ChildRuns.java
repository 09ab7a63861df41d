package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.lab.bench.Databases.Email;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Cases that need a second JVM: waking it, and watching it idle. */
final class ChildRuns {

  private ChildRuns() {}

  /** Waits for the parent to end it. */
  interface Idling {
    void idle() throws IOException;
  }

  // ---- in the child

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    switch (args[0]) {
      case "worker" -> work(folder);
      case "idle-worker" -> idleWithWorker(folder);
      case "idle-REDIS", "idle-NATS" -> {
        Brokers.Kind kind = Brokers.Kind.valueOf(args[0].substring("idle-".length()));
        BridgeRuns.idle(
            kind,
            folder,
            () -> {
              say("ready");
              idle();
            });
      }
      case "idle-jvm" -> {
        say("ready");
        idle();
      }
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static void work(Path folder) throws IOException {
    try (Honker honker = Databases.open(folder)) {
      JobQueue<Email> queue = honker.queue(Databases.QUEUE, Email.class);
      try (Worker worker =
          queue
              .worker(
                  job -> {
                    long started = System.nanoTime();
                    say(job.payload().subject() + " " + started);
                  })
              .start()) {
        say("ready " + worker.id());
        idle();
      }
    }
  }

  private static void idleWithWorker(Path folder) throws IOException {
    try (Honker honker = Databases.open(folder)) {
      try (Worker worker = honker.queue(Databases.QUEUE, Email.class).worker(job -> {}).start()) {
        say("ready " + worker.id());
        idle();
      }
    }
  }

  private static void idle() throws IOException {
    int read = 0;
    while (read >= 0) { // until the parent closes the pipe
      read = System.in.read();
    }
  }

  @SuppressWarnings("SystemOut") // this is how the child talks to its parent
  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  // ---- in the parent

  static Process start(String role, Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ChildRuns.class.getName(),
            role,
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static Figure wakeCrossProcess(Path folder, int jobs) throws Exception {
    try (Honker honker = Databases.open(folder)) {
      JobQueue<Email> queue = honker.queue(Databases.QUEUE, Email.class);
      Process child = start("worker", folder);
      try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
        awaitReady(lines);
        int warmUp = 1_000; // at a quicker pace: both sides' code is to be compiled
        List<Long> nanos = new ArrayList<>(jobs);
        for (int i = 0; i < warmUp + jobs; i++) {
          LockSupport.parkNanos(
              i < warmUp
                  ? 2_000_000
                  : ThreadLocalRandom.current().nextLong(10_000_000, 30_000_000));
          queue.enqueue(new Email(Integer.toString(i), ""));
          long committed = System.nanoTime();
          String[] answer = lines.readLine().split(" ", -1);
          if (Integer.parseInt(answer[0]) != i) {
            throw new IllegalStateException("out of order: " + answer[0]);
          }
          if (i >= warmUp) {
            nanos.add(Math.max(0, Long.parseLong(answer[1]) - committed));
          }
        }
        return Figure.latency(nanos);
      } finally {
        end(child);
      }
    }
  }

  /** Percent of a core that a waiting worker costs above an idle JVM. */
  static Figure idleCpu(Path folder, int seconds) throws Exception {
    return idleCpu("idle-worker", folder, seconds);
  }

  /** Percent of a core that a role costs above an idle JVM. */
  static Figure idleCpu(String role, Path folder, int seconds) throws Exception {
    Process worker = start(role, folder);
    Process bare = start("idle-jvm", folder);
    try (BufferedReader workerLines = worker.inputReader(StandardCharsets.UTF_8);
        BufferedReader bareLines = bare.inputReader(StandardCharsets.UTF_8)) {
      awaitReady(workerLines);
      awaitReady(bareLines);
      LockSupport.parkNanos(5_000_000_000L); // class loading and compilation settle
      long workerBefore = cpuNanos(worker.pid());
      long bareBefore = cpuNanos(bare.pid());
      long begun = System.nanoTime();
      while (System.nanoTime() - begun < seconds * 1_000_000_000L) {
        LockSupport.parkNanos(100_000_000);
      }
      double elapsed = System.nanoTime() - begun;
      long used = cpuNanos(worker.pid()) - workerBefore;
      long usedBare = cpuNanos(bare.pid()) - bareBefore;
      return Figure.of(Math.max(0, 100.0 * (used - usedBare) / elapsed));
    } finally {
      end(worker);
      end(bare);
    }
  }

  private static void awaitReady(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    if (line == null || !line.startsWith("ready")) {
      throw new IllegalStateException("the child said " + line);
    }
  }

  /** Time on a processor, summed over the threads but the JVM's compilers. */
  private static long cpuNanos(long pid) throws IOException {
    long sum = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads.toList()) {
        Path statistics = thread.resolve("schedstat");
        if (Files.exists(statistics) && !isCompiler(thread)) {
          sum += Long.parseLong(Files.readString(statistics).trim().split(" ", -1)[0]);
        }
      }
    }
    return sum;
  }

  /** What warm-up left to be compiled is not what idling costs, and ends after a few minutes. */
  private static boolean isCompiler(Path thread) throws IOException {
    return Files.readString(thread.resolve("comm")).matches("(?s)C[12] Compiler.*");
  }

  private static void end(Process child) throws IOException, InterruptedException {
    child.getOutputStream().close();
    if (!child.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
      child.destroyForcibly();
    }
  }
}
