package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.observe.HonkerEvent;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.QueueStats;
import io.honker.queue.Worker;
import io.honker.tx.CommitWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims and acknowledges until told to stop and nothing is left. Arguments: file, queue, ack file,
 * and {@code pull} for claims of its own or {@code push} for a worker with handlers.
 */
final class WorkerRole implements Role {

  private static final int PULLERS = 2;
  private static final int BATCH = 16;
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final long PROBE_EVERY_NANOS = 5_000_000;

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    Report report = new Report();
    try (AckFile acks = new AckFile(Path.of(arguments.get(2)))) {
      if (arguments.get(3).equals("pull")) {
        try (Honker honker = Honker.open(arguments.get(0))) {
          parent.tell("ready");
          pull(honker, arguments.get(1), acks, report, parent);
        }
      } else {
        push(arguments.get(0), arguments.get(1), acks, report, parent);
      }
    }
    parent.tell(report.line("acked"));
  }

  // ---- claims of its own

  private static void pull(Honker honker, String name, AckFile acks, Report report, Parent parent)
      throws InterruptedException {
    JobQueue<Json> queue = honker.queue(name, Json.class);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= PULLERS; i++) {
      threads.add(
          new Thread(
              () -> {
                try (CommitWatch commits = honker.commits()) {
                  pullUntilEmpty(queue, commits, acks, report, parent);
                } catch (Exception e) {
                  report.error(e);
                }
              },
              "puller-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void pullUntilEmpty(
      JobQueue<Json> queue, CommitWatch commits, AckFile acks, Report report, Parent parent)
      throws Exception {
    int empty = 0;
    while (!parent.isStopping() || empty < 2) {
      List<Job<Json>> jobs = report.stopwatch().time(() -> queue.claim(BATCH));
      if (jobs.isEmpty()) {
        empty++;
        commits.await(IDLE);
      } else {
        empty = 0;
        int acked = report.stopwatch().time(() -> queue.ackAll(jobs));
        report.done(acked);
        report.lost(jobs.size() - acked);
        StringBuilder lines = new StringBuilder();
        jobs.forEach(job -> lines.append(AckFile.line(job.id(), job.payload())));
        acks.add(lines.toString());
      }
    }
  }

  // ---- a worker with handlers

  private static void push(String file, String name, AckFile acks, Report report, Parent parent)
      throws Exception {
    Map<Long, String> handled = new ConcurrentHashMap<>();
    try (Honker honker =
        Honker.builder(file).observer(event -> observe(event, handled, acks, report)).open()) {
      JobQueue<Json> queue = honker.queue(name, Json.class);
      try (Worker worker =
          queue
              .worker(job -> handled.put(job.id(), AckFile.line(job.id(), job.payload())))
              .concurrency(4)
              .start()) {
        parent.tell("ready");
        while (worker.isRunning() && !(parent.isStopping() && isEmpty(queue.stats()))) {
          report
              .stopwatch()
              .time(
                  () -> {
                    honker.inTransaction(tx -> {}); // waits for the writer like the worker does
                    return true;
                  });
          Waiting.pass(PROBE_EVERY_NANOS);
        }
      }
    }
    if (!handled.isEmpty()) {
      report.error("handled and not acknowledged: " + handled);
    }
  }

  private static boolean isEmpty(QueueStats stats) {
    return stats.ready() + stats.delayed() + stats.inFlight() == 0;
  }

  private static void observe(
      HonkerEvent event, Map<Long, String> handled, AckFile acks, Report report) {
    if (event instanceof HonkerEvent.JobAcked acked) {
      try {
        acks.add(Objects.requireNonNull(handled.remove(acked.jobId())));
        report.done(1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else if (event instanceof HonkerEvent.LeaseLost) {
      report.lost(1);
    } else if (event instanceof HonkerEvent.LoopFailed
        || event instanceof HonkerEvent.JobRetried
        || event instanceof HonkerEvent.JobDied) {
      report.error(event);
    }
  }
}
