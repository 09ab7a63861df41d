package io.honker.sqlite.internal;

import io.honker.error.NestedWriteException;
import io.honker.runtime.store.JoinedConnection;
import io.honker.runtime.store.StoreConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Connections of the application that honker writes through (rule T-4), and whose threads they are.
 */
final class JoinedConnections {

  private final Path file;
  private final Map<Thread, Integer> joiners = new ConcurrentHashMap<>();

  JoinedConnections(Path file) {
    this.file = file;
  }

  /** A thread that joined a transaction would wait for itself if it asked for the writer. */
  void refuseIfJoinedByThisThread() {
    if (!joiners.isEmpty() && joiners.containsKey(Thread.currentThread())) {
      throw new NestedWriteException(
          "it has joined a JDBC transaction that is still open; call committed() or rolledBack()"
              + " when it ends",
          null);
    }
  }

  JoinedConnection join(Connection connection, WriteLane lane) throws SQLException {
    if (connection.isClosed()) {
      throw new IllegalStateException("the connection is closed; join an open one");
    }
    if (connection.getAutoCommit()) {
      throw new IllegalStateException(
          "the connection is in auto-commit mode, so there is no transaction to join; call"
              + " setAutoCommit(false) first");
    }
    RoutedConnection routed = routed(connection);
    if (routed != null) {
      return new OfDataSource(connection, routed, lane);
    }
    requireSameFile(connection);
    return new OfApplication(connection);
  }

  /** The connection of honker's data source that it is, or that a pool wraps; null if none. */
  static @Nullable RoutedConnection routed(Connection connection) throws SQLException {
    if (connection instanceof RoutedConnection routed) {
      return routed;
    }
    return connection.isWrapperFor(RoutedConnection.class)
        ? connection.unwrap(RoutedConnection.class)
        : null;
  }

  private void requireSameFile(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA database_list")) {
      while (rows.next()) {
        if ("main".equals(rows.getString("name")) && isThisFile(rows.getString("file"))) {
          return;
        }
      }
    } catch (SQLException e) {
      throw new IllegalArgumentException("the connection is not one to SQLite", e);
    }
    throw new IllegalArgumentException(
        "the connection leads to another database than this Honker, whose file is " + file);
  }

  private boolean isThisFile(String other) {
    try {
      return other != null && !other.isEmpty() && Path.of(other).toRealPath().equals(file);
    } catch (IOException e) {
      return false;
    }
  }

  /** A connection of honker's own data source: its transaction is on the write lane. */
  private static final class OfDataSource implements JoinedConnection {

    private final Connection application;
    private final RoutedConnection connection;
    private final StoreConnection writer;

    OfDataSource(Connection application, RoutedConnection connection, WriteLane lane)
        throws SQLException {
      if (!connection.isOf(lane)) {
        throw new IllegalArgumentException(
            "the connection comes from the data source of another database");
      }
      this.application = application;
      this.connection = connection;
      this.writer = connection.takeWriter();
    }

    @Override
    public StoreConnection connection() {
      return writer;
    }

    @Override
    public Connection applicationConnection() {
      return application;
    }

    @Override
    public boolean onEnd(Runnable committed, Runnable rolledBack) {
      connection.onTransactionEnd(committed, rolledBack);
      return true;
    }

    @Override
    public void release() {
      // the transaction belongs to the connection, which gives the writer back itself
    }
  }

  /** A connection that the application got elsewhere. */
  private final class OfApplication implements JoinedConnection {

    private final StoreConnection statements;
    private final Thread joiner = Thread.currentThread();
    private final AtomicBoolean released = new AtomicBoolean();

    OfApplication(Connection connection) {
      this.statements = new StoreConnection(connection);
      joiners.merge(joiner, 1, Integer::sum);
    }

    @Override
    public StoreConnection connection() {
      return statements;
    }

    @Override
    public Connection applicationConnection() {
      return statements.jdbc();
    }

    @Override
    public boolean onEnd(Runnable committed, Runnable rolledBack) {
      return false;
    }

    @Override
    public void release() {
      if (released.compareAndSet(false, true)) {
        joiners.computeIfPresent(joiner, (t, count) -> count == 1 ? null : (Integer) (count - 1));
        QuietClose.close(statements);
      }
    }
  }
}
