package io.honker.runtime.engine;

import io.honker.HonkerSettings;
import io.honker.codec.PayloadCodec;
import io.honker.error.NestedWriteException;
import io.honker.error.PayloadException;
import io.honker.observe.HonkerEvent;
import io.honker.observe.HonkerObserver;
import io.honker.runtime.codec.JacksonCodec;
import io.honker.runtime.loop.CommitSignals;
import io.honker.runtime.loop.LoopThreads;
import io.honker.runtime.store.Store;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreFunction;
import io.honker.runtime.store.WriteOperation;
import io.honker.time.HonkerClock;
import io.honker.tx.Transaction;
import io.honker.tx.TransactionFunction;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One open database as the features see it. Safe for use by multiple threads. */
public final class Engine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker");

  private final Store store;
  private final HonkerClock clock;
  private final PayloadCodec codec;
  private final HonkerObserver observer;
  private final long maxPayloadBytes;
  private final CommitSignals signals;
  private final Set<AutoCloseable> children = ConcurrentHashMap.newKeySet();
  private final Set<AutoCloseable> lastChildren = ConcurrentHashMap.newKeySet();
  private final TransactionScope scope;
  private final AtomicLong numbers = new AtomicLong();
  private final String workerIdPrefix;

  /** Puts the engine together and takes the store over. */
  public Engine(Store store, HonkerSettings settings) {
    this.store = store;
    this.clock = settings.clock();
    this.codec = settings.codec().orElseGet(JacksonCodec::new);
    this.observer = settings.observer();
    this.maxPayloadBytes = settings.maxPayloadBytes();
    this.signals = new CommitSignals(clock, store::watchCommits);
    this.scope = new TransactionScope(store, signals);
    this.workerIdPrefix =
        "honkerj-"
            + ProcessHandle.current().pid()
            + "-"
            + UUID.randomUUID().toString().substring(0, 8);
    store.onForeignCommit(signals::signalAll);
  }

  /** The store. */
  public Store store() {
    return store;
  }

  /** The clock of everything. */
  public HonkerClock clock() {
    return clock;
  }

  /** Who wakes whom. */
  public CommitSignals signals() {
    return signals;
  }

  /** A worker id that no process and no worker ever used before (rule Q-5). */
  public String newWorkerId() {
    return workerIdPrefix + "-" + numbers.incrementAndGet();
  }

  /** A number that is unique in this engine, for thread names. */
  public long nextNumber() {
    return numbers.incrementAndGet();
  }

  /** Fails if the database was closed. */
  public void checkOpen() {
    scope.checkOpen();
  }

  /** Whether {@link #close} began. */
  public boolean isClosed() {
    return scope.isClosed();
  }

  /** Encodes a payload and checks its size. */
  public String encode(@Nullable Object payload) {
    String json = codec.encode(payload);
    if (json.length() > maxPayloadBytes / 3) {
      long bytes = json.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxPayloadBytes) {
        throw PayloadException.tooLarge(bytes, maxPayloadBytes);
      }
    }
    return json;
  }

  /** Decodes a stored document. */
  public @Nullable Object decode(String json, Type type) {
    return codec.decode(json, type);
  }

  /**
   * Runs one of honker's own writes in its own transaction.
   *
   * @param call how the caller's method is named that also takes a transaction, for the message of
   *     a nested write
   */
  public <R extends @Nullable Object> R write(String call, WriteOperation<R> operation) {
    return write(call, "pass the open transaction: " + call + "(tx, ...)", operation);
  }

  /**
   * Runs one of honker's own writes that only go in a transaction of their own.
   *
   * @param call how the caller's method is named, for the message of a nested write
   */
  public <R extends @Nullable Object> R writeAlone(String call, WriteOperation<R> operation) {
    return write(call, "call it after the transaction", operation);
  }

  private <R extends @Nullable Object> R write(
      String call, String remedy, WriteOperation<R> operation) {
    checkOpen();
    try {
      return store.write(operation);
    } catch (NestedWriteException e) {
      throw new NestedWriteException(
          call
              + " opens a transaction of its own, but this thread is inside one already; "
              + remedy,
          e);
    }
  }

  /** Runs one of honker's own writes in the caller's transaction. */
  public <R extends @Nullable Object> R write(
      Transaction tx, String doing, StoreFunction<R> function) {
    EngineTransaction transaction = own(tx);
    StoreConnection connection = transaction.storeConnection();
    try {
      return function.apply(connection);
    } catch (SQLException e) {
      throw transaction.failed(doing, e);
    }
  }

  /** Reads on a pooled connection. */
  public <R extends @Nullable Object> R read(StoreFunction<R> function) {
    checkOpen();
    return store.read(function);
  }

  /** The engine's view of a transaction that the application handed in. */
  public EngineTransaction own(Transaction tx) {
    if (tx instanceof EngineTransaction transaction && transaction.belongsTo(scope)) {
      return transaction;
    }
    Objects.requireNonNull(tx, "tx");
    throw new IllegalArgumentException(
        "this transaction belongs to another database; begin one with inTransaction, or join one,"
            + " of the Honker that made the handle");
  }

  /** Runs work in one write transaction (rule T-1). */
  public <R extends @Nullable Object, X extends Exception> R inTransaction(
      TransactionFunction<R, X> work) throws X {
    checkOpen();
    OwnedTransaction tx = OwnedTransaction.begin(scope);
    R value;
    try {
      value = work.apply(tx);
    } catch (Throwable failure) {
      tx.rollBack(failure);
      throw failure;
    }
    tx.commit();
    return value;
  }

  /** Joins a transaction that the application owns (rule T-4). */
  public JoinedEngineTransaction join(Connection connection) {
    checkOpen();
    return new JoinedEngineTransaction(scope, store.join(connection));
  }

  /** Whether anybody listens to events. */
  public boolean isObserved() {
    return observer != HonkerObserver.NONE;
  }

  /** Tells the observer, building the event only if somebody listens. */
  public void observe(Supplier<HonkerEvent> event) {
    if (!isObserved()) {
      return;
    }
    try {
      observer.onEvent(event.get());
    } catch (RuntimeException e) {
      LOG.warn("the observer threw; the event is lost", e);
    }
  }

  /**
   * Registers something that must end before the store does, and after what {@link #adopt} took:
   * handlers may stand on it to their end. Called while the engine is put together.
   */
  public void adoptLast(AutoCloseable child) {
    lastChildren.add(child);
  }

  /** Registers something that must end before the store does. */
  public void adopt(AutoCloseable child) {
    children.add(child);
    if (scope.isClosed()) {
      closeQuietly(child);
      scope.checkOpen();
    }
  }

  /** Forgets something that has ended by itself. */
  public void release(AutoCloseable child) {
    children.remove(child);
  }

  /** Ends everything above the store, then the store. Called once, by the last handle. */
  @Override
  public void close() {
    if (store.isHeldByThisThread()) { // other threads would wait for it to give the writer back
      List.copyOf(children).forEach(Engine::closeQuietly);
    } else {
      closeAtOnce(List.copyOf(children));
    }
    children.clear();
    lastChildren.forEach(Engine::closeQuietly);
    scope.markClosed();
    signals.signalAll();
    store.close();
  }

  /**
   * Each may wait for its handlers, so each has a thread: the JVM's common pool is for work that
   * does not wait, and may be busy with the application's.
   */
  private static void closeAtOnce(List<AutoCloseable> children) {
    List<Thread> closers = new ArrayList<>();
    for (AutoCloseable child : children) {
      Thread closer =
          LoopThreads.daemon("honker-close-" + closers.size(), () -> closeQuietly(child));
      closer.start();
      closers.add(closer);
    }
    LoopThreads.join(closers);
  }

  private static void closeQuietly(AutoCloseable child) {
    try {
      child.close();
    } catch (Exception e) {
      LOG.warn("closing {} failed", child, e);
    }
  }
}
