package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the data source (rule T-8).
 *
 * <p>In auto-commit mode each statement runs where it belongs: a query on a reader, which its rows
 * keep until they are closed, anything else on the writer in its turn. Otherwise a transaction
 * begins with the first statement: it takes the writer in its turn, with BEGIN IMMEDIATE, or a
 * reader if the connection is read-only, and has it until it ends.
 *
 * <p>Transactions are serializable whatever isolation is asked for. BEGIN, COMMIT and ROLLBACK as
 * SQL text are refused, and so are ATTACH and those PRAGMAs that would set something on a physical
 * connection, which others use, too; SAVEPOINT, RELEASE and ROLLBACK TO pass inside a transaction.
 * Temporary tables live on the writer and are seen inside transactions only. Result sets are closed
 * by the end of the transaction. A prepared statement meets SQLite, which may find it wrong, when
 * it first runs. Nothing of a batch that fails is left, in either mode. Rows of a statement that
 * writes are read into memory before it returns. In auto-commit mode {@code last_insert_rowid()}
 * and {@code changes()} have no SQLite connection to ask: the first is answered if asked for alone,
 * after an insert, anything else of the kind is refused.
 *
 * <p>Confined to one thread at a time. Once a transaction has the writer its statements run on the
 * thread that took it; other threads may commit, roll back, close, abort, and cancel statements.
 */
final class RoutedConnection implements Connection {

  private final Route route;
  private int isolation = TRANSACTION_SERIALIZABLE;

  RoutedConnection(Route route) {
    this.route = route;
  }

  /** The connection that an application sees inside a transaction that honker began. */
  static RoutedConnection insideTransaction(WriteLane lane) {
    return new RoutedConnection(
        Route.insideTransaction(new RouteGround(lane, null, () -> {}, () -> {}, null)));
  }

  // ---- for honker

  /** Ends the use of a transaction that honker is about to end. */
  void transactionEnded() {
    route.lock();
    try {
      route.leaveTransaction();
    } finally {
      route.unlock();
    }
  }

  boolean isOf(WriteLane lane) {
    return route.ground().lane() == lane;
  }

  /** Begins the transaction if need be, and returns the writer for honker's own statements. */
  StoreConnection takeWriter() throws SQLException {
    return lockedGet(route::joinTransaction);
  }

  /** Sets what is run when the transaction has ended and the writer is free. */
  void onTransactionEnd(Runnable committed, Runnable rolledBack) {
    route.lock();
    try {
      route.onTransactionEnd(committed, rolledBack);
    } finally {
      route.unlock();
    }
  }

  // ---- the transaction

  @Override
  public boolean getAutoCommit() throws SQLException {
    checkOpen();
    return route.isAutoCommit();
  }

  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    refuseInside("setAutoCommit");
    List<Runnable> actions =
        lockedGet(
            () -> {
              route.checkOpen();
              List<Runnable> ending =
                  autoCommit && !route.isAutoCommit() ? route.commit() : List.of();
              route.setAutoCommit(autoCommit);
              return ending;
            });
    actions.forEach(Runnable::run);
  }

  @Override
  public void commit() throws SQLException {
    end("commit", route::commit);
  }

  @Override
  public void rollback() throws SQLException {
    end("rollback", route::rollback);
  }

  private void end(String what, SqlSupplier<List<Runnable>> ending) throws SQLException {
    refuseInside(what);
    List<Runnable> actions =
        lockedGet(
            () -> {
              route.checkOpen();
              if (route.isAutoCommit()) {
                throw RoutedFailures.wrongState(
                    what + "() in auto-commit mode: there is no transaction");
              }
              return ending.get();
            });
    actions.forEach(Runnable::run);
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return newSavepoint(null);
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    return newSavepoint(name);
  }

  private Savepoint newSavepoint(@Nullable String name) throws SQLException {
    return lockedGet(
        () -> {
          route.checkOpen();
          return route.setSavepoint(name);
        });
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    locked(
        () -> {
          route.checkOpen();
          route.rollbackTo(savepoint);
        });
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    locked(
        () -> {
          route.checkOpen();
          route.release(savepoint);
        });
  }

  private void refuseInside(String what) throws SQLException {
    if (route.isInside()) {
      throw RoutedFailures.wrongState(
          what
              + "() on a connection inside inTransaction(): honker ends that transaction, when the"
              + " work returns (commit) or throws (rollback)");
    }
  }

  // ---- the end

  @Override
  public void close() throws SQLException {
    if (!route.isClosed()) {
      refuseInside("close");
      lockedGet(route::close).forEach(Runnable::run);
    }
  }

  @Override
  public boolean isClosed() {
    return route.isClosed();
  }

  @Override
  public void abort(@Nullable Executor executor) throws SQLException {
    if (executor == null) {
      throw new SQLException("abort needs an executor");
    }
    refuseInside("abort");
    route.cancel();
    executor.execute(
        () -> {
          route.lockCancelling();
          try {
            QuietClose.close(this);
          } finally {
            route.unlock();
          }
        });
  }

  @Override
  public boolean isValid(int timeout) throws SQLException {
    if (timeout < 0) {
      throw new SQLException("the timeout must not be negative: " + timeout);
    }
    return !route.isClosed() && !route.ground().lane().isClosed();
  }

  // ---- statements

  @Override
  public Statement createStatement() throws SQLException {
    checkOpen();
    return new RoutedStatement(this, route);
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    checkKind(type, concurrency, getHoldability());
    return createStatement();
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    checkKind(type, concurrency, holdability);
    return createStatement();
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepared(sql, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    checkKind(type, concurrency, getHoldability());
    return prepared(sql, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    checkKind(type, concurrency, holdability);
    return prepared(sql, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return prepared(sql, GeneratedKeys.column(autoGeneratedKeys));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    return prepared(sql, GeneratedKeys.column(columnIndexes));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    return prepared(sql, GeneratedKeys.column(columnNames));
  }

  private PreparedStatement prepared(String sql, @Nullable String keyColumn) throws SQLException {
    checkOpen();
    List<String> statements = SqlKind.statements(sql);
    if (statements.size() > 1) {
      throw new SQLException("a prepared statement is one statement; this text holds several");
    }
    RoutedSql text = new RoutedSql(statements.get(0), true, keyColumn);
    text.kind().refuseIfNotAllowed();
    return new RoutedPreparedStatement(this, route, text);
  }

  private void checkKind(int type, int concurrency, int holdability) throws SQLException {
    checkOpen();
    if (type != ResultSet.TYPE_FORWARD_ONLY
        || concurrency != ResultSet.CONCUR_READ_ONLY
        || (holdability != ResultSet.CLOSE_CURSORS_AT_COMMIT
            && holdability != ResultSet.HOLD_CURSORS_OVER_COMMIT)) {
      throw new SQLFeatureNotSupportedException("result sets go forward only and are read-only");
    }
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLite has no stored procedures");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    return prepareCall(sql);
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return prepareCall(sql);
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    checkOpen();
    return sql;
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    checkOpen();
    return RoutedMetaData.of(this, route);
  }

  // ---- settings

  @Override
  public boolean isReadOnly() throws SQLException {
    checkOpen();
    return route.isReadOnly();
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    locked(
        () -> {
          route.checkOpen();
          route.setReadOnly(readOnly);
        });
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    checkOpen();
    return isolation;
  }

  /** Accepts any level, and stays serializable, which keeps the promise of each. */
  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    checkOpen();
    isolation =
        switch (level) {
          case TRANSACTION_READ_UNCOMMITTED,
              TRANSACTION_READ_COMMITTED,
              TRANSACTION_REPEATABLE_READ,
              TRANSACTION_SERIALIZABLE ->
              TRANSACTION_SERIALIZABLE;
          default -> throw new SQLFeatureNotSupportedException("isolation level " + level);
        };
  }

  @Override
  public int getHoldability() throws SQLException {
    checkOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    checkKind(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, holdability);
  }

  @Override
  public @Nullable String getCatalog() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void setCatalog(@Nullable String catalog) throws SQLException {
    checkOpen();
  }

  @Override
  public @Nullable String getSchema() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void setSchema(@Nullable String schema) throws SQLException {
    checkOpen();
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    checkOpen();
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    checkOpen();
    return Map.of();
  }

  @Override
  public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
    if (!map.isEmpty()) {
      throw new SQLFeatureNotSupportedException("SQLite has no types of the user's own");
    }
  }

  @Override
  public void setClientInfo(String name, @Nullable String value) {}

  @Override
  public void setClientInfo(Properties properties) {}

  @Override
  public @Nullable String getClientInfo(String name) throws SQLException {
    checkOpen();
    return null;
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    checkOpen();
    return new Properties();
  }

  @Override
  public void setNetworkTimeout(@Nullable Executor executor, int milliseconds) {}

  @Override
  public int getNetworkTimeout() {
    return 0;
  }

  // ---- what SQLite has not

  @Override
  public Clob createClob() throws SQLException {
    throw noLargeObjects();
  }

  @Override
  public Blob createBlob() throws SQLException {
    throw noLargeObjects();
  }

  @Override
  public NClob createNClob() throws SQLException {
    throw noLargeObjects();
  }

  private static SQLException noLargeObjects() {
    return new SQLFeatureNotSupportedException(
        "SQLite has no large object locators; use setBytes, setString or streams");
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLite has no XML type");
  }

  @Override
  public Array createArrayOf(String typeName, Object[] elements) throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLite has no arrays");
  }

  @Override
  public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
    throw new SQLFeatureNotSupportedException("SQLite has no structured types");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrapped.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }

  @Override
  public String toString() {
    return "honker connection " + Integer.toHexString(hashCode()) + " (" + route + ")";
  }

  // ---- the lock

  private void checkOpen() throws SQLException {
    route.checkOpen();
  }

  private interface SqlRunnable {
    void run() throws SQLException;
  }

  private interface SqlSupplier<T> {
    T get() throws SQLException;
  }

  private void locked(SqlRunnable work) throws SQLException {
    route.lock();
    try {
      work.run();
    } finally {
      route.unlock();
    }
  }

  private <T> T lockedGet(SqlSupplier<T> work) throws SQLException {
    route.lock();
    try {
      return work.get();
    } finally {
      route.unlock();
    }
  }
}
