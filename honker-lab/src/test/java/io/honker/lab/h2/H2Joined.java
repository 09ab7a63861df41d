package io.honker.lab.h2;

import io.honker.error.NestedWriteException;
import io.honker.runtime.store.JoinedConnection;
import io.honker.runtime.store.StoreConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Transactions of the application that honker writes in, and whose threads they are. */
final class H2Joined {

  private final Map<Thread, Integer> joiners = new ConcurrentHashMap<>();

  void refuseIfJoinedByThisThread() {
    if (joiners.containsKey(Thread.currentThread())) {
      throw new NestedWriteException("it has joined a transaction that is still open", null);
    }
  }

  JoinedConnection join(Connection connection, String url) throws SQLException {
    if (connection.isClosed() || connection.getAutoCommit()) {
      throw new IllegalStateException(
          "the connection is closed or in auto-commit mode; there is no transaction to join");
    }
    if (!url.equals(connection.getMetaData().getURL())) {
      throw new IllegalArgumentException(
          "the connection leads to another database than this Honker, which is " + url);
    }
    return new Join(connection);
  }

  private final class Join implements JoinedConnection {

    private final StoreConnection statements;
    private final Thread joiner = Thread.currentThread();
    private final AtomicBoolean released = new AtomicBoolean();

    Join(Connection connection) {
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
        joiners.computeIfPresent(joiner, (thread, count) -> count == 1 ? null : count - 1);
        try {
          statements.close();
        } catch (SQLException e) {
          throw new IllegalStateException("the kept statements cannot be closed", e);
        }
      }
    }
  }
}
