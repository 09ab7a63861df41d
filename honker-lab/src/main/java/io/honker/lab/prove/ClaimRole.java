package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Claims and never finishes; tells what it claimed, with the attempt. */
final class ClaimRole implements Role {

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    long seed = Long.parseLong(arguments.get(2));
    parent.begin(0, "open", "");
    Honker honker = Honker.open(arguments.get(0));
    parent.end(0, "open", "");
    JobQueue<Json> queue = KillClaim.queue(honker);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      int thread = i;
      Random random = new Random(seed + i);
      threads.add(new Thread(() -> claim(queue, thread, random, parent), "claimer-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void claim(JobQueue<Json> queue, int thread, Random random, Parent parent) {
    while (true) {
      int most = 1 + random.nextInt(4);
      parent.begin(thread, "claim", most);
      List<Job<Json>> jobs = thread == 1 ? waiting(queue, most) : queue.claim(most);
      parent.end(
          thread,
          "claim",
          jobs.stream()
              .map(job -> job.id() + ":" + job.attempt())
              .collect(Collectors.joining(",")));
      if (jobs.isEmpty()) {
        parent.note("idle", thread);
      }
    }
  }

  private static List<Job<Json>> waiting(JobQueue<Json> queue, int most) {
    try {
      return queue.claim(most, Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
