package io.honker.lab.prove;

import io.honker.Honker;
import io.honker.codec.Json;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.JobQueue;
import io.honker.tx.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Enqueues in all ways at once, and tells each key and id when the call has returned. A key is
 * {@code KIND:ROUND:THREAD:NUMBER:INDEX:COUNT}: it says how many must have come with it.
 */
final class EnqueueRole implements Role {

  private static final int MOST_AT_ONCE = 40;

  @Override
  public void play(List<String> arguments, Parent parent) throws Exception {
    String round = arguments.get(1);
    long seed = Long.parseLong(arguments.get(2));
    parent.begin(0, "open", round);
    Honker honker = Honker.open(arguments.get(0));
    honker.inTransaction(tx -> tx.execute(KillEnqueue.CREATE_ORDERS));
    parent.end(0, "open", round);
    JobQueue<Json> queue = honker.queue(KillEnqueue.QUEUE, Json.class);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Enqueuer enqueuer = new Enqueuer(honker, queue, parent, round, i, new Random(seed + i));
      threads.add(new Thread(enqueuer, "enqueuer-" + i));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** One of the threads; they meet in the write lane and share transactions there. */
  private record Enqueuer(
      Honker honker, JobQueue<Json> queue, Parent parent, String round, int thread, Random random)
      implements Runnable {

    @Override
    public void run() {
      for (int number = 0; true; number++) {
        switch ((thread + random.nextInt(3)) % 4) {
          case 0 -> inTransaction(keys("tx", number, 1 + random.nextInt(5)));
          case 1 -> all(keys("all", number, 1 + random.nextInt(MOST_AT_ONCE)));
          case 2 -> allInTransaction(keys("txall", number, 1 + random.nextInt(MOST_AT_ONCE)));
          default -> one(keys("one", number, 1));
        }
      }
    }

    private List<String> keys(String kind, int number, int count) {
      List<String> keys = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        keys.add(kind + ":" + round + ":" + thread + ":" + number + ":" + i + ":" + count);
      }
      parent.begin(thread, kind, keys.get(0));
      return keys;
    }

    private void told(String kind, List<String> keys, List<Long> ids) {
      parent.end(
          thread,
          kind,
          keys.get(0) + " " + ids.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    private static Json payload(String key) {
      return Json.of("\"" + key + "\"");
    }

    private void one(List<String> keys) {
      told("one", keys, List.of(queue.enqueue(payload(keys.get(0)))));
    }

    private void all(List<String> keys) {
      told("all", keys, queue.enqueueAll(keys.stream().map(Enqueuer::payload).toList()));
    }

    private void inTransaction(List<String> keys) {
      List<Long> ids = new ArrayList<>();
      honker.inTransaction(
          tx -> {
            for (String key : keys) {
              order(tx, key);
              ids.add(queue.enqueue(tx, payload(key)));
            }
          });
      told("tx", keys, ids);
    }

    private void allInTransaction(List<String> keys) {
      List<Long> ids =
          honker.fromTransaction(
              tx -> {
                List<Long> made =
                    queue.enqueueAll(
                        tx,
                        keys.stream().map(Enqueuer::payload).toList(),
                        EnqueueOptions.defaults());
                keys.forEach(key -> order(tx, key));
                return made;
              });
      told("txall", keys, ids);
    }

    private static void order(Transaction tx, String key) {
      tx.execute("INSERT INTO orders(key) VALUES (?)", key);
    }
  }
}
