package io.honker.runtime.engine;

import io.honker.runtime.store.JoinedConnection;
import io.honker.runtime.store.StoreConnection;
import io.honker.tx.JoinedTransaction;
import java.sql.Connection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A transaction view of a connection that the application owns (rule T-4). */
public final class JoinedEngineTransaction extends EngineTransaction implements JoinedTransaction {

  private final JoinedConnection joined;
  private @Nullable Runnable beforeEachUse;

  JoinedEngineTransaction(TransactionScope scope, JoinedConnection joined) {
    super(scope);
    this.joined = joined;
    joined.onEnd(this::committed, this::rolledBack);
  }

  @Override
  StoreConnection rawConnection() {
    return joined.connection();
  }

  @Override
  Connection applicationConnection() {
    return joined.applicationConnection();
  }

  @Override
  boolean survived() {
    return true; // the application's driver tells the application
  }

  @Override
  public void beforeEachUse(Runnable action) {
    checkUsable();
    beforeEachUse = Objects.requireNonNull(action, "action");
  }

  /** What the action does in this transaction itself does not run it again. */
  @Override
  void beforeUse() {
    Runnable action = beforeEachUse;
    if (action == null) {
      return;
    }
    beforeEachUse = null;
    try {
      action.run();
    } finally {
      beforeEachUse = action;
    }
  }

  @Override
  public void committed() {
    if (end()) {
      finishCommitted();
    }
  }

  @Override
  public void rolledBack() {
    if (end()) {
      finishRolledBack();
    }
  }

  private boolean end() {
    if (hasEnded()) {
      return false;
    }
    markEnded();
    joined.release();
    return true;
  }
}
