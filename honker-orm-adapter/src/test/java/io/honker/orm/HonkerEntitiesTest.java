package io.honker.orm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.HonkerConfigurationException;
import io.honker.orm.dialect.HonkerSqliteDialect;
import io.honker.orm.entity.HonkerDeadJob;
import io.honker.orm.entity.HonkerEntities;
import io.honker.orm.entity.HonkerJob;
import io.honker.orm.entity.HonkerLock;
import io.honker.orm.entity.HonkerResult;
import io.honker.orm.entity.HonkerSchedule;
import io.honker.orm.entity.HonkerStreamConsumer;
import io.honker.orm.entity.HonkerStreamEvent;
import io.honker.queue.EnqueueOptions;
import io.honker.queue.JobQueue;
import io.honker.schedule.Schedule;
import io.honker.stream.EventStream;
import io.honker.tck.ManualClock;
import io.honker.tck.Rule;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.community.dialect.SQLiteDialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-5 on both kinds of session factories. */
class HonkerEntitiesTest {

  private static final Instant START = ManualClock.START;

  /** What an application keeps of its jobs. */
  @Entity(name = "Parcel")
  static class Parcel {
    @Id long id;
    long jobId;
    Instant promised;

    protected Parcel() {}

    Parcel(long id, long jobId, Instant promised) {
      this.id = id;
      this.jobId = jobId;
      this.promised = promised;
    }
  }

  @Nested
  class OnHonker extends Contract {
    @Override
    SessionFactory factory() {
      return fixture.keep(fixture.over(Parcel.class).honkerEntities().build()).sessionFactory();
    }

    @Rule(id = "H-5")
    void entities_areLeftOutUnlessAskedFor() {
      SessionFactory without = fixture.orm(Parcel.class).sessionFactory();

      assertThat(without.getMetamodel().getEntities()).hasSize(1);
    }

    @Rule(id = "H-5")
    void persistenceUnit_getsThemToo() {
      jobs.enqueue(Map.of());
      HonkerOrm orm =
          fixture.keep(HonkerOrm.over(honker).persistenceUnit("shop").honkerEntities().build());

      orm.sessionFactory()
          .inSession(
              s -> {
                assertThat(s.createSelectionQuery("from HonkerJob", HonkerJob.class).list())
                    .hasSize(1);
                assertThat(s.createSelectionQuery("from Item", Item.class).list()).isEmpty();
              });
    }

    @Rule(id = "H-5")
    void otherDialects_areRefusedAtBoot() {
      assertThatThrownBy(
              () ->
                  fixture
                      .over()
                      .honkerEntities()
                      .property(AvailableSettings.DIALECT, SQLiteDialect.class.getName())
                      .build())
          .isInstanceOf(HonkerConfigurationException.class)
          .hasMessageContaining(HonkerSqliteDialect.class.getName());
    }

    @Rule(id = "H-5")
    void schemaTools_changeNothingOfHonkers() throws Exception {
      jobs.enqueue(Map.of());
      List<String> before = honkersSchema();
      for (String tool : List.of("create-drop", "create", "update", "validate", "drop")) {
        try (HonkerOrm orm =
            fixture
                .over(Parcel.class)
                .honkerEntities()
                .property(AvailableSettings.HBM2DDL_AUTO, tool)
                .build()) {
          assertThat(honkersSchema()).as(tool).isEqualTo(before);
          if (!tool.equals("drop")) {
            orm.sessionFactory().getSchemaManager().validateMappedObjects();
            orm.sessionFactory().getSchemaManager().truncateMappedObjects();
          }
        }
        assertThat(honkersSchema()).as(tool).isEqualTo(before);
        assertThat(jobs.stats().ready()).as(tool).isEqualTo(1);
      }
    }

    private List<String> honkersSchema() throws Exception {
      List<String> schema = new ArrayList<>();
      try (Connection connection = fixture.stranger();
          Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT name || coalesce(sql, '') FROM sqlite_master"
                      + " WHERE name <> 'Parcel' AND tbl_name <> 'Parcel' ORDER BY 1")) {
        while (rows.next()) {
          schema.add(rows.getString(1));
        }
      }
      assertThat(schema).hasSizeGreaterThan(10);
      return schema;
    }
  }

  @Nested
  class OnPool extends Contract {
    @Override
    SessionFactory factory() {
      List<Class<?>> classes = new ArrayList<>(HonkerEntities.classes());
      classes.add(Parcel.class);
      return fixture.pooled(1, classes.toArray(Class<?>[]::new));
    }

    @Rule(id = "H-5")
    void classes_areEveryEntityOfThePackage() {
      Configuration configuration = new Configuration();
      HonkerEntities.classes().forEach(configuration::addAnnotatedClass);

      assertThat(HonkerEntities.classes())
          .hasSize(7)
          .allSatisfy(
              type ->
                  assertThat(type.getAnnotation(Entity.class).name())
                      .isEqualTo(type.getSimpleName())
                      .startsWith("Honker"));
    }
  }

  abstract static class Contract {

    @TempDir Path folder;
    OrmFixture fixture;
    Honker honker;
    JobQueue<Map<String, Object>> jobs;
    private SessionFactory factory;

    abstract SessionFactory factory();

    @BeforeEach
    void open() {
      fixture = new OrmFixture(folder);
      honker = fixture.honker();
      jobs = honker.queue("jobs", new io.honker.codec.TypeRef<Map<String, Object>>() {});
      factory = factory();
    }

    @AfterEach
    void close() throws Exception {
      fixture.close();
    }

    private <T> List<T> list(String hql, Class<T> type, Object... parameters) {
      return factory.fromTransaction(
          session -> {
            var query = session.createSelectionQuery(hql, type);
            for (int i = 0; i < parameters.length; i++) {
              query.setParameter(i + 1, parameters[i]);
            }
            return query.list();
          });
    }

    private <T> T only(Class<T> type) {
      List<T> found = list("from " + type.getSimpleName(), type);
      assertThat(found).hasSize(1);
      return found.get(0);
    }

    // ---- reading

    @Rule(id = "H-5")
    void job_isRead() {
      long id =
          jobs.enqueue(
              Map.of("n", 1),
              EnqueueOptions.builder()
                  .priority(3)
                  .maxAttempts(5)
                  .expiresAfter(Duration.ofHours(1))
                  .build());
      HonkerJob waiting = only(HonkerJob.class);
      assertThat(waiting.getId()).isEqualTo(id);
      assertThat(waiting.getQueue()).isEqualTo("jobs");
      assertThat(waiting.getPayload()).isEqualTo("{\"n\":1}");
      assertThat(waiting.getState()).isEqualTo("pending");
      assertThat(waiting.getPriority()).isEqualTo(3);
      assertThat(waiting.getRunAt()).isEqualTo(START);
      assertThat(waiting.getWorkerId()).isNull();
      assertThat(waiting.getClaimExpiresAt()).isNull();
      assertThat(waiting.getAttempts()).isZero();
      assertThat(waiting.getMaxAttempts()).isEqualTo(5);
      assertThat(waiting.getCreatedAt()).isEqualTo(START);
      assertThat(waiting.getExpiresAt()).isEqualTo(START.plusSeconds(3600));

      assertThat(jobs.claim()).isPresent();
      HonkerJob claimed = only(HonkerJob.class);
      assertThat(claimed.getState()).isEqualTo("processing");
      assertThat(claimed.getWorkerId()).isNotBlank();
      assertThat(claimed.getClaimExpiresAt()).isAfter(START);
      assertThat(claimed.getAttempts()).isEqualTo(1);
    }

    @Rule(id = "H-5")
    void deadJob_isRead() {
      long id = jobs.enqueue(Map.of("n", 1), EnqueueOptions.builder().maxAttempts(1).build());
      fixture.clock().advance(Duration.ofSeconds(5));
      jobs.claim().orElseThrow().fail("broken");

      HonkerDeadJob dead = only(HonkerDeadJob.class);
      assertThat(dead.getId()).isEqualTo(id);
      assertThat(dead.getQueue()).isEqualTo("jobs");
      assertThat(dead.getPayload()).isEqualTo("{\"n\":1}");
      assertThat(dead.getPriority()).isZero();
      assertThat(dead.getRunAt()).isEqualTo(START);
      assertThat(dead.getAttempts()).isEqualTo(1);
      assertThat(dead.getMaxAttempts()).isEqualTo(1);
      assertThat(dead.getLastError()).isEqualTo("broken");
      assertThat(dead.getCreatedAt()).isEqualTo(START);
      assertThat(dead.getDiedAt()).isEqualTo(START.plusSeconds(5));
    }

    @Rule(id = "H-5")
    void result_isRead() {
      honker.results().save(7, "done", Duration.ofMinutes(1));

      HonkerResult result = only(HonkerResult.class);
      assertThat(result.getJobId()).isEqualTo(7);
      assertThat(result.getValue()).isEqualTo("\"done\"");
      assertThat(result.getCreatedAt()).isEqualTo(START);
      assertThat(result.getExpiresAt()).isEqualTo(START.plusSeconds(60));
    }

    @Rule(id = "H-5")
    void streamEventAndConsumer_areRead() {
      EventStream<String> stream = honker.stream("news", String.class);
      long offset = stream.publish("k", "hello");
      stream.saveOffset("reader", offset);

      HonkerStreamEvent event = only(HonkerStreamEvent.class);
      assertThat(event.getOffset()).isEqualTo(offset);
      assertThat(event.getTopic()).isEqualTo("news");
      assertThat(event.getKey()).isEqualTo("k");
      assertThat(event.getPayload()).isEqualTo("\"hello\"");
      assertThat(event.getCreatedAt()).isEqualTo(START);
      HonkerStreamConsumer consumer =
          factory.fromTransaction(
              s ->
                  s.find(
                      HonkerStreamConsumer.class, new HonkerStreamConsumer.Id("reader", "news")));
      assertThat(consumer.getName()).isEqualTo("reader");
      assertThat(consumer.getTopic()).isEqualTo("news");
      assertThat(consumer.getOffset()).isEqualTo(offset);
      assertThat(
              list(
                  "select e from HonkerStreamEvent e join HonkerStreamConsumer c on c.topic ="
                      + " e.topic and e.offset <= c.offset where e.key = ?1",
                  HonkerStreamEvent.class,
                  "k"))
          .hasSize(1);
    }

    @Rule(id = "H-5")
    void schedules_ofBothTablesAreRead() {
      honker
          .scheduler()
          .register(Schedule.cron("plain", "0 3 * * *", "jobs").payload("p").priority(2).build());
      honker
          .scheduler()
          .register(
              Schedule.cron("zoned", "0 3 * * *", "jobs")
                  .zone(ZoneId.of("Europe/Vienna"))
                  .expiresAfter(Duration.ofMinutes(5))
                  .maxAttempts(2)
                  .build());
      honker.scheduler().pause("plain");

      List<HonkerSchedule> found = list("from HonkerSchedule order by name", HonkerSchedule.class);
      assertThat(found).extracting(HonkerSchedule::getName).containsExactly("plain", "zoned");
      HonkerSchedule plain = found.get(0);
      assertThat(plain.getQueue()).isEqualTo("jobs");
      assertThat(plain.getExpression()).isEqualTo("0 3 * * *");
      assertThat(plain.getPayload()).isEqualTo("\"p\"");
      assertThat(plain.getPriority()).isEqualTo(2);
      assertThat(plain.getExpiresAfterSeconds()).isNull();
      assertThat(plain.isEnabled()).isFalse();
      HonkerSchedule zoned = found.get(1);
      assertThat(zoned.getZone()).isEqualTo("Europe/Vienna");
      assertThat(zoned.getExpiresAfterSeconds()).isEqualTo(300);
      assertThat(zoned.getMaxAttempts()).isEqualTo(2);
      assertThat(zoned.isEnabled()).isTrue();
      assertThat(zoned.getNextFireAt())
          .isEqualTo(honker.scheduler().find("zoned").orElseThrow().nextFireAt());
      assertThat(
              list("select name from HonkerSchedule where enabled and priority = 0", String.class))
          .containsExactly("zoned");
    }

    @Rule(id = "H-5")
    void lock_isRead() {
      try (var held = honker.locks().tryLock("door").orElseThrow()) {
        HonkerLock lock = only(HonkerLock.class);
        assertThat(lock.getName()).isEqualTo("door");
        assertThat(lock.getOwner()).isNotBlank();
        assertThat(lock.getExpiresAt())
            .isEqualTo(honker.locks().find(held.name()).orElseThrow().expiresAt());
      }
    }

    // ---- joining

    @Rule(id = "H-5")
    void hql_joinsTheApplicationsEntities() {
      long job = jobs.enqueue(Map.of("parcel", 2));
      factory.inTransaction(s -> s.persist(new Parcel(1, job, START)));
      factory.inTransaction(s -> s.persist(new Parcel(2, -1, START)));

      assertThat(
              list(
                  "select p.id from Parcel p join HonkerJob j on j.id = p.jobId"
                      + " where j.queue = ?1",
                  Long.class,
                  "jobs"))
          .containsExactly(1L);
      assertThat(
              list(
                  "select p.id from Parcel p join HonkerJob j on p.id ="
                      + " cast(function('json_extract', j.payload, '$.parcel') as Long)",
                  Long.class))
          .containsExactly(2L);
      assertThat(
              list(
                  "select p.id from Parcel p left join HonkerJob j on j.id = p.jobId"
                      + " where j.id is null",
                  Long.class))
          .containsExactly(2L);
    }

    @Rule(id = "H-5")
    void times_compareWithParametersColumnsAndFunctions() {
      long job =
          jobs.enqueue(Map.of(), EnqueueOptions.builder().runAt(START.plusSeconds(60)).build());
      factory.inTransaction(s -> s.persist(new Parcel(1, job, START.plusSeconds(60))));
      factory.inTransaction(s -> s.persist(new Parcel(2, job, START.plusSeconds(60).plusNanos(1))));

      String before = "select j.id from HonkerJob j where j.runAt < ?1";
      assertThat(list(before, Long.class, START.plusSeconds(60))).isEmpty();
      assertThat(list(before, Long.class, START.plusSeconds(60).plusNanos(1))).hasSize(1);
      assertThat(
              list(
                  "select p.id from Parcel p join HonkerJob j on j.runAt = p.promised", Long.class))
          .containsExactly(1L);
      assertThat(
              list(
                  "select p.id from Parcel p join HonkerJob j on j.runAt < p.promised", Long.class))
          .containsExactly(2L);
      assertThat(list("select extract(minute from j.runAt) from HonkerJob j", Integer.class))
          .containsExactly(1);
    }

    // ---- writing

    private void assertRefused(ThrowingCallable write, Class<? extends Exception> with) {
      assertThatThrownBy(write).isInstanceOf(with).hasMessageContaining("read-only");
      assertThat(jobs.stats().ready()).isEqualTo(1);
    }

    private void assertRefused(String hql) {
      assertThatThrownBy(
              () -> factory.inTransaction(s -> s.createMutationQuery(hql).executeUpdate()))
          .isInstanceOf(RuntimeException.class)
          .message()
          .containsAnyOf("read-only", "immutable");
      assertThat(jobs.stats().ready()).isEqualTo(1);
    }

    @Rule(id = "H-5")
    void writesOfEntities_areRefused() {
      long id = jobs.enqueue(Map.of());
      HonkerJob read = only(HonkerJob.class);
      Class<UnsupportedOperationException> refusal = UnsupportedOperationException.class;

      assertRefused(() -> factory.inTransaction(s -> s.persist(read)), refusal);
      assertRefused(() -> factory.inTransaction(s -> s.merge(read)), refusal);
      assertRefused(
          () -> factory.inTransaction(s -> s.remove(s.find(HonkerJob.class, id))), refusal);
      assertRefused(
          () -> factory.inTransaction(s -> s.remove(s.getReference(HonkerJob.class, id))), refusal);
      assertRefused(() -> factory.inStatelessTransaction(s -> s.insert(read)), refusal);
      assertRefused(() -> factory.inStatelessTransaction(s -> s.update(read)), refusal);
      assertRefused(() -> factory.inStatelessTransaction(s -> s.delete(read)), refusal);
      assertRefused(() -> factory.inStatelessTransaction(s -> s.upsert(read)), refusal);
    }

    @Rule(id = "H-5")
    void writesOfHql_areRefused() {
      jobs.enqueue(Map.of());

      assertRefused("update HonkerJob set priority = 9");
      assertRefused("delete from HonkerJob");
      assertRefused(
          "insert into HonkerLock(name, owner, expiresAt)"
              + " select j.queue, j.payload, j.runAt from HonkerJob j");
    }

    @Rule(id = "H-5")
    void aReadEntity_isWrittenByNoFlush() throws Exception {
      jobs.enqueue(Map.of());
      factory.inTransaction(
          (Session session) -> {
            HonkerJob job =
                session.createSelectionQuery("from HonkerJob", HonkerJob.class).getSingleResult();
            try {
              var field = HonkerJob.class.getDeclaredField("priority");
              field.setAccessible(true);
              field.set(job, 9);
            } catch (ReflectiveOperationException e) {
              throw new AssertionError(e);
            }
          });

      assertThat(jobs.claim().orElseThrow().priority()).isZero();
    }
  }
}
