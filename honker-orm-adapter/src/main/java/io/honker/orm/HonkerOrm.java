package io.honker.orm;

import io.honker.Honker;
import io.honker.orm.entity.HonkerEntities;
import io.honker.tx.Transaction;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

/**
 * Hibernate on honker's connections: entities and honker's writes commit or roll back together
 * (rules H-1 to H-6).
 *
 * <pre>{@code
 * try (Honker honker = Honker.open("app.db");
 *     HonkerOrm orm = HonkerOrm.over(honker).annotatedClasses(Order.class).build()) {
 *   JobQueue<Email> emails = honker.queue("emails", Email.class);
 *   orm.inTransaction((session, tx) -> {
 *     session.persist(new Order("tea"));
 *     emails.enqueue(tx, new Email("alice@example.com"));
 *   });
 * }
 * }</pre>
 *
 * <p>Read-write transactions of any session of {@link #sessionFactory()} take the database's only
 * writer, in their turn, at their first statement, with BEGIN IMMEDIATE; read-only sessions and
 * statements outside transactions read on pooled readers. Nothing is held while no transaction is
 * open. A thread that asks for a second writer gets an error at once.
 *
 * <p>A session factory that the application configured itself joins through {@link
 * #transactionOf(Honker, EntityManager)}; nothing else of this class is needed then.
 *
 * <p>Safe for use by multiple threads. Owned by whoever built it. Starts no threads.
 *
 * @since 0.1.0
 */
public final class HonkerOrm implements AutoCloseable {

  /**
   * The Hibernate setting, {@code true} unless set, that makes honker's writes in a session's
   * transaction flush the session first. It works in any session factory.
   */
  public static final String FLUSH_BEFORE_WRITES = SessionTransactions.FLUSH_SETTING;

  private final Honker honker;
  private final SessionFactory factory;

  private HonkerOrm(Honker honker, SessionFactory factory) {
    this.honker = honker;
    this.factory = factory;
  }

  /**
   * Starts describing a session factory on {@code honker.dataSource()}.
   *
   * @param honker the open database, which stays the caller's to close; never null
   * @return a new builder
   */
  public static Builder over(Honker honker) {
    return new Builder(Objects.requireNonNull(honker, "honker"));
  }

  // ---- joining

  /**
   * Returns the transaction that is open in a session, for honker's writes (rules H-1, H-3).
   *
   * <p>They run on the session's own connection and commit or roll back with it; waiters wake after
   * a commit and only then. Each use of the transaction flushes the session first, unless its flush
   * mode is MANUAL or {@link #FLUSH_BEFORE_WRITES} is {@code false}, and unless Hibernate is in the
   * middle of flushing, cascading or inserting, as in an entity's callbacks. Asking again in the
   * same transaction gives the same object. On a connection of {@code honker.dataSource()} this
   * takes the writer, waiting for its turn.
   *
   * @param honker the database, which must be the one that the session's connection leads to
   * @param session a {@link Session}, or an entity manager of Hibernate; Spring's proxies are fine
   * @return the transaction, confined to this thread and valid until the session's transaction ends
   * @throws IllegalStateException if no transaction is active, if the session is closed, or if it
   *     gives its connection back before its transaction ends
   * @throws IllegalArgumentException if the session works on another database
   * @throws io.honker.error.NestedWriteException if this thread holds the writer elsewhere
   * @throws io.honker.error.StoreException if the session is read-only
   */
  public static Transaction transactionOf(Honker honker, EntityManager session) {
    Objects.requireNonNull(honker, "honker");
    SharedSessionContractImplementor opened = opened(session);
    return SessionTransactions.of(opened).transactionOf(honker, opened);
  }

  /**
   * Like {@link #transactionOf(Honker, EntityManager)}, for a session that has no persistence
   * context. Inserts that the session keeps for a batch are written first.
   *
   * @param honker the database, which must be the one that the session's connection leads to
   * @param session an open session with an active transaction
   * @return the transaction, confined to this thread and valid until the session's transaction ends
   */
  public static Transaction transactionOf(Honker honker, StatelessSession session) {
    Objects.requireNonNull(honker, "honker");
    SharedSessionContractImplementor opened = opened(session);
    return SessionTransactions.of(opened).transactionOf(honker, opened);
  }

  /**
   * Like {@link #transactionOf(Honker, EntityManager)}, for sessions of a factory that {@code
   * HonkerOrm} booted: the database is known then.
   *
   * @param session a session or entity manager
   * @return the transaction, confined to this thread and valid until the session's transaction ends
   * @throws IllegalStateException also if somebody else booted the session's factory
   */
  public static Transaction transactionOf(EntityManager session) {
    SharedSessionContractImplementor opened = opened(session);
    return SessionTransactions.of(opened).transactionOf(opened);
  }

  /**
   * Like {@link #transactionOf(EntityManager)}, for a session that has no persistence context.
   *
   * @param session an open session with an active transaction
   * @return the transaction, confined to this thread and valid until the session's transaction ends
   */
  public static Transaction transactionOf(StatelessSession session) {
    SharedSessionContractImplementor opened = opened(session);
    return SessionTransactions.of(opened).transactionOf(opened);
  }

  private static SharedSessionContractImplementor opened(EntityManager session) {
    if (!session.isOpen()) {
      throw closed();
    }
    return session.unwrap(SessionImplementor.class);
  }

  private static SharedSessionContractImplementor opened(StatelessSession session) {
    if (!session.isOpen()) {
      throw closed();
    }
    return (SharedSessionContractImplementor) session;
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the session is closed; join before closing it");
  }

  /**
   * Tells a session factory that the application booted itself where changes of its entities with
   * {@link PublishChanges} go (rule H-6). Until then such changes are refused.
   *
   * @param honker the database, which must be the one that the factory's connections lead to
   * @param factory a {@link SessionFactory}, or an entity manager factory of Hibernate; Spring's
   *     proxies are fine
   * @throws IllegalStateException if they go to another {@code Honker} already
   */
  public static void publishChanges(Honker honker, EntityManagerFactory factory) {
    Objects.requireNonNull(honker, "honker");
    factory
        .unwrap(SessionFactoryImplementor.class)
        .getServiceRegistry()
        .requireService(SessionTransactions.class)
        .publishChanges(honker);
  }

  // ---- working

  /**
   * Runs work in a session and its transaction and commits; any exception rolls back and reaches
   * the caller unchanged (rule H-1). A transaction that the work marked for rollback is rolled back
   * without one.
   *
   * <p>Waits for the writer's turn before the work begins.
   *
   * @param work what to do; session and transaction are valid only during the call
   * @param <X> what the work may throw
   * @throws X what the work threw, after the rollback
   * @throws io.honker.error.NestedWriteException if this thread holds the writer already
   * @throws io.honker.error.StoreException if the writer could not be had
   * @throws jakarta.persistence.PersistenceException if the last flush or the commit failed;
   *     nothing happened. Also if a {@code Synchronization} that the work registered throws after
   *     the commit, which is Hibernate's way; then everything happened
   */
  public <X extends Exception> void inTransaction(SessionWork<X> work) throws X {
    HonkerOrm.<@Nullable Void, X>inTransaction(
        factory.openSession(),
        session -> {
          work.run(session, transactionOf(session));
          return null;
        });
  }

  /**
   * Like {@link #inTransaction}, and returns the work's value after the commit.
   *
   * @param work what to do; session and transaction are valid only during the call
   * @param <R> the value's type
   * @param <X> what the work may throw
   * @return what the work returned
   * @throws X what the work threw, after the rollback
   */
  public <R extends @Nullable Object, X extends Exception> R fromTransaction(
      SessionFunction<R, X> work) throws X {
    return inTransaction(
        factory.openSession(), session -> work.apply(session, transactionOf(session)));
  }

  /**
   * Reads in a session that sees one state of the database, on a pooled reader: it never waits for
   * the writer and refuses writes. Entities it loads are not checked for changes.
   *
   * @param work what to read; its session is valid only during the call
   * @param <R> the value's type
   * @param <X> what the work may throw
   * @return what the work returned; lazy associations of entities in it cannot be loaded any more
   * @throws X what the work threw
   */
  public <R extends @Nullable Object, X extends Exception> R readOnly(SessionReader<R, X> work)
      throws X {
    return inTransaction(factory.withOptions().readOnly(true).openSession(), work);
  }

  private static <R extends @Nullable Object, X extends Exception> R inTransaction(
      Session opened, SessionReader<R, X> work) throws X {
    try (Session session = opened) {
      org.hibernate.Transaction transaction = session.beginTransaction();
      try {
        R value = work.read(session);
        transaction.commit();
        return value;
      } catch (Throwable failure) {
        rollBack(transaction, failure);
        throw failure;
      }
    }
  }

  /** Hibernate does so itself when a commit fails, but not for an {@code Error}. */
  private static void rollBack(org.hibernate.Transaction transaction, Throwable failure) {
    try {
      if (transaction.isActive()) {
        transaction.rollback();
      }
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Returns the database, for queues and everything else of honker.
   *
   * @return the Honker given to {@link #over}
   */
  public Honker client() {
    return honker;
  }

  /**
   * Returns the session factory, which is also an {@code EntityManagerFactory}.
   *
   * @return the factory, open until {@link #close}
   */
  public SessionFactory sessionFactory() {
    return factory;
  }

  /** Closes the session factory, not the Honker. Idempotent. */
  @Override
  public void close() {
    factory.close();
  }

  /**
   * Describes a session factory, by classes or by a persistence unit, and boots it.
   *
   * <p>Settings of the application win over those that this class chooses: the dialect, how long a
   * session keeps its connection, how time zones are stored. The connection provider is honker's.
   *
   * <p>Not thread-safe. {@link #build} reports every problem at once.
   *
   * @since 0.1.0
   */
  public static final class Builder {

    private final Honker honker;
    private final List<Class<?>> classes = new ArrayList<>();
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final List<Consumer<Configuration>> hooks = new ArrayList<>();
    private final List<Class<?>> honkers = new ArrayList<>();
    private @Nullable String persistenceUnit;

    private Builder(Honker honker) {
      this.honker = honker;
    }

    /**
     * Adds annotated classes: entities, embeddables, converters.
     *
     * @param added the classes, never null
     * @return this builder
     */
    public Builder annotatedClasses(Class<?>... added) {
      classes.addAll(List.of(added));
      return this;
    }

    /**
     * Adds the read-only entities of honker's tables (rule H-5), also to a persistence unit; see
     * {@link HonkerEntities}. They are left out otherwise.
     *
     * @return this builder
     */
    public Builder honkerEntities() {
      honkers.clear();
      honkers.addAll(HonkerEntities.classes());
      return this;
    }

    /**
     * Adds a look at Hibernate's configuration before it is used, for what has no method here.
     *
     * @param hook changes the configuration, never null; not for persistence units
     * @return this builder
     */
    public Builder configure(Consumer<Configuration> hook) {
      hooks.add(Objects.requireNonNull(hook, "hook"));
      return this;
    }

    /**
     * Sets one of Hibernate's settings.
     *
     * @param name a name such as {@code hibernate.hbm2ddl.auto}, never null
     * @param value its value, never null
     * @return this builder
     */
    public Builder property(String name, Object value) {
      properties.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
      return this;
    }

    /**
     * Sets several of Hibernate's settings.
     *
     * @param added names and values, never null
     * @return this builder
     */
    public Builder properties(Map<String, ?> added) {
      added.forEach(this::property);
      return this;
    }

    /**
     * Boots a unit of {@code META-INF/persistence.xml} instead of classes given here. Properties
     * given here win over those of the file.
     *
     * @param name the unit's name, never null
     * @return this builder
     */
    public Builder persistenceUnit(String name) {
      this.persistenceUnit = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets whether honker's writes in a session's transaction flush the session first.
     *
     * @param flush default {@code true}
     * @return this builder
     */
    public Builder flushBeforeWrites(boolean flush) {
      return property(FLUSH_BEFORE_WRITES, flush);
    }

    /**
     * Boots the session factory.
     *
     * @return the open adapter; close it before the Honker
     * @throws io.honker.error.HonkerConfigurationException if the description does not fit
     *     together, names no known persistence unit, has settings that cannot work here, or has
     *     entities whose ids come from a table or sequence (rule H-2)
     * @throws org.hibernate.HibernateException if Hibernate refuses the mapping
     */
    public HonkerOrm build() {
      SessionFactoryBoot boot = new SessionFactoryBoot(honker, properties);
      SessionFactory factory =
          persistenceUnit == null
              ? boot.ofClasses(
                  Stream.concat(classes.stream(), honkers.stream()).distinct().toList(), hooks)
              : boot.ofPersistenceUnit(
                  persistenceUnit, classes.isEmpty() && hooks.isEmpty(), honkers);
      return new HonkerOrm(honker, factory);
    }
  }
}
