package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.observe.HonkerEvent;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Claims and acknowledges in all ways at once; tells the ids before and after each. */
final class AckRole implements Role {

  /** One way to acknowledge. */
  private interface Way {
    void ack(int thread, List<Job<Json>> jobs);
  }

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    long seed = Long.parseLong(arguments.get(2));
    parent.begin(0, "open", "");
    Honker honker =
        Honker.builder(arguments.get(0))
            .observer(
                event -> {
                  if (event instanceof HonkerEvent.JobAcked done) {
                    parent.note("acked", done.jobId());
                  }
                })
            .open();
    parent.end(0, "open", "");
    JobQueue<Json> queue = honker.queue(KillAck.QUEUE, Json.class);
    List<Way> ways =
        List.of(
            (thread, jobs) -> eachAlone(thread, jobs, parent),
            (thread, jobs) -> together(thread, jobs, queue, parent),
            (thread, jobs) -> inTransaction(thread, jobs, honker, queue, parent));
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= ways.size(); i++) {
      int thread = i;
      Random random = new Random(seed + i);
      threads.add(
          new Thread(
              () -> loop(thread, ways.get(thread - 1), queue, random, parent), "acker-" + i));
    }
    queue.worker(job -> parent.note("handled", job.id())).concurrency(2).maxBatch(4).start();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void loop(
      int thread, Way way, JobQueue<Json> queue, Random random, Parent parent) {
    while (true) {
      List<Job<Json>> jobs = queue.claim(1 + random.nextInt(4));
      if (jobs.isEmpty()) {
        parent.note("idle", thread);
      } else {
        way.ack(thread, jobs);
      }
    }
  }

  private static void eachAlone(int thread, List<Job<Json>> jobs, Parent parent) {
    for (Job<Json> job : jobs) {
      parent.begin(thread, "ack", job.id());
      told(thread, "ack", List.of(job), job.ack(), parent);
    }
  }

  private static void together(
      int thread, List<Job<Json>> jobs, JobQueue<Json> queue, Parent parent) {
    parent.begin(thread, "ackAll", ids(jobs));
    told(thread, "ackAll", jobs, queue.ackAll(jobs) == jobs.size(), parent);
  }

  private static void inTransaction(
      int thread, List<Job<Json>> jobs, Honker honker, JobQueue<Json> queue, Parent parent) {
    parent.begin(thread, "ackTx", ids(jobs));
    int acked =
        honker.fromTransaction(
            tx -> {
              for (Job<Json> job : jobs) {
                tx.execute("INSERT INTO done(job_id) VALUES (?)", job.id());
              }
              return queue.ackAll(tx, jobs);
            });
    told(thread, "ackTx", jobs, acked == jobs.size(), parent);
  }

  private static void told(
      int thread, String step, List<Job<Json>> jobs, boolean all, Parent parent) {
    if (all) {
      parent.end(thread, step, ids(jobs));
    } else {
      parent.note("lost", ids(jobs));
    }
  }

  private static String ids(List<Job<Json>> jobs) {
    return jobs.stream().map(job -> Long.toString(job.id())).collect(Collectors.joining(","));
  }
}
