package io.honker.runtime.store;

import io.honker.error.HonkerException;
import io.honker.tx.ReadFunction;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One open database. Owns connections and the way writers take turns; knows nothing of queues
 * beyond their SQL.
 *
 * <p>Safe for use by multiple threads. SQL failures leave as {@link
 * io.honker.error.HonkerException}s.
 */
public interface Store extends AutoCloseable {

  /** What the store is, for people: its provider's name and the engine's version. */
  String description();

  /** The identity of the database, made when this library first opened it. */
  String databaseId();

  /** The location it was opened with. */
  String location();

  /** The size of the database in bytes. */
  long sizeBytes();

  /** The size of the write-ahead log in bytes, 0 where there is none. */
  long walBytes();

  /**
   * Runs one operation of honker's own atomically and returns after its commit. The store may put
   * operations of waiting threads into one transaction; one that fails does not take the others
   * with it (rule T-6).
   *
   * @throws io.honker.error.NestedWriteException if this thread holds the writer
   */
  <R extends @Nullable Object> R write(WriteOperation<R> operation);

  /**
   * Runs one operation of honker's own atomically, and returns when it and everything committed
   * before it would survive a loss of power.
   *
   * @throws io.honker.error.NestedWriteException if this thread holds the writer
   */
  <R extends @Nullable Object> R writeDurably(WriteOperation<R> operation);

  /**
   * Begins a transaction that this thread has to itself, in its turn.
   *
   * @throws io.honker.error.NestedWriteException if this thread holds the writer
   */
  StoreTransaction begin();

  /** Whether this thread holds the writer, so that whoever it waits for must not need it. */
  boolean isHeldByThisThread();

  /** Runs a read of honker's own on a pooled connection, in one snapshot. */
  <R extends @Nullable Object> R read(StoreFunction<R> function);

  /**
   * Runs a read of the application's in one snapshot, on a connection that refuses writes whatever
   * is tried on it, and that it cannot spoil for others.
   */
  <R extends @Nullable Object> R readForApplication(ReadFunction<R> work);

  /**
   * Returns the connection with kept statements behind a JDBC connection that the application owns,
   * after checking that it leads to this database and is inside a transaction.
   */
  JoinedConnection join(Connection connection);

  /** The row id that the last INSERT on this connection made. */
  long lastInsertId(StoreConnection connection) throws SQLException;

  /** Makes the exception that tells an application of an SQL failure. */
  HonkerException failure(String doing, SQLException cause);

  /** The SQL of jobs. */
  JobStore jobs();

  /** The SQL of results. */
  ResultStore results();

  /** The SQL of schedules. */
  ScheduleStore schedules();

  /** The SQL of locks. */
  LockStore locks();

  /** The SQL of rate limits. */
  RateStore rates();

  /** The SQL of event streams. */
  StreamStore streams();

  /** The SQL of consumer groups. */
  GroupStore groups();

  /** The SQL of notifications. */
  NotificationStore notifications();

  /** The SQL of bridges. */
  BridgeStore bridges();

  /** The data source of rule T-8. */
  DataSource dataSource();

  /**
   * Sets who is told of commits that the caller of {@link #write} and {@link #begin} does not know
   * of: those of other processes, of other connections, and of the data source. Called once, before
   * anything else.
   */
  void onForeignCommit(Runnable listener);

  /**
   * Tells the store whether anybody waits for commits, so that it watches only then. Called with
   * true before each new waiter is counted: commits made until then are not announced to it.
   */
  void watchCommits(boolean someoneWaits);

  /** Closes all connections and joins all threads. Idempotent. */
  @Override
  void close();
}
