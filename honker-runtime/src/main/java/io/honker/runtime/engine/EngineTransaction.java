package io.honker.runtime.engine;

import io.honker.error.HonkerException;
import io.honker.error.StoreException;
import io.honker.runtime.loop.CommitSignals;
import io.honker.runtime.loop.WakeKey;
import io.honker.runtime.store.StoreConnection;
import io.honker.tx.RowMapper;
import io.honker.tx.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's transaction: runs SQL on the store's connection and remembers whom to wake. */
public abstract sealed class EngineTransaction implements Transaction
    permits OwnedTransaction, JoinedEngineTransaction {

  private static final Logger LOG = LoggerFactory.getLogger("io.honker");

  private final TransactionScope scope;
  private final Thread owner = Thread.currentThread();
  private final Set<WakeKey> touched = new LinkedHashSet<>();
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final List<Runnable> afterRollback = new ArrayList<>();
  private boolean ranOtherSql;
  private boolean ended;
  private boolean lost;

  EngineTransaction(TransactionScope scope) {
    this.scope = scope;
  }

  abstract StoreConnection rawConnection();

  abstract Connection applicationConnection();

  final boolean belongsTo(TransactionScope other) {
    return scope == other;
  }

  /** The connection for honker's own SQL, if the transaction is usable. */
  public final StoreConnection storeConnection() {
    checkUsable();
    beforeUse();
    return rawConnection();
  }

  /** Called before every statement, when the transaction is usable. */
  void beforeUse() {}

  /** Remembers to wake those who wait for a thing, if this commits. */
  public final void touch(WakeKey key) {
    touched.add(key);
  }

  final void checkUsable() {
    if (ended) {
      throw new IllegalStateException(
          "this transaction has ended; use it only inside the work it was handed to");
    }
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "this transaction belongs to thread \""
              + owner.getName()
              + "\" and cannot be used on \""
              + Thread.currentThread().getName()
              + "\"");
    }
    scope.checkOpen();
    refuseIfLost();
  }

  /** Whether the engine kept the transaction open after a failed statement. */
  abstract boolean survived();

  /**
   * Makes the exception of a failed statement, and remembers if the whole transaction went with it.
   */
  final HonkerException failed(String doing, SQLException cause) {
    rawConnection().forgetStatements(cause);
    lost |= !survived();
    return scope.store().failure(doing, cause);
  }

  /** Fails if the engine has undone the transaction, so that nothing more may be written in it. */
  final void refuseIfLost() {
    if (lost) {
      throw new StoreException(
          "the database has rolled this transaction back after an error; let that error end it",
          null);
    }
  }

  final boolean hasEnded() {
    return ended;
  }

  final void markEnded() {
    ended = true;
  }

  /** Wakes waiters and runs actions; the writer is free by now. */
  final void finishCommitted() {
    CommitSignals signals = scope.signals();
    if (ranOtherSql) {
      signals.signalAll();
    }
    touched.forEach(signals::signal);
    runAll(afterCommit);
  }

  final void finishRolledBack() {
    runAll(afterRollback);
  }

  private static void runAll(List<Runnable> actions) {
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.warn("an action registered to run after a transaction threw", e);
      }
    }
  }

  @Override
  public final Connection connection() {
    checkUsable();
    beforeUse();
    ranOtherSql = true;
    return applicationConnection();
  }

  @Override
  public final int execute(String sql, @Nullable Object... parameters) {
    return run(
        sql,
        parameters,
        statement -> {
          if (!statement.execute()) {
            return statement.getUpdateCount();
          }
          statement.getResultSet().close();
          return 0;
        });
  }

  @Override
  public final long insert(String sql, @Nullable Object... parameters) {
    execute(sql, parameters);
    try {
      return scope.store().lastInsertId(rawConnection());
    } catch (SQLException e) {
      throw failed("reading the inserted row's id", e);
    }
  }

  @Override
  public final <R> List<R> query(String sql, RowMapper<R> mapper, @Nullable Object... parameters) {
    Objects.requireNonNull(mapper, "mapper");
    return run(
        sql,
        parameters,
        statement -> {
          List<R> values = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              values.add(mapper.map(rows));
            }
          }
          return values;
        });
  }

  @Override
  public final <R> Optional<R> queryFirst(
      String sql, RowMapper<R> mapper, @Nullable Object... parameters) {
    Objects.requireNonNull(mapper, "mapper");
    return run(
        sql,
        parameters,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
          }
        });
  }

  private interface StatementUse<R> {
    R apply(PreparedStatement statement) throws SQLException;
  }

  private <R> R run(String sql, @Nullable Object[] parameters, StatementUse<R> use) {
    checkUsable();
    Objects.requireNonNull(sql, "sql");
    beforeUse();
    ranOtherSql = true;
    StoreConnection connection = rawConnection();
    try {
      PreparedStatement statement = connection.take(sql);
      boolean keep = false;
      try {
        for (int i = 0; i < parameters.length; i++) {
          statement.setObject(i + 1, parameters[i]);
        }
        R value = use.apply(statement);
        keep = true;
        return value;
      } finally {
        if (keep) {
          connection.keep(sql, statement);
        } else {
          statement.close();
        }
      }
    } catch (SQLException e) {
      throw failed("running the application's SQL", e);
    }
  }

  @Override
  public final void afterCommit(Runnable action) {
    checkUsable();
    afterCommit.add(Objects.requireNonNull(action, "action"));
  }

  @Override
  public final void afterRollback(Runnable action) {
    checkUsable();
    afterRollback.add(Objects.requireNonNull(action, "action"));
  }
}
