package io.honker.examples;

import io.honker.Honker;
import io.honker.queue.AwaitedResult;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;

/**
 * Two processes on one file: one enqueues, the other is woken by each commit.
 *
 * <p>Without arguments it starts both as processes of their own. By hand, in two shells: {@code
 * worker FILE N} and {@code producer FILE N}, with the same N.
 */
public final class TwoProcesses {

  /** Jobs that are sent before the measured ones, so that both processes are up and warm. */
  private static final int WARM_UP = 300;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private TwoProcesses() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      startBoth();
      return;
    }
    try (Honker honker = Honker.open(args[1])) {
      int jobs = WARM_UP + Integer.parseInt(args[2]);
      JobQueue<Integer> pings = honker.queue("pings", Integer.class);
      switch (args[0]) {
        case "producer" -> produce(honker, pings, jobs);
        case "worker" -> work(pings, jobs);
        default -> throw new IllegalArgumentException("producer or worker, not " + args[0]);
      }
    }
  }

  /** Sends one job after the other; each one's result is when its handler started. */
  private static void produce(Honker honker, JobQueue<Integer> pings, int jobs) throws Exception {
    long[] nanos = new long[jobs];
    for (int i = 0; i < jobs; i++) {
      long id = pings.enqueue(i);
      long committed = System.nanoTime();
      AwaitedResult<Long> started = honker.results().await(id, Long.class, PATIENCE);
      if (started.value() == null) {
        throw new IllegalStateException("job " + id + ": " + started.status());
      }
      nanos[i] = Math.max(0, started.value() - committed); // it may start before we look
    }
    long[] measured = Arrays.copyOfRange(nanos, WARM_UP, jobs);
    Arrays.sort(measured);
    System.out.printf(
        "commit to handler in another process: p50 %d us, p99 %d us, %d jobs%n",
        microsAt(measured, 0.50), microsAt(measured, 0.99), measured.length);
    if (!System.getProperty("os.name").startsWith("Linux")) {
      System.out.println("note: only on Linux do the clocks of two processes compare like this");
    }
  }

  private static long microsAt(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1000;
  }

  private static void work(JobQueue<Integer> pings, int jobs) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(jobs);
    try (Worker worker =
        pings
            .workerWithResult(
                job -> {
                  long started = System.nanoTime();
                  left.countDown();
                  return started;
                },
                Duration.ofMinutes(1))
            .start()) {
      System.out.println("worker " + worker.id() + " started");
      left.await();
    }
  }

  private static void startBoth() throws Exception {
    Path file = Files.createTempDirectory("honker-two-processes").resolve("pings.db");
    Process worker = start("worker", file);
    try {
      if (start("producer", file).waitFor() != 0 || worker.waitFor() != 0) {
        throw new IllegalStateException("a process failed; see above");
      }
    } finally {
      worker.destroy();
    }
    System.out.println("two processes: ok");
  }

  private static Process start(String role, Path file) throws Exception {
    String java = ProcessHandle.current().info().command().orElse("java");
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(
            java, "-cp", classPath, TwoProcesses.class.getName(), role, file.toString(), "1000")
        .inheritIO()
        .start();
  }
}
