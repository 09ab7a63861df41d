package io.honker.lab.bench;

import io.honker.Honker;
import io.honker.lab.bench.Databases.Email;
import io.honker.orm.HonkerOrm;
import io.honker.orm.dialect.HonkerSqliteDialect;
import io.honker.queue.JobQueue;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.jspecify.annotations.Nullable;

/** Entities and jobs through Hibernate: ours, and what one would write without us. */
final class HibernateRuns {

  private static final String INSERT =
      "INSERT INTO _honker_live(queue, payload, priority, run_at, max_attempts, created_at,"
          + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id";

  private HibernateRuns() {}

  /** An entity and its job in one transaction each, from so many threads. */
  static Figure ours(Path folder, int threads, int each) throws InterruptedException {
    try (Honker honker = Databases.open(folder);
        HonkerOrm orm =
            HonkerOrm.over(honker)
                .annotatedClasses(Invoice.class)
                .property(AvailableSettings.HBM2DDL_AUTO, "update")
                .build()) {
      JobQueue<Email> queue = honker.queue(Databases.QUEUE, Email.class);
      AtomicLong ids = new AtomicLong();
      CountDownLatch ready = new CountDownLatch(threads);
      CountDownLatch go = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(threads);
      for (int t = 0; t < threads; t++) {
        new Thread(
                () -> {
                  ready.countDown();
                  awaitQuietly(go);
                  for (int i = 0; i < each; i++) {
                    orm.inTransaction(
                        (session, tx) -> {
                          session.persist(new Invoice(ids.incrementAndGet()));
                          queue.enqueue(tx, Email.SAMPLE);
                        });
                  }
                  done.countDown();
                })
            .start();
      }
      ready.await();
      long begun = System.nanoTime();
      go.countDown();
      done.await();
      Figure figure = Figure.rate((long) threads * each, System.nanoTime() - begun);
      long jobs = countJobs(honker);
      if (jobs != (long) threads * each) {
        throw new IllegalStateException(jobs + " jobs instead of " + threads * each);
      }
      return figure;
    }
  }

  /** All of them; statistics stop counting. */
  private static long countJobs(Honker honker) {
    return honker.read(
        connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery("SELECT count(*) FROM _honker_live")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Hibernate with its own pool of one bare connection and the same dialect, so that both make the
   * same INSERT of the entity; the job's INSERT stays prepared, as Hibernate's own do not.
   */
  static Figure raw(Path folder, int transactions) {
    Databases.open(folder).close();
    try (SessionFactory factory = bare(folder)) {
      Jobs jobs = new Jobs();
      long begun = System.nanoTime();
      for (int i = 1; i <= transactions; i++) {
        try (Session session = factory.openSession()) {
          Transaction transaction = session.beginTransaction();
          session.persist(new Invoice(i));
          session.flush();
          session.doWork(jobs::insert);
          transaction.commit();
        }
      }
      return Figure.rate(transactions, System.nanoTime() - begun);
    }
  }

  private static SessionFactory bare(Path folder) {
    Configuration configuration = new Configuration().addAnnotatedClass(Invoice.class);
    configuration.setProperty(
        AvailableSettings.JAKARTA_JDBC_URL, "jdbc:sqlite:" + Databases.file(folder));
    configuration.setProperty(AvailableSettings.DIALECT, HonkerSqliteDialect.class.getName());
    configuration.setProperty(AvailableSettings.HBM2DDL_AUTO, "update");
    configuration.setProperty(AvailableSettings.POOL_SIZE, "1");
    configuration.setProperty("hibernate.connection.transaction_mode", "IMMEDIATE");
    configuration.setProperty("hibernate.connection.journal_mode", "WAL");
    configuration.setProperty("hibernate.connection.synchronous", "NORMAL");
    configuration.setProperty("hibernate.connection.foreign_keys", "true");
    configuration.setProperty("hibernate.connection.cache_size", "-32000");
    configuration.setProperty("hibernate.connection.temp_store", "MEMORY");
    return configuration.buildSessionFactory();
  }

  /** The job's INSERT on the pool's only connection. */
  private static final class Jobs {

    private @Nullable PreparedStatement kept;

    void insert(Connection connection) throws SQLException {
      PreparedStatement insert = kept;
      if (insert == null) {
        try (var statement = connection.createStatement()) {
          statement.execute("PRAGMA wal_autocheckpoint=10000"); // as ours; no property for it
        }
        insert = connection.prepareStatement(INSERT);
        kept = insert;
      }
      long now = System.currentTimeMillis() / 1000;
      insert.setString(1, Databases.QUEUE);
      insert.setString(2, Email.JSON);
      insert.setInt(3, 0);
      insert.setLong(4, now);
      insert.setInt(5, 3);
      insert.setLong(6, now);
      insert.setNull(7, Types.INTEGER);
      try (ResultSet ids = insert.executeQuery()) {
        if (!ids.next()) {
          throw new IllegalStateException("no id");
        }
      }
    }
  }
}
