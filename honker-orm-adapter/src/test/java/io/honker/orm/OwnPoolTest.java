package io.honker.orm;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.tck.Rule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

/** Rule H-3 on the pools that applications have. */
class OwnPoolTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 100;

  @TempDir Path folder;
  private OrmFixture fixture;
  private JobQueue<String> jobs;

  @BeforeEach
  void open() {
    fixture = new OrmFixture(folder);
    jobs = fixture.honker().queue("jobs", String.class);
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private void addOne(SessionFactory factory) {
    factory.inTransaction(
        session -> {
          session.find(Item.class, 1L).add(1);
          jobs.enqueue(HonkerOrm.transactionOf(fixture.honker(), session), "added");
        });
  }

  private void addFromManyThreads(SessionFactory factory) throws Exception {
    factory.inTransaction(session -> session.persist(new Item(1, "sum")));
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> adders = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      adders.add(
          executor.submit(
              () -> {
                for (int i = 0; i < ROUNDS; i++) {
                  addOne(factory);
                }
              }));
    }
    executor.shutdown();
    for (Future<?> adder : adders) {
      adder.get();
    }
    factory.inSession(
        session -> assertThat(session.find(Item.class, 1L).quantity()).isEqualTo(THREADS * ROUNDS));
    assertThat(jobs.stats().ready()).isEqualTo(THREADS * ROUNDS);
  }

  @Rule(id = "H-3")
  void readModifyWrite_onAPoolThatBeginsImmediate_losesNothing() throws Exception {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(120_000);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);

    addFromManyThreads(fixture.pooled(fixture.pool(THREADS, true, config), Item.class));
  }

  @Rule(id = "H-3")
  void readModifyWrite_onAPoolOfHonkersConnections_losesNothing() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setDataSource(fixture.honker().dataSource());
    config.setMaximumPoolSize(THREADS);

    addFromManyThreads(fixture.pooled(fixture.keep(new HikariDataSource(config)), Item.class));
  }

  @Rule(id = "H-3")
  void connectionsThatComeWithoutAutoCommit_areJoined() {
    SessionFactory factory = fixture.pooled(fixture.pool(1, false), Item.class);
    factory.inTransaction(session -> session.persist(new Item(1, "sum")));
    addOne(factory);

    assertThat(jobs.claim()).map(Job::payload).contains("added");
    factory.inSession(s -> assertThat(s.find(Item.class, 1L).quantity()).isEqualTo(1));
  }

  @Rule(id = "H-3")
  void twoTransactionsOfOneSession_areTwo() {
    SessionFactory factory = fixture.pooled(1, Item.class);
    factory.inSession(
        session -> {
          for (int i = 1; i <= 3; i++) {
            session.beginTransaction();
            session.persist(new Item(i, "n" + i));
            jobs.enqueue(HonkerOrm.transactionOf(fixture.honker(), session), "j" + i);
            if (i == 2) {
              session.getTransaction().rollback();
              session.clear();
            } else {
              session.getTransaction().commit();
            }
          }
        });

    assertThat(jobs.claim(10)).extracting(Job::payload).containsExactly("j1", "j3");
  }
}
