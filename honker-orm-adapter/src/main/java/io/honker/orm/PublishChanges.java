package io.honker.orm;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Publishes each insert, update and delete of an entity to a stream, in the transaction that does
 * it (rule H-6): both commit, or neither.
 *
 * <pre>{@code
 * @Entity
 * @PublishChanges(topic = "orders")
 * class Order { ... }
 * }</pre>
 *
 * <p>The payload is a JSON object, one event per change in the order in which Hibernate writes:
 *
 * <pre>{@code
 * {"entity": "Order", "id": 7, "change": "update",
 *  "before": {"item": "tea", "customer": 3}, "after": {"item": "coffee", "customer": 3}}
 * }</pre>
 *
 * <ul>
 *   <li>{@code before} is null for inserts, {@code after} for deletes. {@code before} is also null
 *       where Hibernate does not know it: updates and deletes of a {@code StatelessSession}, and
 *       detached entities that are reattached unread. {@code StatelessSession.upsert} is a change
 *       {@code "upsert"} without {@code before}, because nobody knows which of the two it was.
 *   <li>Both hold every mapped attribute, not only the changed ones, under its name: values as the
 *       codec writes them (times as ISO-8601, enums by name, {@code byte[]} as base64), embedded
 *       objects as objects, associations to one as the other's id. Collections, {@code Blob}s,
 *       {@code Clob}s and lazy attributes that are not loaded are left out. So is the id, which is
 *       in {@code id}; an id of several attributes is an object. Secrets are not left out.
 *   <li>A value that the codec cannot write, or a payload that is too large, fails the flush with a
 *       {@link io.honker.error.PayloadException}, and the transaction with it.
 * </ul>
 *
 * <p>Not covered, because Hibernate tells nobody: HQL, criteria and SQL statements that insert,
 * update or delete; changes of a collection alone; deletes by the database's own cascades.
 *
 * <p>Session factories of {@link HonkerOrm} need nothing else; others call {@link
 * HonkerOrm#publishChanges} once. Until then, and outside a transaction, changes are refused with
 * {@link IllegalStateException} before they are written. Subclasses inherit it.
 *
 * @since 0.1.0
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface PublishChanges {

  /**
   * The stream's topic.
   *
   * @return the topic, not blank
   */
  String topic();

  /**
   * The attribute whose value, as text, is the event's key, which consumer groups keep in order. An
   * association gives the other's id; null gives no key. Deletes take the value before.
   *
   * @return an attribute to one value, or empty for the entity's id
   */
  String key() default "";
}
