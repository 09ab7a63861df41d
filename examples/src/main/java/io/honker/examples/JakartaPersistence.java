package io.honker.examples;

import io.honker.Honker;
import io.honker.orm.HonkerOrm;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import io.honker.tx.Transaction;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Plain Jakarta Persistence: a unit of persistence.xml on honker's connections, an entity manager
 * with its own transaction, and a job in the same transaction.
 */
public final class JakartaPersistence {

  /** Listed in META-INF/persistence.xml. */
  @Entity(name = "Loan")
  static class Loan {
    @Id private String book = "";
    private String reader = "";
    private boolean reminded;

    protected Loan() {} // for the persistence provider

    Loan(String book, String reader) {
      this.book = book;
      this.reader = reader;
    }

    String reader() {
      return reader;
    }

    boolean isReminded() {
      return reminded;
    }

    void remind() {
      reminded = true;
    }
  }

  /** What a job carries. */
  record Reminder(String book) {}

  private JakartaPersistence() {}

  public static void main(String[] args) throws Exception {
    Path file = Files.createTempDirectory("honker-jakarta").resolve("library.db");
    try (Honker honker = Honker.open(file);
        HonkerOrm orm = HonkerOrm.over(honker).persistenceUnit("library").build()) {
      EntityManagerFactory factory = orm.sessionFactory();
      JobQueue<Reminder> reminders = honker.queue("reminders", Reminder.class);
      lend(factory, reminders, "Emma", "alice", true);
      lend(factory, reminders, "Persuasion", "bob", false);
      System.out.println("jobs: " + reminders.stats().ready());
      remind(factory, reminders);
      try (EntityManager reading = factory.createEntityManager()) {
        System.out.println(
            "Emma reminded: "
                + reading.find(Loan.class, "Emma").isReminded()
                + ", Persuasion lent: "
                + (reading.find(Loan.class, "Persuasion") != null));
      }
    }
    System.out.println("jakarta persistence: ok");
  }

  /** The entity manager's transaction, and honker's part in it. */
  private static void lend(
      EntityManagerFactory factory,
      JobQueue<Reminder> reminders,
      String book,
      String reader,
      boolean allowed) {
    try (EntityManager entities = factory.createEntityManager()) {
      entities.getTransaction().begin();
      entities.persist(new Loan(book, reader));
      Transaction tx = HonkerOrm.transactionOf(entities); // valid until it ends
      reminders.enqueue(tx, new Reminder(book));
      if (allowed) {
        entities.getTransaction().commit();
        System.out.println(book + " is lent to " + reader + ", with a reminder");
      } else {
        entities.getTransaction().rollback();
        System.out.println(book + " is not lent, and there is no reminder");
      }
    }
  }

  /** A handler uses entity managers like any other code. */
  private static void remind(EntityManagerFactory factory, JobQueue<Reminder> reminders)
      throws InterruptedException {
    CountDownLatch handled = new CountDownLatch(1);
    try (Worker worker =
        reminders
            .worker(
                job -> {
                  factory.runInTransaction(
                      entities -> {
                        Loan loan = entities.find(Loan.class, job.payload().book());
                        loan.remind();
                        System.out.println("dear " + loan.reader() + ", " + job.payload().book());
                      });
                  handled.countDown();
                })
            .start()) {
      if (!handled.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("worker " + worker.id() + " did nothing");
      }
    }
  }
}
