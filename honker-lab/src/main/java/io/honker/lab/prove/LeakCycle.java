package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import io.honker.tx.CommitWatch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One life of an open database: everything that waits or holds something is there when it closes.
 */
final class LeakCycle {

  private static final int JOBS = 40;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int LIMIT_SECONDS = 120;

  /** Waits for something that does not come. */
  private interface Wait {
    void run() throws Exception;
  }

  private final Path file;
  private final Queue<Exception> surprises = new ConcurrentLinkedQueue<>();

  LeakCycle(Path file) {
    this.file = file;
  }

  void run(Random random) throws Exception {
    List<Thread> waiters = new ArrayList<>();
    Honker honker = Honker.open(file);
    Honker second = random.nextBoolean() ? Honker.open(file) : null;
    try {
      use(honker, random, waiters);
    } finally {
      honker.close();
      if (second != null) {
        second.close();
      }
    }
    for (Thread waiter : waiters) {
      waiter.join(LIMIT_SECONDS * 1000L);
      require(!waiter.isAlive(), () -> waiter.getName() + " still waits after close");
    }
    require(surprises.isEmpty(), () -> "waiting ended with " + surprises);
  }

  private void use(Honker honker, Random random, List<Thread> waiters) throws Exception {
    JobQueue<Json> queue = honker.queue("leaks", Json.class);
    JobQueue<Json> empty = honker.queue("empty", Json.class);
    CountDownLatch handled = new CountDownLatch(2 * JOBS);
    Worker worker = queue.worker(job -> handled.countDown()).concurrency(2).start();
    Worker transactional =
        honker
            .queue("leaks-tx", Json.class)
            .transactionalWorker((job, tx) -> handled.countDown())
            .start();
    waiters.add(start("claim", () -> nothing(empty.claim(1, LONG))));
    waiters.add(start("commits", () -> awaitCommits(honker)));
    List<Json> payloads = new ArrayList<>();
    for (int i = 0; i < JOBS; i++) {
      payloads.add(Json.of(Integer.toString(i)));
    }
    queue.enqueueAll(payloads);
    honker.queue("leaks-tx", Json.class).enqueueAll(payloads);
    Connection left = statements(honker);
    require(handled.await(LIMIT_SECONDS, TimeUnit.SECONDS), () -> "jobs were not handled");
    // What is not closed here is closed with the database.
    if (random.nextBoolean()) {
      worker.close();
    }
    if (random.nextBoolean()) {
      transactional.close();
    }
    if (random.nextBoolean()) {
      left.close();
    }
  }

  /** Reads and writes through the data source; returns a connection that is idle and open. */
  private static Connection statements(Honker honker) throws SQLException {
    try (Connection connection = honker.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS leaked(n INTEGER)");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO leaked VALUES (1)");
      connection.rollback();
      statement.execute("DELETE FROM leaked");
      connection.commit();
    }
    Connection left = honker.dataSource().getConnection();
    left.setReadOnly(true);
    left.setAutoCommit(false);
    try (Statement statement = left.createStatement()) {
      statement.executeQuery("SELECT n FROM leaked").close();
    }
    left.commit();
    return left;
  }

  private static void awaitCommits(Honker honker) throws InterruptedException {
    try (CommitWatch commits = honker.commits()) {
      while (true) {
        boolean unused = commits.await(LONG);
      }
    }
  }

  private static void nothing(List<Job<Json>> jobs) {
    require(jobs.isEmpty(), () -> "a job from nowhere: " + jobs);
  }

  private Thread start(String name, Wait wait) {
    Thread thread =
        new Thread(
            () -> {
              try {
                wait.run();
              } catch (IllegalStateException e) {
                return; // closed, as documented
              } catch (Exception e) {
                surprises.add(e);
              }
            },
            "waiting for " + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
