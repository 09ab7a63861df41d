package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.orm.HonkerOrm;
import io.honker.queue.JobQueue;
import io.honker.tx.Transaction;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hibernate.Session;
import org.hibernate.cfg.AvailableSettings;

/**
 * Persists an entity and enqueues its job in one transaction, again and again; some are rolled
 * back. A key is {@code KIND:ROUND:THREAD:NUMBER}, and {@code good} is the kind that commits. Steps
 * are what a transaction consists of: persist and flush, enqueue, commit, wake.
 */
final class HibernateRole implements Role {

  private static final int THREADS = 3;

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    String round = arguments.get(1);
    long seed = Long.parseLong(arguments.get(2));
    Honker honker = Honker.open(arguments.get(0));
    HonkerOrm orm = orm(honker);
    JobQueue<Json> queue = honker.queue(HibernateKill.QUEUE, Json.class);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= THREADS; i++) {
      Worker worker = new Worker(orm, queue, parent, round, i, new Random(seed + i));
      threads.add(new Thread(worker, "orders-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  static HonkerOrm orm(Honker honker) {
    return HonkerOrm.over(honker)
        .annotatedClasses(KilledOrder.class)
        .property(AvailableSettings.HBM2DDL_AUTO, "update")
        .build();
  }

  /** One of the threads. */
  private record Worker(
      HonkerOrm orm, JobQueue<Json> queue, Parent parent, String round, int thread, Random random)
      implements Runnable {

    @Override
    public void run() {
      for (int number = 0; true; number++) {
        int dice = random.nextInt(10);
        String kind = dice < 7 ? HibernateKill.GOOD : dice < 8 ? "marked" : "thrown";
        String key = kind + ":" + round + ":" + thread + ":" + number;
        try {
          orm.inTransaction((session, tx) -> work(session, tx, kind, key));
          parent.end(thread, "wake", key);
        } catch (DeclinedException e) {
          parent.end(thread, "roll-back", key);
        }
      }
    }

    private void work(Session session, Transaction tx, String kind, String key)
        throws DeclinedException {
      switch (random.nextInt(3)) {
        case 0 -> { // written by its own flush
          persist(session, key);
          session.flush();
          enqueue(tx, key);
        }
        case 1 -> { // written by the flush before the enqueue
          persist(session, key);
          enqueue(tx, key);
        }
        default -> { // written by the flush before the commit
          enqueue(tx, key);
          persist(session, key);
        }
      }
      switch (kind) {
        case "thrown" -> {
          parent.begin(thread, "roll-back", key);
          throw new DeclinedException();
        }
        case "marked" -> {
          session.getTransaction().setRollbackOnly();
          parent.begin(thread, "roll-back", key);
        }
        default -> {
          session.getTransaction().registerSynchronization(new AfterCommit(this, key));
          parent.begin(thread, "commit", key);
        }
      }
    }

    private void persist(Session session, String key) {
      parent.begin(thread, "persist", key);
      session.persist(new KilledOrder(key));
    }

    private void enqueue(Transaction tx, String key) {
      parent.begin(thread, "enqueue", key);
      queue.enqueue(tx, Json.of("\"" + key + "\""));
    }
  }

  /** Between the commit and the waking of those who wait for it. */
  private record AfterCommit(Worker worker, String key) implements Synchronization {

    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        worker.parent.end(worker.thread, "commit", key);
        worker.parent.begin(worker.thread, "wake", key);
      }
    }
  }

  /** Rolls back. */
  private static final class DeclinedException extends Exception {

    private static final long serialVersionUID = 1L;
  }
}
