package io.honker.orm;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.util.UUID;

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
}
