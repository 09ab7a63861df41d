package io.honker.lab.prove;

import static io.honker.lab.prove.ProofFailedException.require;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Producers and a worker for a time, with never more than so many jobs waiting. */
final class LeakLoad {

  private static final int PRODUCERS = 4;
  private static final int MOST_WAITING = 500;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Honker honker;
  private final JobQueue<Json> queue;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final AtomicLong handled = new AtomicLong();
  private final Queue<Exception> errors = new ConcurrentLinkedQueue<>();

  LeakLoad(Honker honker) {
    this.honker = honker;
    this.queue = honker.queue("load", Json.class);
  }

  /** Returns how many jobs were handled. */
  long run(Duration time) throws InterruptedException {
    honker.inTransaction(tx -> tx.execute("CREATE TABLE IF NOT EXISTS load(n INTEGER)"));
    long end = System.nanoTime() + time.toNanos();
    try (Worker worker = queue.worker(job -> handled()).concurrency(4).start()) {
      List<Thread> producers = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        Thread producer = new Thread(() -> produce(end), "load-" + i);
        producers.add(producer);
        producer.start();
      }
      for (Thread producer : producers) {
        producer.join();
      }
      require(
          room.tryAcquire(MOST_WAITING, LIMIT.toSeconds(), TimeUnit.SECONDS) && worker.isRunning(),
          () ->
              "after "
                  + LIMIT.toSeconds()
                  + " s "
                  + (MOST_WAITING - room.availablePermits())
                  + " jobs still wait");
    }
    require(errors.isEmpty(), () -> "errors under load: " + errors);
    return handled.get();
  }

  private void handled() {
    handled.incrementAndGet();
    room.release();
  }

  private void produce(long end) {
    try {
      for (int turn = 0; System.nanoTime() - end < 0; turn++) {
        room.acquire();
        switch (turn % 4) {
          case 0 -> inTransaction();
          case 1 -> throughJdbc();
          default -> queue.enqueue(Json.of("1"));
        }
      }
    } catch (Exception e) {
      errors.add(e);
    }
  }

  private void inTransaction() {
    honker.inTransaction(
        tx -> {
          tx.execute("DELETE FROM load");
          queue.enqueue(tx, Json.of("2"));
        });
  }

  private void throughJdbc() throws SQLException {
    try (Connection connection = honker.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO load VALUES (3)")) {
        insert.executeUpdate();
      }
      queue.enqueue(honker.join(connection), Json.of("3"));
      connection.commit();
    }
  }
}
