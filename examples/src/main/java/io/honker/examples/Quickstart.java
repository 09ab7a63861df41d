package io.honker.examples;

import io.honker.Honker;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One process: an order and the job that confirms it are committed together, a worker does the job.
 *
 * <p>Give the database file as argument, or none for one in a temporary folder.
 */
public final class Quickstart {

  /** What a job carries. It is stored as JSON. */
  record Confirmation(long order, String email) {}

  private Quickstart() {}

  public static void main(String[] args) throws Exception {
    Path file =
        args.length > 0
            ? Path.of(args[0])
            : Files.createTempDirectory("honker-quickstart").resolve("shop.db");

    try (Honker honker = Honker.open(file)) {
      System.out.println("opened " + file);
      JobQueue<Confirmation> confirmations = honker.queue("confirmations", Confirmation.class);
      honker.inTransaction(
          tx ->
              tx.execute(
                  "CREATE TABLE IF NOT EXISTS orders("
                      + "id INTEGER PRIMARY KEY, item TEXT NOT NULL, cents INTEGER NOT NULL)"));

      // The order and its job: both or none.
      honker.inTransaction(
          tx -> {
            long order = tx.insert("INSERT INTO orders(item, cents) VALUES (?, ?)", "tea", 990);
            confirmations.enqueue(tx, new Confirmation(order, "alice@example.com"));
            System.out.println("order " + order + " and its job are written");
          });

      // This one fails after both were written.
      long before = countOrders(honker);
      try {
        honker.inTransaction(
            tx -> {
              long order = tx.insert("INSERT INTO orders(item, cents) VALUES (?, ?)", "milk", 120);
              confirmations.enqueue(tx, new Confirmation(order, "bob@example.com"));
              throw new IllegalStateException("the card was declined");
            });
      } catch (IllegalStateException declined) {
        System.out.println("rolled back: " + declined.getMessage());
      }
      check(countOrders(honker) == before, "the rolled back order left no row");
      check(confirmations.stats().ready() == 1, "the rolled back order left no job");

      // Workers are woken by commits, of this process or of any other.
      CountDownLatch handled = new CountDownLatch(1);
      try (Worker worker =
          confirmations
              .worker(
                  job -> {
                    Confirmation confirmation = job.payload();
                    System.out.println(
                        "order " + confirmation.order() + " confirmed to " + confirmation.email());
                    handled.countDown();
                  })
              .start()) {
        System.out.println("worker " + worker.id() + " started");
        check(handled.await(60, TimeUnit.SECONDS), "the worker handled the job");
      } // closing waits for running handlers and their acknowledgements
      check(confirmations.stats().ready() == 0, "the job is done and gone");
    }
    System.out.println("quickstart: ok");
  }

  /** Any SQL on a pooled connection that never waits for writers. */
  private static long countOrders(Honker honker) {
    return honker.read(
        connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery("SELECT count(*) FROM orders")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException("this should be so: " + what);
    }
    System.out.println("as promised: " + what);
  }
}
