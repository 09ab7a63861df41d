package io.honker.examples;

import io.honker.Honker;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.stream.Subscription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Events: published in the business transaction, read by a consumer that remembers its place, and
 * by one whose effect happens exactly once.
 */
public final class Streams {

  private Streams() {}

  /** What happened. */
  public record Payment(String customer, int cents) {}

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempDirectory("honker-streams").resolve("shop.db");
    try (Honker honker = Honker.open(file)) {
      EventStream<Payment> payments = honker.stream("payments", Payment.class);
      honker.inTransaction(
          tx -> {
            tx.execute("CREATE TABLE balances(customer TEXT PRIMARY KEY, cents INTEGER NOT NULL)");
            payments.publish(tx, "alice", new Payment("alice", 500));
            payments.publish(tx, "bob", new Payment("bob", 700));
          });

      deliver(payments, 2); // "mailer" starts at the beginning
      payments.publish("alice", new Payment("alice", 250));
      deliver(payments, 1); // and goes on where it stopped

      sumUp(honker, payments);
      for (StreamEvent<Payment> event : payments.read(0, 10)) {
        System.out.println("still stored: " + event.offset() + " " + event.payload());
      }
    }
    System.out.println("streams: ok");
  }

  /** At least once: the offset is saved after the handler returned, and on close. */
  private static void deliver(EventStream<Payment> payments, int expected) throws Exception {
    CountDownLatch left = new CountDownLatch(expected);
    try (Subscription mailer =
        payments
            .subscribe(
                "mailer",
                event -> {
                  System.out.println("mail about " + event.payload());
                  left.countDown();
                })
            .start()) {
      await(left, mailer);
    }
  }

  /** Exactly once: the handler's writes and the consumer's offset are one commit. */
  private static void sumUp(Honker honker, EventStream<Payment> payments) throws Exception {
    CountDownLatch left = new CountDownLatch(3);
    try (Subscription ledger =
        payments
            .subscribeInTransaction(
                "ledger",
                (event, tx) -> {
                  tx.execute(
                      "INSERT INTO balances VALUES (?, ?)"
                          + " ON CONFLICT(customer) DO UPDATE SET cents = cents + excluded.cents",
                      event.payload().customer(),
                      event.payload().cents());
                  tx.afterCommit(left::countDown);
                })
            .start()) {
      await(left, ledger);
    }
    honker.inTransaction(
        tx ->
            tx.query(
                    "SELECT customer, cents FROM balances ORDER BY customer",
                    row -> row.getString(1) + " has paid " + row.getInt(2))
                .forEach(System.out::println));
  }

  private static void await(CountDownLatch left, Subscription subscription)
      throws InterruptedException {
    if (!left.await(60, TimeUnit.SECONDS) || !subscription.isRunning()) {
      throw new IllegalStateException("an event did not arrive");
    }
  }
}
