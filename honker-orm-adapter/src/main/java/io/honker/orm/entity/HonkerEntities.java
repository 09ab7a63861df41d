package io.honker.orm.entity;

import java.util.List;

/**
 * The read-only entities of honker's tables (rule H-5).
 *
 * <pre>{@code
 * select o, j from Order o join HonkerJob j on j.id = o.jobId where j.runAt > instant
 * }</pre>
 *
 * <p>{@code HonkerOrm.over(honker).honkerEntities()} adds them; whoever boots Hibernate elsewhere
 * adds {@link #classes()} and must use {@code HonkerSqliteDialect}, because times come as the text
 * that it stores instants as. They are whole seconds of type {@code Instant}, null past the year
 * 9999, and compare with the application's instants. A condition on a time alone reads the whole
 * table; conditions on ids, queues and topics use honker's indexes.
 *
 * <p>Each entity is a query, not a table: schema tools neither create, alter, validate nor drop
 * anything for it. Writes are refused: of entities with {@link UnsupportedOperationException}, of
 * HQL when it is executed, with what Hibernate makes of an {@code IllegalQueryOperationException}.
 * Write through honker's own API. Keep ids of jobs in plain columns, without foreign keys: done
 * jobs are deleted.
 *
 * <p>A session returns what it has read already; {@code session.refresh} reads again.
 *
 * @since 0.1.0
 */
public final class HonkerEntities {

  private static final List<Class<?>> CLASSES =
      List.of(
          HonkerJob.class,
          HonkerDeadJob.class,
          HonkerResult.class,
          HonkerStreamEvent.class,
          HonkerStreamConsumer.class,
          HonkerSchedule.class,
          HonkerLock.class);

  private HonkerEntities() {}

  /**
   * Lists the annotated classes, for a configuration or a persistence unit of one's own.
   *
   * @return the classes, immutable
   */
  public static List<Class<?>> classes() {
    return CLASSES;
  }
}
