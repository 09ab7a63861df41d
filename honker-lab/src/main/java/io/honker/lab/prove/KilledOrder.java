package io.honker.lab.prove;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An entity whose INSERT waits for the flush; its job has the same key. */
@Entity
@Table(name = "killed_orders")
class KilledOrder {

  @Id private String id = "";

  KilledOrder() {}

  KilledOrder(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }
}
