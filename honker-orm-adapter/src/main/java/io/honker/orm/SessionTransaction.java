package io.honker.orm;

import io.honker.Honker;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreException;
import io.honker.tx.JoinedTransaction;
import io.honker.tx.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.hibernate.ConnectionReleaseMode;
import org.hibernate.FlushMode;
import org.hibernate.SessionEventListener;
import org.hibernate.engine.spi.PersistenceContext;
import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.resource.jdbc.internal.LogicalConnectionProvidedImpl;
import org.hibernate.resource.transaction.spi.TransactionObserver;
import org.hibernate.resource.transaction.spi.TransactionStatus;

/**
 * Honker's part in the transactions of one session: joins when asked, and hears from Hibernate how
 * each one ended.
 *
 * <p>It observes the session's transaction coordinator. A {@code Synchronization} would have to be
 * registered for every transaction, and cannot be while others are being called.
 *
 * <p>Confined to one thread at a time, as sessions are.
 */
final class SessionTransaction implements TransactionObserver, SessionEventListener {

  private static final long serialVersionUID = 1L;

  /** The session that began the transaction; others may share it. */
  private final transient SharedSessionContractImplementor session;

  private final boolean flushBeforeWrites;
  private final transient List<Part> parts = new ArrayList<>(1);
  private boolean writing;
  private boolean committing;
  private boolean closing;

  /** One Honker's view of the open transaction. */
  private record Part(Honker honker, JoinedTransaction tx) {}

  private SessionTransaction(SharedSessionContractImplementor session, boolean flushBeforeWrites) {
    this.session = session;
    this.flushBeforeWrites = flushBeforeWrites;
  }

  static SessionTransaction observing(
      SharedSessionContractImplementor session, boolean flushBeforeWrites) {
    SharedSessionContractImplementor owner =
        (SharedSessionContractImplementor) session.getJdbcCoordinator().getJdbcSessionOwner();
    SessionTransaction observer = new SessionTransaction(owner, flushBeforeWrites);
    owner.getTransactionCoordinator().addObserver(observer);
    owner.getEventListenerManager().addListener(observer);
    return observer;
  }

  // ---- joining

  Transaction join(Honker honker) {
    requireTransaction();
    for (Part part : parts) {
      if (part.honker() == honker) {
        return part.tx();
      }
    }
    JoinedTransaction tx = joinConnection(honker);
    if (flushBeforeWrites) {
      tx.beforeEachUse(this::flush);
    }
    parts.add(new Part(honker, tx));
    return tx;
  }

  /**
   * For work that Hibernate calls while it writes. It may not be flushing then: an insert that
   * gives the id is done at once, and a flush would find its entity half persisted.
   */
  void withoutFlush(Honker honker, Consumer<Transaction> work) {
    boolean outer = writing;
    writing = true;
    try {
      work.accept(join(honker));
    } finally {
      writing = outer;
    }
  }

  private void requireTransaction() {
    if (!session.isTransactionInProgress()) {
      throw new IllegalStateException(
          "no transaction is active on this session, so there is nothing to join; begin one"
              + " (beginTransaction(), HonkerOrm.inTransaction, @Transactional) or use the form"
              + " without tx");
    }
    ConnectionReleaseMode release =
        session
            .getJdbcCoordinator()
            .getLogicalConnection()
            .getConnectionHandlingMode()
            .getReleaseMode();
    if (release == ConnectionReleaseMode.AFTER_STATEMENT
        || release == ConnectionReleaseMode.BEFORE_TRANSACTION_COMPLETION) {
      throw new IllegalStateException(
          "this session gives its connection back "
              + release
              + ", before the transaction ends; set hibernate.connection.handling_mode to"
              + " DELAYED_ACQUISITION_AND_RELEASE_AFTER_TRANSACTION");
    }
  }

  private JoinedTransaction joinConnection(Honker honker) {
    try {
      return session.doReturningWork(honker::join);
    } catch (StoreException e) {
      throw nested(e, e);
    }
  }

  /** The data source hides the reason in an SQLException; the caller should see it. */
  private static RuntimeException nested(StoreException thrown, Throwable within) {
    Throwable cause = within.getCause();
    if (cause instanceof NestedWriteException) {
      return new NestedWriteException(
          "this thread holds the database's only writer already, in another session or in"
              + " inTransaction(), and would wait for itself (REQUIRES_NEW, a session within a"
              + " session); use the session that has the transaction, or end that one first",
          thrown);
    }
    return cause == null ? thrown : nested(thrown, cause);
  }

  // ---- before honker's statements

  /** Writes what the session holds back, unless it is about to do so or was told not to. */
  private void flush() {
    if (writing) {
      return;
    }
    if (!(session instanceof SessionImplementor stateful)) {
      session.getJdbcCoordinator().executeBatch();
    } else if (stateful.getHibernateFlushMode() != FlushMode.MANUAL
        && stateful.isOpenOrWaitingForAutoClose()
        && isFlushable(stateful.getPersistenceContextInternal())) {
      stateful.flush();
    }
  }

  /** Hibernate calls back, and the application may enqueue, while it flushes, cascades, inserts. */
  private static boolean isFlushable(PersistenceContext context) {
    return !context.isFlushing()
        && context.getCascadeLevel() == 0
        && Arrays.stream(context.reentrantSafeEntityEntries())
            .noneMatch(entity -> entity.getValue().getId() == null);
  }

  // ---- the end

  @Override
  public void afterBegin() {
    endedUntold();
  }

  /** The last before the commit. */
  @Override
  public void beforeCompletion() {
    committing = true;
  }

  @Override
  public void afterCompletion(boolean successful, boolean delayed) {
    ended(successful);
  }

  /** The session is being closed. Hibernate tells nobody else about a transaction that was open. */
  @Override
  public void end() {
    if (!session.getTransactionCoordinator().isTransactionActive()) {
      endedUntold();
    } else if (isConnectionProvided()) {
      ended(false);
    } else {
      closing = true;
    }
  }

  /**
   * The transaction is over and Hibernate did not say so: a {@code Synchronization} that it called
   * before this one threw, or the rollback did.
   */
  private void endedUntold() {
    ended(
        committing
            && session
                .getTransactionCoordinator()
                .getTransactionDriverControl()
                .getStatus()
                .isNotOneOf(
                    TransactionStatus.FAILED_COMMIT,
                    TransactionStatus.ROLLED_BACK,
                    TransactionStatus.FAILED_ROLLBACK));
  }

  /** The connection was given back, or closed, which has rolled the transaction back. */
  @Override
  public void jdbcConnectionReleaseEnd() {
    if (closing) {
      ended(false);
    }
  }

  /** One that the application opened the session with is not given back. */
  private boolean isConnectionProvided() {
    return session.getJdbcCoordinator().getLogicalConnection()
        instanceof LogicalConnectionProvidedImpl;
  }

  private void ended(boolean committed) {
    List<Part> ended = List.copyOf(parts);
    parts.clear();
    committing = false;
    for (Part part : ended) {
      if (committed) {
        part.tx().committed();
      } else {
        part.tx().rolledBack();
      }
    }
  }
}
