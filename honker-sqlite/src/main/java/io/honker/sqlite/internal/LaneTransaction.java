package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.StoreTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A transaction that has the writer to itself. */
final class LaneTransaction implements StoreTransaction {

  private final WriteLane lane;
  private final SqliteFailures failures;
  private @Nullable RoutedConnection view;

  private LaneTransaction(WriteLane lane, SqliteFailures failures) {
    this.lane = lane;
    this.failures = failures;
  }

  static LaneTransaction begin(WriteLane lane, SqliteFailures failures) {
    lane.acquire();
    try {
      lane.begin();
      return new LaneTransaction(lane, failures);
    } catch (SQLException e) {
      lane.release();
      throw failures.translate("beginning a transaction", e);
    } catch (RuntimeException | Error e) {
      lane.release();
      throw e;
    }
  }

  @Override
  public StoreConnection connection() {
    return lane.connection();
  }

  @Override
  public Connection applicationConnection() {
    if (view == null) {
      view = RoutedConnection.insideTransaction(lane);
    }
    return view;
  }

  @Override
  public boolean survived() {
    return lane.isInTransaction();
  }

  @Override
  public void commit() {
    try {
      endView();
      lane.commit();
    } catch (SQLException e) {
      throw failures.translate("committing", e);
    } finally {
      lane.release();
    }
  }

  @Override
  public void rollback() {
    try {
      endView();
      lane.rollback(null);
    } finally {
      lane.release();
    }
  }

  private void endView() {
    if (view != null) {
      view.transactionEnded();
    }
  }
}
