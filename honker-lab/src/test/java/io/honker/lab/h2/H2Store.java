package io.honker.lab.h2;

import io.honker.error.HonkerException;
import io.honker.error.HonkerInterruptedException;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreBusyException;
import io.honker.error.StoreException;
import io.honker.error.StoreUnavailableException;
import io.honker.runtime.store.BridgeStore;
import io.honker.runtime.store.GroupStore;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.JoinedConnection;
import io.honker.runtime.store.LockStore;
import io.honker.runtime.store.NotificationStore;
import io.honker.runtime.store.RateStore;
import io.honker.runtime.store.ResultStore;
import io.honker.runtime.store.ScheduleStore;
import io.honker.runtime.store.Store;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreFunction;
import io.honker.runtime.store.StoreTransaction;
import io.honker.runtime.store.StreamStore;
import io.honker.runtime.store.WriteOperation;
import io.honker.tx.ReadFunction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A small store over one H2 database in this process: one writing connection under a fair lock, and
 * readers that open when needed.
 */
final class H2Store implements Store {

  private static final long PATIENCE_SECONDS = 30;

  private final String url;
  private final JdbcDataSource dataSource;
  private final StoreConnection writer;
  private final String databaseId;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final ConcurrentLinkedDeque<StoreConnection> idleReaders = new ConcurrentLinkedDeque<>();
  private final H2Joined joined = new H2Joined();
  private final JobStore jobs = new H2Jobs();
  private final ResultStore results = new H2Results();
  private final ScheduleStore schedules = new H2Schedules();
  private final LockStore locks = new H2Locks();
  private final RateStore rates = new H2Rates();
  private final StreamStore streams = new H2Streams();
  private final GroupStore groups = new H2Groups();
  private final NotificationStore notifications = new H2Notifications();
  private final BridgeStore bridges = new H2Bridges();
  private volatile boolean closed;

  private H2Store(String url, JdbcDataSource dataSource, Connection writing, String databaseId) {
    this.url = url;
    this.dataSource = dataSource;
    this.writer = new StoreConnection(writing);
    this.databaseId = databaseId;
  }

  static H2Store open(String url) {
    JdbcDataSource dataSource = new JdbcDataSource();
    dataSource.setURL(url);
    dataSource.setUser("sa");
    dataSource.setPassword("");
    try {
      Connection writing = dataSource.getConnection();
      String databaseId = H2Schema.prepare(writing);
      writing.setAutoCommit(false);
      return new H2Store(url, dataSource, writing, databaseId);
    } catch (SQLException e) {
      throw new StoreUnavailableException(url + " cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public String description() {
    return "h2 " + org.h2.engine.Constants.VERSION;
  }

  @Override
  public String databaseId() {
    return databaseId;
  }

  @Override
  public String location() {
    return url;
  }

  @Override
  public long sizeBytes() {
    return 0; // not measured
  }

  @Override
  public long walBytes() {
    return 0;
  }

  // ---- the writer

  @Override
  public <R> R write(WriteOperation<R> operation) {
    acquire();
    try {
      R result = operation.function().apply(writer);
      writer.jdbc().commit();
      return result;
    } catch (SQLException e) {
      rollBack(e);
      throw failure("writing", e);
    } catch (RuntimeException | Error e) {
      rollBack(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isHeldByThisThread() {
    return lock.isHeldByCurrentThread();
  }

  /** A plain write: this database is in memory. */
  @Override
  public <R> R writeDurably(WriteOperation<R> operation) {
    return write(operation);
  }

  @Override
  public StoreTransaction begin() {
    acquire();
    return new H2Transaction(this, writer);
  }

  private void acquire() {
    joined.refuseIfJoinedByThisThread();
    if (lock.isHeldByCurrentThread()) {
      throw new NestedWriteException("it holds the writer of this store", null);
    }
    try {
      if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new StoreBusyException("waited " + PATIENCE_SECONDS + " s for the writer", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HonkerInterruptedException("interrupted while waiting for the writer", e);
    }
    if (closed) {
      lock.unlock();
      throw new IllegalStateException("this Honker is closed; open it again for further work");
    }
  }

  /** Commits the transaction of {@link #begin} and frees the writer. */
  void commit() {
    try {
      writer.jdbc().commit();
    } catch (SQLException e) {
      rollBack(e);
      throw failure("committing", e);
    } finally {
      lock.unlock();
    }
  }

  /** Rolls the transaction of {@link #begin} back and frees the writer. */
  void rollBack() {
    try {
      rollBack(null);
    } finally {
      lock.unlock();
    }
  }

  private void rollBack(Throwable cause) {
    try {
      writer.jdbc().rollback();
    } catch (SQLException e) {
      if (cause != null) {
        cause.addSuppressed(e);
      }
    }
  }

  // ---- readers

  @Override
  public <R> R read(StoreFunction<R> function) {
    StoreConnection reader = idleReaders.pollFirst();
    try {
      if (reader == null) {
        reader = new StoreConnection(openReader());
      }
      try {
        return function.apply(reader);
      } finally {
        reader.jdbc().rollback();
      }
    } catch (SQLException e) {
      throw failure("reading", e);
    } finally {
      if (reader != null) {
        idleReaders.addFirst(reader);
      }
    }
  }

  private Connection openReader() throws SQLException {
    JdbcDataSource reading = new JdbcDataSource();
    reading.setURL(writer.jdbc().getMetaData().getURL()); // without settings, which are for admins
    Connection connection = reading.getConnection(H2Schema.READER, "");
    connection.setTransactionIsolation(org.h2.engine.Constants.TRANSACTION_SNAPSHOT);
    connection.setAutoCommit(false);
    return connection;
  }

  // ---- the rest

  @Override
  public <R> R readForApplication(ReadFunction<R> work) {
    return read(reader -> work.apply(reader.jdbc()));
  }

  @Override
  public JoinedConnection join(Connection connection) {
    if (lock.isHeldByCurrentThread()) {
      throw new NestedWriteException("it holds the writer of this store", null);
    }
    try {
      return joined.join(connection, writer.jdbc().getMetaData().getURL());
    } catch (SQLException e) {
      throw failure("joining a connection", e);
    }
  }

  @Override
  public long lastInsertId(StoreConnection connection) throws SQLException {
    try (ResultSet row = connection.statement("SELECT IDENTITY()").executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public HonkerException failure(String doing, SQLException cause) {
    String text = doing + " failed on " + url + ": " + cause.getMessage();
    return switch (cause.getErrorCode()) {
      case ErrorCode.LOCK_TIMEOUT_1, ErrorCode.DEADLOCK_1, ErrorCode.CONCURRENT_UPDATE_1 ->
          new StoreBusyException(text, cause);
      case ErrorCode.DATABASE_IS_CLOSED, ErrorCode.CONNECTION_BROKEN_1 ->
          new StoreUnavailableException(text, cause);
      default -> new StoreException(text, cause);
    };
  }

  @Override
  public JobStore jobs() {
    return jobs;
  }

  @Override
  public ResultStore results() {
    return results;
  }

  @Override
  public ScheduleStore schedules() {
    return schedules;
  }

  @Override
  public LockStore locks() {
    return locks;
  }

  @Override
  public RateStore rates() {
    return rates;
  }

  @Override
  public StreamStore streams() {
    return streams;
  }

  @Override
  public GroupStore groups() {
    return groups;
  }

  @Override
  public NotificationStore notifications() {
    return notifications;
  }

  @Override
  public BridgeStore bridges() {
    return bridges;
  }

  @Override
  public DataSource dataSource() {
    return dataSource;
  }

  @Override
  public void onForeignCommit(Runnable listener) {
    // nobody else has this database, and H2 does not tell of the commits of other connections
  }

  @Override
  public void watchCommits(boolean someoneWaits) {}

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      for (StoreConnection reader : idleReaders) {
        reader.close();
        reader.jdbc().close();
      }
      writer.close();
      writer.jdbc().close();
    } catch (SQLException e) {
      throw failure("closing", e);
    } finally {
      lock.unlock();
    }
  }
}
