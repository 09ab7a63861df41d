package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.observe.HonkerEvent;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.WorkerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A worker that is killed; what it does is also what its successor does. */
final class HandleRole implements Role {

  private static final int CONCURRENCY = 4;
  private static final int LONGEST_WORK_NANOS = 400_000;

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    Path file = Path.of(arguments.get(0));
    int round = Integer.parseInt(arguments.get(1));
    AtomicInteger acked = new AtomicInteger();
    parent.begin(0, "open", "");
    Honker honker =
        Honker.builder(file.toString())
            .observer(
                event -> {
                  if (event instanceof HonkerEvent.JobAcked done) {
                    parent.note("acked", done.jobId());
                    if (acked.incrementAndGet() == KillHandler.JOBS) {
                      parent.note("idle", "");
                    }
                  }
                })
            .open();
    parent.end(0, "open", "");
    try (HandlerLog log = new HandlerLog(HandlerLog.beside(file))) {
      builder(honker, round, log, parent).start();
      while (!parent.isStopping()) {
        parent.nextRequest();
      }
    }
  }

  private static WorkerBuilder builder(Honker honker, int round, HandlerLog log, Parent parent) {
    return worker(
        honker,
        round,
        job -> {
          long thread = Thread.currentThread().getId();
          parent.begin(thread, "handle", job.id());
          work(job, log, LONGEST_WORK_NANOS);
          parent.end(thread, "handle", job.id());
        });
  }

  /** What a handler does besides its transaction. */
  interface Work {
    void on(Job<Json> job) throws IOException;
  }

  /** Rounds of even number handle in the transaction that acknowledges. */
  static WorkerBuilder worker(Honker honker, int round, Work work) {
    JobQueue<Json> queue = honker.queue(KillHandler.QUEUE, Json.class);
    WorkerBuilder builder =
        KillHandler.isTransactional(round)
            ? queue.transactionalWorker(
                (job, tx) -> {
                  tx.execute("INSERT INTO effects(job_id) VALUES (?)", job.id());
                  work.on(job);
                })
            : queue.worker(work::on);
    return builder.concurrency(CONCURRENCY);
  }

  static void work(Job<Json> job, HandlerLog log, int longestNanos) throws IOException {
    log.started(job);
    Waiting.pass(ThreadLocalRandom.current().nextInt(longestNanos));
    log.ended(job);
  }
}
