package io.honker.orm;

import io.honker.Honker;
import io.honker.tx.Transaction;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.hibernate.engine.jdbc.connections.spi.ConnectionProvider;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.resource.transaction.spi.TransactionCoordinator;
import org.hibernate.service.Service;
import org.hibernate.service.spi.SessionFactoryServiceInitiatorContext;
import org.jspecify.annotations.Nullable;

/**
 * What honker has joined in the sessions of one session factory. Hibernate keeps it with the
 * factory, so that nothing of it is static.
 *
 * <p>Safe for use by multiple threads.
 */
final class SessionTransactions implements Service {

  static final String FLUSH_SETTING = "honker.orm.flush_before_writes";

  private static final long serialVersionUID = 1L;

  /** Sessions that share a transaction share its coordinator. */
  private final transient Map<TransactionCoordinator, WeakReference<SessionTransaction>> joined =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final transient @Nullable Honker honker;

  /** Where entities' changes go: the same, or what the application registered. */
  private final transient AtomicReference<@Nullable Honker> publishesTo;

  private final boolean flushBeforeWrites;

  private SessionTransactions(@Nullable Honker honker, boolean flushBeforeWrites) {
    this.honker = honker;
    this.publishesTo = new AtomicReference<>(honker);
    this.flushBeforeWrites = flushBeforeWrites;
  }

  static SessionTransactions of(SessionFactoryServiceInitiatorContext context) {
    ConnectionProvider provider = context.getServiceRegistry().getService(ConnectionProvider.class);
    Object flush = context.getSessionFactory().getProperties().get(FLUSH_SETTING);
    return new SessionTransactions(
        provider instanceof HonkerConnectionProvider ours ? ours.honker() : null,
        flush == null || Boolean.parseBoolean(flush.toString()));
  }

  static SessionTransactions of(SharedSessionContractImplementor session) {
    return session.getFactory().getServiceRegistry().requireService(SessionTransactions.class);
  }

  /** The transaction of a session of a factory that {@link HonkerOrm} booted. */
  Transaction transactionOf(SharedSessionContractImplementor session) {
    if (honker == null) {
      throw new IllegalStateException(
          "this session's factory was not booted by HonkerOrm, so its Honker is not known; call"
              + " transactionOf(honker, session)");
    }
    return transactionOf(honker, session);
  }

  Transaction transactionOf(Honker of, SharedSessionContractImplementor session) {
    return observed(session).join(of);
  }

  /** The same object for all sessions that share a transaction. */
  private SessionTransaction observed(SharedSessionContractImplementor session) {
    TransactionCoordinator coordinator = session.getTransactionCoordinator();
    WeakReference<SessionTransaction> known = joined.get(coordinator);
    SessionTransaction transaction = known == null ? null : known.get();
    if (transaction == null) {
      transaction = SessionTransaction.observing(session, flushBeforeWrites);
      joined.put(coordinator, new WeakReference<>(transaction));
    }
    return transaction;
  }

  // ---- entities' changes

  void publishChanges(Honker to) {
    if (!publishesTo.compareAndSet(null, to) && publishesTo.get() != to) {
      throw new IllegalStateException(
          "the changes of this factory's entities are published to another Honker already");
    }
  }

  /** Runs what writes honker's rows while Hibernate writes an entity, in the same transaction. */
  void whileWriting(
      SharedSessionContractImplementor session, BiConsumer<Honker, Transaction> work) {
    Honker to = publishesTo.get();
    if (to == null) {
      throw new IllegalStateException(
          "an entity has @PublishChanges, but this session factory was not booted by HonkerOrm, so"
              + " its Honker is not known; call HonkerOrm.publishChanges(honker, factory) once");
    }
    observed(session).withoutFlush(to, tx -> work.accept(to, tx));
  }
}
