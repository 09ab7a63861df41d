package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import io.honker.time.HonkerClock;
import io.honker.time.SystemClock;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the statements of one connection run: in auto-commit mode wherever each belongs, inside a
 * transaction on the one connection that has it, which is the writer or, for a read-only one, a
 * reader.
 *
 * <p>All methods but the lock's own, {@link #isClosed} and {@link #cancel} are called with the lock
 * held. It keeps another thread, which may end the transaction or close the connection at any time,
 * from giving the writer away while a statement runs on it.
 */
final class Route {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker.sqlite");
  private static final HonkerClock TIME = SystemClock.instance();

  private final RouteGround ground;
  private final ReentrantLock lock = new ReentrantLock();

  /** Statements with rows that SQLite is still producing. */
  private final List<OpenStatement> open = new ArrayList<>();

  private final RoutedSavepoints savepoints = new RoutedSavepoints();
  private final List<Runnable> committed = new ArrayList<>();
  private final List<Runnable> rolledBack = new ArrayList<>();
  private boolean autoCommit = true;
  private boolean readOnly;

  /** The connection that has the open transaction. */
  private @Nullable StoreConnection target;

  /** The thread that took the writer, while the transaction has it. */
  private @Nullable Thread writer;

  /** Whether honker began the transaction and will end it. */
  private boolean inside;

  private boolean joined;
  private long writerSince;

  /** That of the last insert in auto-commit mode; null if there was a transaction since. */
  private @Nullable Long lastRowId;

  /** Why the transaction is gone without the application having ended it. */
  private @Nullable SQLException lost;

  private volatile @Nullable OpenStatement running;
  private volatile boolean closed;

  Route(RouteGround ground) {
    this.ground = ground;
  }

  /** The route of a connection inside a transaction that honker began on this thread. */
  static Route insideTransaction(RouteGround ground) {
    Route route = new Route(ground);
    route.autoCommit = false;
    route.target = ground.lane().connection();
    route.writer = Thread.currentThread();
    route.inside = true;
    return route;
  }

  void lock() {
    lock.lock();
  }

  void unlock() {
    lock.unlock();
  }

  RouteGround ground() {
    return ground;
  }

  boolean isClosed() {
    return closed;
  }

  void checkOpen() throws SQLException {
    if (closed) {
      throw RoutedFailures.closed("the connection");
    }
  }

  boolean isAutoCommit() {
    return autoCommit;
  }

  boolean isReadOnly() {
    return readOnly;
  }

  void setReadOnly(boolean newReadOnly) throws SQLException {
    if (newReadOnly != readOnly && target != null) {
      throw RoutedFailures.wrongState(
          "a transaction is open; commit or roll back before changing whether it is read-only");
    }
    readOnly = newReadOnly;
  }

  void setAutoCommit(boolean newAutoCommit) {
    autoCommit = newAutoCommit;
  }

  /** Whether a transaction is open, on the writer or a reader. */
  boolean isInTransaction() {
    return target != null && lost == null;
  }

  // ---- running statements

  /** The connection that has the transaction, begun now if need be; null in auto-commit mode. */
  @Nullable StoreConnection forStatement(SqlKind kind) throws SQLException {
    checkOpen();
    kind.refuseIfNotAllowed();
    if (target == null && autoCommit) {
      if (kind == SqlKind.SAVEPOINT) {
        throw noTransaction();
      }
      return null;
    }
    return transaction();
  }

  /** The connection that has the transaction, begun now if need be. */
  StoreConnection transaction() throws SQLException {
    refuseIfLost();
    if (target == null) {
      target = readOnly ? beginReading() : beginWriting();
    } else if (writer != null) {
      refuseOtherThread();
      refuseIfExpired();
    }
    return target;
  }

  private StoreConnection beginReading() throws SQLException {
    StoreConnection reader = borrowReader();
    try {
      reader.statement("BEGIN").executeUpdate();
      return reader;
    } catch (SQLException e) {
      reader.forgetStatements(e);
      ground.readers().giveBack(reader);
      throw e;
    }
  }

  private StoreConnection beginWriting() throws SQLException {
    WriteLane lane = takeWriter();
    boolean begun = false;
    try {
      lane.begin();
      begun = true;
    } catch (SQLException e) {
      throw RoutedFailures.busy(e);
    } finally {
      if (!begun) {
        lane.release();
      }
    }
    writer = Thread.currentThread();
    writerSince = TIME.nanoTime();
    lastRowId = null;
    if (ground.maxWriterHold() != null) {
      lane.onWait(this::releaseIfExpired);
    }
    return lane.connection();
  }

  /** Takes the writer in its turn; for one statement, or for a transaction. */
  WriteLane takeWriter() throws SQLException {
    if (readOnly) {
      throw RoutedFailures.readOnly();
    }
    try {
      ground.beforeWriting().run();
      ground.lane().acquire();
      return ground.lane();
    } catch (RuntimeException e) {
      throw RoutedFailures.of(e);
    }
  }

  StoreConnection borrowReader() throws SQLException {
    try {
      return ground.readers().borrow();
    } catch (RuntimeException e) {
      throw RoutedFailures.of(e);
    }
  }

  void setLastRowId(long rowId) {
    lastRowId = rowId;
  }

  /** The answer to a query that no other SQLite connection than the one that wrote could give. */
  long lastRowId(RoutedSql query) throws SQLException {
    Long rowId = lastRowId;
    if (rowId == null || !query.isLastRowId()) {
      throw RoutedFailures.wrongState(
          "in auto-commit mode statements run on different SQLite connections, which do not know"
              + " what another changed; use the update count, generated keys, RETURNING, or a"
              + " transaction");
    }
    return rowId;
  }

  void opened(OpenStatement statement) {
    open.add(statement);
  }

  void forget(OpenStatement statement) {
    open.remove(statement);
  }

  /** Remembers what {@link #cancel} is to cancel. */
  void running(OpenStatement statement) {
    running = statement;
  }

  /** Cancels the statement that runs, if one does. Called without the lock, which that one has. */
  void cancel() throws SQLException {
    OpenStatement statement = running;
    if (statement != null) {
      statement.cancel();
    }
  }

  private void cancelQuietly() {
    try {
      cancel();
    } catch (SQLException e) {
      LOG.debug("a statement could not be cancelled", e);
    }
  }

  /**
   * Locks, and cancels whatever runs until then; also what had not quite begun at the first try.
   */
  void lockCancelling() {
    boolean interrupted = false;
    boolean locked = false;
    while (!locked) {
      cancelQuietly();
      try {
        locked = lock.tryLock(1, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** SQLite undoes a whole transaction on some errors; later statements must not run without it. */
  SQLException failed(SQLException failure) {
    isLostBy(failure);
    return failure;
  }

  /** Whether a statement's failure took the whole transaction with it, which is over then. */
  boolean isLostBy(SQLException failure) {
    if (writer == null || !isUndone()) {
      return false;
    }
    lose("SQLite rolled the transaction back because a statement failed", failure);
    return true;
  }

  /** SQLite refuses a second BEGIN. The statement is thrown away: it may be of no use any more. */
  private boolean isUndone() {
    try (Statement statement = ground.lane().connection().jdbc().createStatement()) {
      statement.executeUpdate("BEGIN");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  // ---- ending the transaction

  /**
   * Commits.
   *
   * @return what is to be run once the lock is free
   */
  List<Runnable> commit() throws SQLException {
    refuseIfLost();
    if (target == null) {
      return List.of();
    }
    closeRows(isOtherThread());
    if (writer == null) {
      endReading();
      return List.of();
    }
    List<Runnable> actions = new ArrayList<>();
    actions.add(ground.afterCommit());
    actions.addAll(committed);
    boolean done = false;
    try {
      ground.lane().commit();
      done = true;
    } finally {
      List<Runnable> otherwise = releaseWriter();
      if (!done) {
        otherwise.forEach(Runnable::run);
      }
    }
    return actions;
  }

  /**
   * Rolls back.
   *
   * @return what is to be run once the lock is free
   */
  List<Runnable> rollback() throws SQLException {
    lost = null;
    if (target == null) {
      return List.of();
    }
    closeRows(isOtherThread());
    if (writer == null) {
      endReading();
      return List.of();
    }
    ground.lane().rollback(null);
    return releaseWriter();
  }

  private void endReading() throws SQLException {
    StoreConnection reader = Objects.requireNonNull(target);
    target = null;
    savepoints.clear();
    try {
      reader.statement("COMMIT").executeUpdate();
    } catch (SQLException e) {
      reader.forgetStatements(e);
      throw e;
    } finally {
      ground.readers().giveBack(reader);
    }
  }

  /** Gives the writer back, and returns whom to tell of a rollback. */
  private List<Runnable> releaseWriter() {
    final List<Runnable> actions = new ArrayList<>(rolledBack);
    target = null;
    writer = null;
    joined = false;
    savepoints.clear();
    committed.clear();
    rolledBack.clear();
    ground.lane().release();
    return actions;
  }

  private void lose(String why, @Nullable Throwable cause) {
    SQLException reason = RoutedFailures.rolledBack(why, cause);
    closeRows(isOtherThread());
    ground.lane().rollback(reason);
    lost = reason;
    if (!inside) {
      releaseWriter().forEach(Runnable::run);
    }
  }

  /** Ends what is open; the connection cannot be used after that. */
  List<Runnable> close() throws SQLException {
    closed = true;
    List<Runnable> actions = rollback();
    closeRows(false);
    return actions;
  }

  /** Ends the use of a transaction that honker is about to end. */
  void leaveTransaction() {
    closed = true;
    closeRows(isOtherThread());
  }

  /** Whatever the driver says to it: the transaction ends, or nobody else would get the writer. */
  private void closeRows(boolean discard) {
    for (OpenStatement statement : List.copyOf(open)) {
      QuietClose.close(() -> statement.dropRows(discard));
    }
    open.clear();
  }

  // ---- whose it is

  private boolean isOtherThread() {
    return writer != null && writer != Thread.currentThread();
  }

  private void refuseOtherThread() throws SQLException {
    Thread holder = writer;
    if (holder != null && holder != Thread.currentThread()) {
      throw RoutedFailures.otherThread(holder);
    }
  }

  private void refuseIfLost() throws SQLException {
    SQLException reason = lost;
    if (reason != null) {
      throw RoutedFailures.rolledBack("the transaction is gone", reason);
    }
  }

  private void refuseIfExpired() throws SQLException {
    if (isExpired()) {
      loseExpired();
      refuseIfLost();
    }
  }

  boolean isInside() {
    return inside;
  }

  private boolean isExpired() {
    Duration limit = ground.maxWriterHold();
    return limit != null && TIME.nanoTime() - writerSince > limit.toNanos();
  }

  private void loseExpired() {
    lose("the transaction held the writer for longer than " + ground.maxWriterHold(), null);
  }

  /** Called by those who wait for the writer: lets them have it unless a statement runs on it. */
  void releaseIfExpired() {
    if (lock.tryLock()) {
      try {
        if (writer != null && !joined && isExpired()) {
          loseExpired();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  // ---- savepoints

  Savepoint setSavepoint(@Nullable String name) throws SQLException {
    if (autoCommit) {
      throw noTransaction();
    }
    return savepoints.set(transaction(), name);
  }

  void rollbackTo(Savepoint savepoint) throws SQLException {
    savepoints.rollbackTo(begun(), savepoint);
  }

  void release(Savepoint savepoint) throws SQLException {
    savepoints.release(begun(), savepoint);
  }

  private StoreConnection begun() throws SQLException {
    refuseIfLost();
    if (target == null) {
      throw noTransaction();
    }
    return transaction();
  }

  private static SQLException noTransaction() {
    return RoutedFailures.wrongState(
        "savepoints are parts of a transaction, and none is open; call setAutoCommit(false) first");
  }

  // ---- honker on this connection

  /** The writer for honker's own statements, which then belong to this transaction. */
  StoreConnection joinTransaction() throws SQLException {
    checkOpen();
    if (inside) {
      throw RoutedFailures.wrongState(
          "this connection is inside inTransaction() already; use the Transaction it came from");
    }
    if (readOnly) {
      throw RoutedFailures.readOnly();
    }
    StoreConnection connection = transaction();
    joined = true;
    return connection;
  }

  void onTransactionEnd(Runnable whenCommitted, Runnable whenRolledBack) {
    committed.add(whenCommitted);
    rolledBack.add(whenRolledBack);
  }

  @Override
  public String toString() {
    Thread holder = writer;
    String mode = autoCommit ? "auto-commit" : readOnly ? "read-only" : "read-write";
    return closed ? "closed" : holder == null ? mode : mode + ", writer of " + holder.getName();
  }
}
