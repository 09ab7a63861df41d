package io.honker.lab.prove;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row that many threads read, change and write. */
@Entity
@Table(name = "counters")
class Counter {

  @Id private int id;
  private long n;

  Counter() {}

  Counter(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }

  void increment() {
    n++;
  }

  long n() {
    return n;
  }
}
