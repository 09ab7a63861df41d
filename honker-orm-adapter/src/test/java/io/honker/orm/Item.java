package io.honker.orm;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** An entity whose INSERT waits for the flush, because its id is known before. */
@Entity
public class Item {
  @Id private long id;
  private String name;
  private int quantity;

  protected Item() {}

  public Item(long id, String name) {
    this.id = id;
    this.name = name;
  }

  public long id() {
    return id;
  }

  public String name() {
    return name;
  }

  public int quantity() {
    return quantity;
  }

  public void setName(String name) {
    this.name = name;
  }

  public void add(int more) {
    quantity += more;
  }
}
