package io.honker.tx;

/**
 * A {@link Transaction} view of a JDBC transaction that the application owns (rule T-4).
 *
 * <p>Honker writes through the application's connection and never commits, rolls back or closes it.
 * The application ends its JDBC transaction as always and then tells honker how it ended, so that
 * waiters are woken at once. If it forgets, the writes are safe all the same; other waiters learn
 * of the commit from the file.
 *
 * <p>Confined to one thread.
 *
 * @since 0.1.0
 */
public interface JoinedTransaction extends Transaction {

  /**
   * Tells that the JDBC transaction has committed: wakes waiters, runs {@link #afterCommit}
   * actions. Calling it again does nothing.
   */
  void committed();

  /**
   * Tells that the JDBC transaction was rolled back: runs {@link #afterRollback} actions, wakes
   * nobody. Calling it again does nothing.
   */
  void rolledBack();

  /**
   * Sets what runs before each use of this transaction that may reach the database: honker's own
   * statements, {@code execute}, {@code insert}, {@code query}, and the handing out of {@code
   * connection}. Adapters write there what an object-relational mapper still holds back.
   *
   * <p>What the action throws reaches the caller, and the statement does not run. Uses of this
   * transaction by the action itself do not run it again.
   *
   * @param action the action, in place of the one set before; never null
   */
  void beforeEachUse(Runnable action);
}
