package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.lab.bench.Databases.Email;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import io.honker.sqlite.SqliteOptions.Synchronous;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;

/** This project's side of each case, through its public API only. */
final class OurRuns {

  private OurRuns() {}

  private static JobQueue<Email> queue(Honker honker) {
    return honker.queue(Databases.QUEUE, Email.class);
  }

  static Figure enqueueSingle(Path folder, int jobs) {
    try (Honker honker = Databases.open(folder)) {
      JobQueue<Email> queue = queue(honker);
      long begun = System.nanoTime();
      for (int i = 0; i < jobs; i++) {
        queue.enqueue(Email.SAMPLE);
      }
      return Figure.rate(jobs, System.nanoTime() - begun);
    }
  }

  static Figure enqueueBatch(Path folder, int batches, int size) {
    try (Honker honker = Databases.open(folder)) {
      JobQueue<Email> queue = queue(honker);
      List<Email> batch = Collections.nCopies(size, Email.SAMPLE);
      long begun = System.nanoTime();
      for (int i = 0; i < batches; i++) {
        queue.enqueueAll(batch);
      }
      return Figure.rate((long) batches * size, System.nanoTime() - begun);
    }
  }

  static Figure enqueueThreads(Path folder, int threads, int each, Synchronous synchronous)
      throws InterruptedException {
    try (Honker honker = Databases.open(folder, synchronous)) {
      JobQueue<Email> queue = queue(honker);
      CountDownLatch ready = new CountDownLatch(threads);
      CountDownLatch go = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        new Thread(
                () -> {
                  ready.countDown();
                  awaitQuietly(go);
                  for (int i = 0; i < each; i++) {
                    queue.enqueue(Email.SAMPLE);
                  }
                  done.countDown();
                })
            .start();
      }
      ready.await();
      long begun = System.nanoTime();
      go.countDown();
      done.await();
      return Figure.rate((long) threads * each, System.nanoTime() - begun);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Figure claimAck(Path folder, int jobs, int size, int waiting) throws Exception {
    try (Honker honker = Databases.open(folder)) {
      Databases.fill(folder, waiting + jobs, "due", 1);
      JobQueue<Email> queue = queue(honker);
      long begun = System.nanoTime();
      for (int done = 0; done < jobs; done += size) {
        if (size == 1) {
          queue.claim().orElseThrow().ack();
        } else {
          List<Job<Email>> claimed = queue.claim(size);
          if (queue.ackAll(claimed) != size) {
            throw new IllegalStateException("a claim was lost");
          }
        }
      }
      return Figure.rate(jobs, System.nanoTime() - begun);
    }
  }

  /** Mean microseconds of claim + ack of one job at the depth that the folder's file has. */
  static double claimAckMicros(Path folder, int jobs) {
    try (Honker honker = Databases.open(folder)) {
      JobQueue<Email> queue = queue(honker);
      for (int i = 0; i < jobs / 4; i++) {
        queue.claim().orElseThrow().ack();
      }
      List<Long> nanos = new ArrayList<>(jobs);
      for (int i = 0; i < jobs; i++) {
        long begun = System.nanoTime();
        queue.claim().orElseThrow().ack();
        nanos.add(System.nanoTime() - begun);
      }
      return Figure.latency(nanos).value();
    }
  }

  static Figure workerThroughput(Path folder, int jobs) throws Exception {
    try (Honker honker = Databases.open(folder)) {
      Databases.fill(folder, jobs, "due", 1);
      JobQueue<Email> queue = queue(honker);
      CountDownLatch handled = new CountDownLatch(jobs);
      long begun = System.nanoTime();
      try (Worker worker = queue.worker(job -> handled.countDown()).concurrency(4).start()) {
        handled.await();
        while (queue.nextDue().isPresent()) { // in flight until the last acknowledgement
          LockSupport.parkNanos(100_000);
        }
        if (!worker.isRunning()) {
          throw new IllegalStateException("the worker stopped");
        }
      }
      return Figure.rate(jobs, System.nanoTime() - begun);
    }
  }

  static Figure wakeInProcess(Path folder, int jobs) throws InterruptedException {
    try (Honker honker = Databases.open(folder)) {
      JobQueue<Email> queue = queue(honker);
      SynchronousQueue<Long> startedAt = new SynchronousQueue<>();
      List<Long> nanos = new ArrayList<>(jobs);
      try (Worker worker =
          queue.worker(job -> startedAt.put(System.nanoTime())).concurrency(2).start()) {
        for (int i = 0; i < jobs; i++) {
          LockSupport.parkNanos(2_000_000);
          queue.enqueue(Email.SAMPLE);
          long returned = System.nanoTime();
          nanos.add(Math.max(0, startedAt.take() - returned));
        }
        if (!worker.isRunning()) {
          throw new IllegalStateException("the worker stopped");
        }
      }
      return Figure.latency(nanos.subList(jobs / 5, jobs));
    }
  }
}
