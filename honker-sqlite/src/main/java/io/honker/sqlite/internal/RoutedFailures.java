package io.honker.sqlite.internal;

import io.honker.error.HonkerInterruptedException;
import io.honker.error.NestedWriteException;
import io.honker.error.StoreBusyException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** What users of the data source see where others see honker's own exceptions. */
final class RoutedFailures {

  private static final String INVALID_TRANSACTION_STATE = "25001";
  private static final String READ_ONLY_TRANSACTION = "25006";
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String CONNECTION_DOES_NOT_EXIST = "08003";
  private static final String TRANSACTION_ROLLBACK = "40000";
  private static final String OPERATION_CANCELED = "57014";

  private RoutedFailures() {}

  /** Makes an SQLException of what the lane or the reader pool threw. */
  static SQLException of(RuntimeException e) {
    String message = e.getMessage();
    if (e instanceof NestedWriteException) {
      return new SQLNonTransientException(
          "this thread holds the database's only writer already, and would wait for itself: "
              + "a transaction within a transaction (REQUIRES_NEW), a table or sequence id generator, "
              + "a connection that was not committed or closed, or the work of inTransaction(). Use "
              + "the connection that has the transaction, or end that one first",
          INVALID_TRANSACTION_STATE,
          e);
    }
    if (e instanceof StoreBusyException) {
      return new SQLTransientException(message, SERIALIZATION_FAILURE, e);
    }
    if (e instanceof HonkerInterruptedException) {
      return new SQLException(message, OPERATION_CANCELED, e);
    }
    if (e instanceof IllegalStateException) {
      return new SQLNonTransientConnectionException(message, CONNECTION_DOES_NOT_EXIST, e);
    }
    return new SQLException(message, e);
  }

  /** A write could not begin, mostly because another process writes. */
  static SQLException busy(SQLException e) {
    if (SqliteFailures.primaryCode(e) != SQLiteErrorCode.SQLITE_BUSY) {
      return e;
    }
    return new SQLTransientException(
        "another process kept the file locked longer than the writer timeout: " + e.getMessage(),
        SERIALIZATION_FAILURE,
        e.getErrorCode(),
        e);
  }

  static SQLException closed(String what) {
    return new SQLNonTransientConnectionException(
        what + " is closed", CONNECTION_DOES_NOT_EXIST, (Throwable) null);
  }

  static SQLException readOnly() {
    return new SQLNonTransientException(
        "the connection is read-only; call setReadOnly(false) before the transaction to write",
        READ_ONLY_TRANSACTION);
  }

  static SQLException wrongState(String message) {
    return new SQLNonTransientException(message, INVALID_TRANSACTION_STATE);
  }

  static SQLException otherThread(Thread holder) {
    return wrongState(
        "this connection's transaction belongs to thread \""
            + holder.getName()
            + "\" and cannot run statements on thread \""
            + Thread.currentThread().getName()
            + "\"; commit or roll back first, or use a connection for each thread");
  }

  /** The transaction is gone; to be repeated as a whole. */
  static SQLException rolledBack(String why, @Nullable Throwable cause) {
    return new SQLTransactionRollbackException(
        why + "; call rollback() and repeat the transaction", TRANSACTION_ROLLBACK, cause);
  }
}
