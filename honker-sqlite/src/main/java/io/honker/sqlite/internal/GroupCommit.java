package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreFunction;
import io.honker.runtime.store.WriteOperation;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations of several callers in one transaction, each under a savepoint where it needs one,
 * so that one that fails fails alone (rule T-6). Only for the thread that holds the writer.
 */
final class GroupCommit {

  private final WriterTransactions transactions;

  GroupCommit(WriterTransactions transactions) {
    this.transactions = transactions;
  }

  /** Runs and commits; each turn then has its result or failure. */
  void run(List<LaneTurn> group) {
    if (group.size() == 1) {
      runInGroupOfOne(group.get(0));
      return;
    }
    try {
      transactions.begin();
      for (LaneTurn turn : group) {
        if (!runInGroup(turn)) {
          runEachAlone(group);
          return;
        }
      }
      transactions.commit();
    } catch (SQLException e) {
      transactions.connection().forgetStatements(e);
      transactions.rollback(null); // if it is still open
      group.forEach(turn -> turn.fail(e));
    }
  }

  /**
   * Runs one operation of a group.
   *
   * @return false if its failure took the whole transaction with it
   */
  private boolean runInGroup(LaneTurn turn) throws SQLException {
    WriteOperation<?> operation = Objects.requireNonNull(turn.operation());
    boolean savepoint = !operation.singleStatement();
    try {
      if (savepoint) {
        transactions.execute("SAVEPOINT honkerj_group");
      }
      turn.succeed(apply(operation.function()));
      if (savepoint) {
        transactions.execute("RELEASE honkerj_group");
      }
      return true;
    } catch (SQLException | RuntimeException | Error e) {
      transactions.connection().forgetStatements(e);
      if (!transactions.isOpen()) {
        return false;
      }
      if (savepoint) {
        transactions.execute("ROLLBACK TO honkerj_group");
        transactions.execute("RELEASE honkerj_group");
      }
      turn.fail(e);
      return true;
    }
  }

  private <R extends @Nullable Object> R apply(StoreFunction<R> function) throws SQLException {
    return function.apply(transactions.connection());
  }

  private void runEachAlone(List<LaneTurn> group) {
    for (LaneTurn turn : group) {
      if (turn.failure() == null) {
        runInGroupOfOne(turn);
      }
    }
  }

  private void runInGroupOfOne(LaneTurn turn) {
    try {
      turn.succeed(transactions.run(Objects.requireNonNull(turn.operation())));
    } catch (SQLException | RuntimeException | Error e) {
      transactions.connection().forgetStatements(e);
      turn.fail(e);
    }
  }
}
