package io.honker.orm;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import jakarta.persistence.OneToMany;
import jakarta.persistence.PostPersist;
import jakarta.persistence.PrePersist;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.hibernate.annotations.IdGeneratorType;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.generator.BeforeExecutionGenerator;
import org.hibernate.generator.EventType;
import org.hibernate.generator.EventTypeSets;

/** Entities that differ in where their ids come from. */
final class Ids {

  private Ids() {}

  @Entity
  static class Auto {
    @Id @GeneratedValue Long id;
    String name = "auto";
  }

  @MappedSuperclass
  abstract static class Base {
    private int id;

    @Id
    @GeneratedValue
    public int getId() {
      return id;
    }

    public void setId(int id) {
      this.id = id;
    }
  }

  @Entity
  static class AutoByGetter extends Base {}

  @Entity
  static class AutoUuid {
    @Id @GeneratedValue UUID id;
  }

  @Entity
  static class FromTable {
    @Id
    @GeneratedValue(strategy = GenerationType.TABLE)
    Long id;
  }

  @Entity
  static class FromSequence {
    @Id
    @GeneratedValue(strategy = GenerationType.SEQUENCE)
    Long id;
  }

  @Entity
  static class ByNamedTable {
    @Id
    @GeneratedValue(generator = "named")
    @jakarta.persistence.TableGenerator(name = "named")
    Long id;
  }

  /** A generator of the application's own. */
  @IdGeneratorType(FixedGenerator.class)
  @Retention(RetentionPolicy.RUNTIME)
  @interface Fixed {}

  public static final class FixedGenerator implements BeforeExecutionGenerator {
    private static final long serialVersionUID = 1L;

    @Override
    public Object generate(
        SharedSessionContractImplementor session, Object owner, Object current, EventType type) {
      return 4711L;
    }

    @Override
    public EnumSet<EventType> getEventTypes() {
      return EventTypeSets.INSERT_ONLY;
    }
  }

  @Entity
  static class Own {
    @Id @Fixed Long id;
  }

  @Entity
  static class OwnAndGenerated {
    @Id @GeneratedValue @Fixed Long id;
  }

  /** What the callbacks of the entities below do. */
  static final AtomicReference<Runnable> CALLED = new AtomicReference<>(() -> {});

  @Entity
  static class Calling {
    @Id long id = 1;

    @PrePersist
    @PostPersist
    void called() {
      CALLED.get().run();
    }
  }

  @Entity
  static class CallingIdentity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @OneToMany(cascade = CascadeType.ALL)
    List<CallingIdentity> children = new ArrayList<>();

    @PrePersist
    @PostPersist
    void called() {
      CALLED.get().run();
    }
  }
}
