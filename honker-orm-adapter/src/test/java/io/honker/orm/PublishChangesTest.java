package io.honker.orm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.Honker;
import io.honker.error.HonkerConfigurationException;
import io.honker.error.PayloadException;
import io.honker.stream.EventStream;
import io.honker.stream.StreamEvent;
import io.honker.tck.Rule;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.AvailableSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Rule H-6 on both kinds of session factories. */
class PublishChangesTest {

  enum Grade {
    FINE,
    COARSE
  }

  @Embeddable
  record Size(int width, int height) {}

  @Entity(name = "Maker")
  @PublishChanges(topic = "shop")
  static class Maker {
    @Id
    @GeneratedValue(strategy = jakarta.persistence.GenerationType.IDENTITY)
    Long id;

    String name;

    @OneToMany(mappedBy = "maker")
    List<Tea> teas = new ArrayList<>();
  }

  @Entity(name = "Tea")
  @PublishChanges(topic = "shop", key = "maker")
  static class Tea {
    @Id long id;
    @Version int version;
    String name;
    Grade grade = Grade.FINE;
    Instant picked = Instant.parse("2026-05-01T08:00:00Z");
    Size size = new Size(1, 2);
    byte[] label = {1, 2, 3};

    @ManyToOne(fetch = FetchType.LAZY)
    Maker maker;
  }

  /** Inherits the annotation. */
  @Entity(name = "GreenTea")
  static class GreenTea extends Tea {}

  @Embeddable
  record Place(String shelf, int row) {}

  @Entity(name = "Slot")
  @PublishChanges(topic = "shop")
  static class Slot {
    @EmbeddedId Place place;
    int amount;
  }

  @Entity
  @PublishChanges(topic = " ", key = "teas")
  static class Wrong {
    @Id long id;
  }

  /** Something that has no JSON form. */
  @Entity(name = "Loop")
  @PublishChanges(topic = "shop")
  static class Loop {
    @Id long id;

    @jakarta.persistence.Convert(converter = Knot.Converter.class)
    Knot knot = new Knot();
  }

  static final class Knot {
    public Knot getSelf() {
      return this;
    }

    static final class Converter implements jakarta.persistence.AttributeConverter<Knot, String> {
      @Override
      public String convertToDatabaseColumn(Knot knot) {
        return "knot";
      }

      @Override
      public Knot convertToEntityAttribute(String stored) {
        return new Knot();
      }
    }
  }

  private static final Class<?>[] CLASSES = {
    Maker.class, Tea.class, GreenTea.class, Slot.class, Loop.class, Item.class
  };

  @Nested
  class OnHonker extends Contract {
    @Override
    SessionFactory factory() {
      return fixture.orm(CLASSES).sessionFactory();
    }

    @Rule(id = "H-6")
    void jdbcBatches_arePublishedInOrder() {
      factory =
          fixture
              .keep(
                  fixture
                      .over(CLASSES)
                      .property(AvailableSettings.STATEMENT_BATCH_SIZE, 10)
                      .build())
              .sessionFactory();
      factory.inTransaction(
          s -> {
            for (int i = 1; i <= 25; i++) {
              s.persist(tea(i, "t" + i));
            }
          });

      assertThat(events()).extracting(e -> e.payload().get("id")).hasSize(25).startsWith(1, 2, 3);
    }

    @Rule(id = "H-6")
    void whatDoesNotFitTheMapping_isRefusedAtBoot() {
      assertThatThrownBy(() -> fixture.orm(Wrong.class))
          .isInstanceOf(HonkerConfigurationException.class)
          .hasMessageContaining("blank topic")
          .hasMessageContaining("teas");
    }

    @Rule(id = "H-6")
    void anotherHonker_isRefused() throws Exception {
      try (OrmFixture other = new OrmFixture(folder, "other.db")) {
        assertThatThrownBy(() -> HonkerOrm.publishChanges(other.honker(), factory))
            .isInstanceOf(IllegalStateException.class);
      }
      HonkerOrm.publishChanges(honker, factory);
    }
  }

  @Nested
  class OnPool extends Contract {
    @Override
    SessionFactory factory() {
      SessionFactory made = fixture.pooled(1, CLASSES);
      HonkerOrm.publishChanges(fixture.honker(), made);
      return made;
    }

    @Rule(id = "H-6")
    void withoutRegistration_nothingIsWritten() {
      SessionFactory unregistered = fixture.pooled(1, CLASSES);

      assertThatThrownBy(() -> unregistered.inTransaction(s -> s.persist(tea(1, "sencha"))))
          .hasStackTraceContaining("HonkerOrm.publishChanges(honker, factory)");
      assertThat(count("Tea")).isZero();
      unregistered.inTransaction(s -> s.persist(new Item(1, "not published, so fine")));
    }
  }

  private static Tea tea(long id, String name) {
    Tea tea = new Tea();
    tea.id = id;
    tea.name = name;
    return tea;
  }

  abstract static class Contract {

    @TempDir Path folder;
    OrmFixture fixture;
    Honker honker;
    SessionFactory factory;
    private EventStream<Map<String, Object>> stream;

    abstract SessionFactory factory();

    @BeforeEach
    void open() {
      fixture = new OrmFixture(folder);
      honker = fixture.honker();
      stream = honker.stream("shop", new io.honker.codec.TypeRef<Map<String, Object>>() {});
      factory = factory();
    }

    @AfterEach
    void close() throws Exception {
      fixture.close();
    }

    List<StreamEvent<Map<String, Object>>> events() {
      return stream.read(0, 100);
    }

    private List<String> changes() {
      return events().stream()
          .map(e -> e.payload().get("change") + " " + e.payload().get("entity"))
          .toList();
    }

    private Map<String, Object> last() {
      List<StreamEvent<Map<String, Object>>> events = events();
      return events.get(events.size() - 1).payload();
    }

    long count(String entity) {
      return factory.fromTransaction(
          s ->
              s.createSelectionQuery("select count(*) from " + entity, Long.class)
                  .getSingleResult());
    }

    private static Map<String, Object> attributes(String name, int version, Object maker) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      attributes.put("version", version);
      attributes.put("name", name);
      attributes.put("grade", "FINE");
      attributes.put("picked", "2026-05-01T08:00:00Z");
      attributes.put("size", Map.of("width", 1, "height", 2));
      attributes.put("label", "AQID");
      attributes.put("maker", maker);
      return attributes;
    }

    // ---- what is published

    @Rule(id = "H-6")
    void insertUpdateAndDelete_arePublished() {
      factory.inTransaction(s -> s.persist(tea(1, "sencha")));
      factory.inTransaction(s -> s.find(Tea.class, 1L).name = "matcha");
      factory.inTransaction(s -> s.remove(s.find(Tea.class, 1L)));

      assertThat(changes()).containsExactly("insert Tea", "update Tea", "delete Tea");
      Map<String, Object> insert = events().get(0).payload();
      assertThat(insert).containsOnlyKeys("entity", "id", "change", "before", "after");
      assertThat(insert).containsEntry("id", 1).containsEntry("before", null);
      assertThat(insert.get("after")).isEqualTo(attributes("sencha", 0, null));
      Map<String, Object> update = events().get(1).payload();
      assertThat(update.get("before")).isEqualTo(attributes("sencha", 0, null));
      assertThat(update.get("after")).isEqualTo(attributes("matcha", 1, null));
      assertThat(last().get("before")).isEqualTo(attributes("matcha", 1, null));
      assertThat(last()).containsEntry("after", null);
    }

    @Rule(id = "H-6")
    void identityIds_areKnownAndAssociationsAreIds() {
      Maker maker = new Maker();
      maker.name = "Ito";
      factory.inTransaction(
          s -> {
            s.persist(tea(1, "before the maker"));
            s.persist(maker);
            Tea second = tea(2, "sencha");
            second.maker = maker;
            s.persist(second);
          });

      assertThat(changes()).containsExactly("insert Tea", "insert Maker", "insert Tea");
      assertThat(events().get(0).key()).isNull();
      assertThat(events().get(1).payload().get("after")).isEqualTo(Map.of("name", "Ito"));
      assertThat(events().get(1).key()).isEqualTo(maker.id.toString());
      assertThat(last().get("after"))
          .isEqualTo(attributes("sencha", 0, Objects.requireNonNull(maker.id).intValue()));
      assertThat(events().get(2).key()).isEqualTo(maker.id.toString());

      factory.inTransaction(s -> s.find(Tea.class, 2L).name = "with an unloaded maker");
      assertThat(last().get("after"))
          .isEqualTo(attributes("with an unloaded maker", 1, maker.id.intValue()));
    }

    @Rule(id = "H-6")
    void compositeIds_areObjects() {
      Slot slot = new Slot();
      slot.place = new Place("top", 3);
      factory.inTransaction(s -> s.persist(slot));

      assertThat(last().get("id")).isEqualTo(Map.of("shelf", "top", "row", 3));
      assertThat(last().get("after")).isEqualTo(Map.of("amount", 0));
      assertThat(events().get(0).key()).contains("top", ",", "3");
    }

    @Rule(id = "H-6")
    void subclasses_inheritIt() {
      GreenTea green = new GreenTea();
      green.id = 5;
      factory.inTransaction(s -> s.persist(green));

      assertThat(changes()).containsExactly("insert GreenTea");
    }

    // ---- the transaction

    @Rule(id = "H-6")
    void rollback_leavesNone() {
      assertThatThrownBy(
              () ->
                  factory.inTransaction(
                      s -> {
                        s.persist(tea(1, "sencha"));
                        s.flush();
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");

      assertThat(events()).isEmpty();
      assertThat(count("Tea")).isZero();
    }

    @Rule(id = "H-6")
    void payloadThatCannotBeWritten_failsTheTransaction() {
      assertThatThrownBy(() -> factory.inTransaction(s -> s.persist(new Loop())))
          .hasStackTraceContaining(PayloadException.class.getName());

      assertThat(events()).isEmpty();
      assertThat(count("Loop")).isZero();
    }

    @Rule(id = "H-6")
    void events_mixWithWhatTheApplicationPublishes() {
      factory.inTransaction(
          s -> {
            s.persist(tea(1, "pending"));
            stream.publish(HonkerOrm.transactionOf(honker, s), Map.of("change", "own"));
            s.persist(tea(2, "later"));
          });

      assertThat(events())
          .extracting(e -> e.payload().get("change"))
          .containsExactly("insert", "own", "insert");
    }

    @Rule(id = "H-6")
    void commit_wakesReaders() throws Exception {
      try (var reader = stream.reader(io.honker.stream.StreamPosition.end())) {
        factory.inTransaction(s -> s.persist(tea(1, "sencha")));

        assertThat(reader.next(java.time.Duration.ofSeconds(30))).isPresent();
      }
    }

    // ---- other ways to write

    @Rule(id = "H-6")
    void statelessSession_publishesWithoutBefore() {
      Tea tea = tea(1, "sencha");
      factory.inStatelessTransaction(s -> s.insert(tea));
      tea.name = "matcha";
      factory.inStatelessTransaction(s -> s.update(tea));
      factory.inStatelessTransaction(s -> s.delete(tea));
      Slot slot = new Slot();
      slot.place = new Place("top", 3);
      factory.inStatelessTransaction(s -> s.upsert(slot));

      assertThat(changes())
          .containsExactly("insert Tea", "update Tea", "delete Tea", "upsert Slot");
      assertThat(events()).extracting(e -> e.payload().get("before")).containsOnlyNulls();
      assertThat(events().get(1).payload().get("after"))
          .isEqualTo(attributes("matcha", tea.version, null));
    }

    @Rule(id = "H-6")
    void outsideATransaction_nothingIsWritten() {
      factory.inStatelessSession(
          s ->
              assertThatThrownBy(() -> s.insert(tea(1, "sencha")))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("no transaction"));

      assertThat(count("Tea")).isZero();
    }

    @Rule(id = "H-6")
    void bulkStatements_areNotCovered() {
      factory.inTransaction(s -> s.persist(tea(1, "sencha")));
      factory.inTransaction(
          s -> s.createMutationQuery("update Tea set name = 'x'").executeUpdate());
      factory.inTransaction(s -> s.createMutationQuery("delete from Tea").executeUpdate());

      assertThat(count("Tea")).isZero();
      assertThat(changes()).containsExactly("insert Tea");
    }

    @Rule(id = "H-6")
    void entitiesWithoutIt_areNotPublished() {
      factory.inTransaction(s -> s.persist(new Item(1, "quiet")));

      assertThat(events()).isEmpty();
    }
  }
}
