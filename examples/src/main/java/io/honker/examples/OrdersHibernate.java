package io.honker.examples;

import io.honker.Honker;
import io.honker.orm.HonkerOrm;
import io.honker.queue.JobQueue;
import io.honker.queue.Worker;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hibernate: an order and the job that mails about it are committed together, a worker in a process
 * of its own does the job.
 *
 * <p>Give the database file as argument, or none for one in a temporary folder. It starts the
 * worker itself; by hand, in another shell: {@code worker FILE}.
 */
public final class OrdersHibernate {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** An entity as any other. The table is the one that Quickstart makes. */
  @Entity(name = "Order")
  @Table(name = "orders")
  static class Order {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private long id;

    private String item = "";
    private long cents;

    protected Order() {} // for Hibernate

    Order(String item, long cents) {
      this.item = item;
      this.cents = cents;
    }

    long id() {
      return id;
    }

    @Override
    public String toString() {
      return "order " + id + " of " + item + " for " + cents + " cents";
    }
  }

  /** What a job carries. It is stored as JSON. */
  record Email(long order, String to) {}

  private OrdersHibernate() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 2 && args[0].equals("worker")) {
      work(args[1]);
      return;
    }
    Path file =
        args.length > 0
            ? Path.of(args[0])
            : Files.createTempDirectory("honker-orders").resolve("shop.db");
    try (Honker honker = Honker.open(file);
        HonkerOrm orm =
            HonkerOrm.over(honker)
                .annotatedClasses(Order.class)
                .property("hibernate.hbm2ddl.auto", "update")
                .build()) {
      JobQueue<Email> emails = honker.queue("emails", Email.class);
      order(orm, emails);
      orderInVain(orm, emails);
      awaitWorker(file, emails);
    }
    System.out.println("orders with hibernate: ok");
  }

  /** The order and its job: both or none. */
  private static void order(HonkerOrm orm, JobQueue<Email> emails) {
    orm.inTransaction(
        (session, tx) -> {
          Order order = new Order("tea", 990);
          session.persist(order);
          emails.enqueue(tx, new Email(order.id(), "alice@example.com"));
          System.out.println("persisted, with its job: " + order);
        });
  }

  /** This one fails after both were written. */
  private static void orderInVain(HonkerOrm orm, JobQueue<Email> emails) {
    long before = countOrders(orm);
    try {
      orm.inTransaction(
          (session, tx) -> {
            Order order = new Order("milk", 120);
            session.persist(order);
            emails.enqueue(tx, new Email(order.id(), "bob@example.com"));
            throw new IllegalStateException("the card was declined");
          });
    } catch (IllegalStateException declined) {
      System.out.println("rolled back: " + declined.getMessage());
    }
    check(countOrders(orm) == before, "the rolled back order left no entity");
    check(emails.stats().ready() == 1, "the rolled back order left no job");
  }

  private static long countOrders(HonkerOrm orm) {
    return orm.<Long, RuntimeException>readOnly(
        session ->
            session
                .createSelectionQuery("select count(*) from Order", Long.class)
                .getSingleResult());
  }

  /** Starts the worker's process, which ends after one job. */
  private static void awaitWorker(Path file, JobQueue<Email> emails) throws Exception {
    Process worker =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                OrdersHibernate.class.getName(),
                "worker",
                file.toString())
            .inheritIO()
            .start();
    try {
      check(worker.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the worker has ended");
    } finally {
      worker.destroy();
    }
    check(worker.exitValue() == 0 && emails.stats().ready() == 0, "the job is done and gone");
  }

  /** The other process. It needs no Hibernate to handle jobs. */
  private static void work(String file) throws Exception {
    CountDownLatch handled = new CountDownLatch(1);
    try (Honker honker = Honker.open(file);
        Worker worker =
            honker
                .queue("emails", Email.class)
                .worker(
                    job -> {
                      Email email = job.payload();
                      System.out.println("order " + email.order() + " mailed to " + email.to());
                      handled.countDown();
                    })
                .start()) {
      System.out.println("worker " + worker.id() + " started in a process of its own");
      check(handled.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it handled the job");
    } // closing waits for running handlers and their acknowledgements
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException("this should be so: " + what);
    }
    System.out.println("as promised: " + what);
  }
}
