package io.honker.lab.bench;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What both sides persist: an id of their own choice, so that both make the same INSERT. */
@Entity
@Table(name = "invoices")
class Invoice {

  @Id private long id;
  private String item = "";
  private long cents;

  Invoice() {}

  Invoice(long id) {
    this.id = id;
    this.item = "a pound of green tea";
    this.cents = 990;
  }

  long id() {
    return id;
  }

  String item() {
    return item;
  }

  long cents() {
    return cents;
  }
}
