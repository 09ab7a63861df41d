package io.honker.orm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.error.NestedWriteException;
import io.honker.queue.Job;
import io.honker.queue.JobQueue;
import io.honker.tck.Rule;
import io.honker.tx.Transaction;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.hibernate.HibernateTransactionManager;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Rule H-3 the way Spring uses Hibernate: {@code @Transactional} is a {@code TransactionTemplate},
 * repositories work with a shared entity manager that finds the transaction's own.
 */
class SpringTransactionTest {

  /** Both of Spring's transaction managers, over both kinds of session factories. */
  abstract static class Contract {

    @TempDir Path folder;
    OrmFixture fixture;
    SessionFactory factory;
    JobQueue<String> jobs;
    EntityManager manager;
    PlatformTransactionManager spring;

    abstract SessionFactory factory();

    abstract PlatformTransactionManager spring(SessionFactory factory);

    @BeforeEach
    void open() {
      fixture = new OrmFixture(folder);
      factory = factory();
      jobs = fixture.honker().queue("jobs", String.class);
      manager = SharedEntityManagerCreator.createSharedEntityManager(factory);
      spring = spring(factory);
    }

    @AfterEach
    void close() throws Exception {
      fixture.close();
    }

    TransactionTemplate required() {
      return new TransactionTemplate(spring);
    }

    TransactionTemplate readOnly() {
      TransactionTemplate template = new TransactionTemplate(spring);
      template.setReadOnly(true);
      return template;
    }

    TransactionTemplate requiresNew() {
      TransactionTemplate template = new TransactionTemplate(spring);
      template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
      return template;
    }

    Transaction tx() {
      return HonkerOrm.transactionOf(fixture.honker(), manager);
    }

    List<String> names() {
      return manager.createQuery("select name from Item order by id", String.class).getResultList();
    }

    @Rule(id = "H-3")
    void commit_keepsEntityAndJob() {
      required()
          .executeWithoutResult(
              status -> {
                manager.persist(new Item(1, "tea"));
                jobs.enqueue(tx(), "brew");
                assertThat(tx()).isSameAs(tx());
              });

      assertThat(names()).containsExactly("tea");
      assertThat(jobs.claim()).map(Job::payload).contains("brew");
    }

    @Rule(id = "H-3")
    void exception_undoesEntityAndJob() {
      assertThatThrownBy(
              () ->
                  required()
                      .executeWithoutResult(
                          status -> {
                            manager.persist(new Item(1, "tea"));
                            jobs.enqueue(tx(), "brew");
                            throw new IllegalArgumentException("no");
                          }))
          .hasMessage("no");

      assertThat(names()).isEmpty();
      assertThat(jobs.claim()).isEmpty();
      assertThat(jobs.enqueue("the thread may write")).isPositive();
    }

    @Rule(id = "H-3")
    void rollbackOnly_undoesEntityAndJob() {
      required()
          .executeWithoutResult(
              status -> {
                manager.persist(new Item(1, "tea"));
                jobs.enqueue(tx(), "brew");
                status.setRollbackOnly();
              });

      assertThat(names()).isEmpty();
      assertThat(jobs.claim()).isEmpty();
      assertThat(jobs.enqueue("the thread may write")).isPositive();
    }

    @Rule(id = "H-3")
    void required_inside_joinsTheOuterOne() {
      required()
          .executeWithoutResult(
              outer -> {
                Transaction tx = tx();
                required().executeWithoutResult(inner -> assertThat(tx()).isSameAs(tx));
                jobs.enqueue(tx, "brew");
              });

      assertThat(jobs.claim()).isPresent();
    }

    @Rule(id = "H-3")
    void outsideATransaction_joiningIsRefused() {
      assertThatThrownBy(this::tx).isInstanceOf(IllegalStateException.class);
      assertThat(jobs.enqueue("free")).isPositive();
    }

    @Rule(id = "H-3")
    void readOnly_reads() {
      required().executeWithoutResult(status -> manager.persist(new Item(1, "tea")));

      List<String> read = readOnly().execute(status -> names());

      assertThat(read).containsExactly("tea");
      required().executeWithoutResult(status -> manager.persist(new Item(2, "milk")));
      assertThat(names()).containsExactly("tea", "milk");
    }

    /** Runs what is given while another thread has the writer. */
    void whileAnotherWrites(Runnable work) throws Exception {
      CountDownLatch writing = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      Thread writer =
          new Thread(
              () ->
                  fixture
                      .honker()
                      .inTransaction(
                          tx -> {
                            tx.execute("UPDATE Item SET quantity = 5");
                            writing.countDown();
                            try {
                              done.await(90, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                              Thread.currentThread().interrupt();
                            }
                          }));
      writer.start();
      writing.await();
      try {
        work.run();
      } finally {
        done.countDown();
        writer.join();
      }
    }
  }

  /** A session factory that HonkerOrm booted. */
  abstract static class OnHonker extends Contract {

    @Override
    SessionFactory factory() {
      return fixture.orm(Item.class).sessionFactory();
    }

    @Rule(id = "H-2")
    void readOnly_doesNotWaitForTheWriter() throws Exception {
      required().executeWithoutResult(status -> manager.persist(new Item(1, "tea")));

      whileAnotherWrites(
          () -> assertThat(readOnly().<List<String>>execute(status -> names())).hasSize(1));
    }

    @Rule(id = "H-2")
    void readOnly_refusesHonkersWrites() {
      assertThatThrownBy(
              () -> readOnly().executeWithoutResult(status -> jobs.enqueue(tx(), "brew")))
          .hasMessageContaining("read-only");
    }

    @Rule(id = "H-2")
    void requiresNew_failsAtOnceAndNamesTheRemedy() {
      required()
          .executeWithoutResult(
              outer -> {
                manager.persist(new Item(1, "tea"));
                jobs.enqueue(tx(), "brew");
                assertThatThrownBy(
                        () ->
                            requiresNew()
                                .executeWithoutResult(
                                    inner -> {
                                      manager.persist(new Item(2, "milk"));
                                      manager.flush();
                                    }))
                    .hasStackTraceContaining("REQUIRES_NEW")
                    .hasStackTraceContaining("Use the connection that has the transaction")
                    .rootCause()
                    .isInstanceOf(NestedWriteException.class);
                assertThatThrownBy(
                        () -> requiresNew().executeWithoutResult(i -> jobs.enqueue(tx(), "no")))
                    .isInstanceOf(NestedWriteException.class)
                    .hasMessageContaining("REQUIRES_NEW");
              });

      assertThat(names()).containsExactly("tea");
      assertThat(jobs.claim()).map(Job::payload).contains("brew");
    }

    @Rule(id = "H-2")
    void requiresNew_readOnly_isAReaderBesideTheWriter() {
      required()
          .executeWithoutResult(
              outer -> {
                manager.persist(new Item(1, "tea"));
                manager.flush();
                TransactionTemplate inner = requiresNew();
                inner.setReadOnly(true);
                assertThat(inner.<List<String>>execute(status -> names())).isEmpty();
              });

      assertThat(names()).containsExactly("tea");
    }
  }

  /** A session factory of the application, on its own pool. */
  abstract static class OnPool extends Contract {

    @Override
    SessionFactory factory() {
      return fixture.pooled(2, Item.class);
    }

    /** SQLite's lock is not the thread's: the second connection waits until its busy timeout. */
    @Rule(id = "H-3")
    void requiresNew_isBusyUntilSqlitesTimeout() throws Exception {
      fixture.close();
      fixture = new OrmFixture(folder);
      factory = fixture.pooled(fixture.pool(2, true, 200), Item.class);
      manager = SharedEntityManagerCreator.createSharedEntityManager(factory);
      spring = spring(factory);
      JobQueue<String> again = fixture.honker().queue("jobs", String.class);

      required()
          .executeWithoutResult(
              outer -> {
                manager.persist(new Item(1, "tea"));
                again.enqueue(tx(), "brew");
                assertThatThrownBy(
                        () ->
                            requiresNew()
                                .executeWithoutResult(
                                    inner -> {
                                      manager.persist(new Item(2, "milk"));
                                      manager.flush();
                                    }))
                    .hasStackTraceContaining("SQLITE_BUSY");
              });

      assertThat(names()).containsExactly("tea");
      assertThat(again.claim()).map(Job::payload).contains("brew");
    }

    @Rule(id = "H-3")
    void requiresNew_beforeTheFirstWrite_works() {
      required()
          .executeWithoutResult(
              outer -> {
                requiresNew()
                    .executeWithoutResult(
                        inner -> {
                          manager.persist(new Item(2, "milk"));
                          jobs.enqueue(tx(), "pour");
                        });
                manager.persist(new Item(1, "tea"));
                jobs.enqueue(tx(), "brew");
              });

      assertThat(names()).containsExactly("tea", "milk");
      assertThat(jobs.claim(2)).extracting(Job::payload).containsExactly("pour", "brew");
    }
  }

  private static PlatformTransactionManager hibernate(SessionFactory factory) {
    HibernateTransactionManager manager = new HibernateTransactionManager(factory);
    manager.afterPropertiesSet();
    return manager;
  }

  private static PlatformTransactionManager jpa(SessionFactory factory) {
    JpaTransactionManager manager = new JpaTransactionManager(factory);
    manager.setJpaDialect(new HibernateJpaDialect());
    manager.afterPropertiesSet();
    return manager;
  }

  @Nested
  class HibernateOnHonker extends OnHonker {
    @Override
    PlatformTransactionManager spring(SessionFactory factory) {
      return hibernate(factory);
    }
  }

  @Nested
  class JpaOnHonker extends OnHonker {
    @Override
    PlatformTransactionManager spring(SessionFactory factory) {
      return jpa(factory);
    }
  }

  @Nested
  class HibernateOnPool extends OnPool {
    @Override
    PlatformTransactionManager spring(SessionFactory factory) {
      return hibernate(factory);
    }
  }

  @Nested
  class JpaOnPool extends OnPool {
    @Override
    PlatformTransactionManager spring(SessionFactory factory) {
      return jpa(factory);
    }
  }
}
