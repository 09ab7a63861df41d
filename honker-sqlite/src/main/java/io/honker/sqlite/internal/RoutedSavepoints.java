package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The savepoints of one transaction, as SQL. */
final class RoutedSavepoints {

  private final List<Named> open = new ArrayList<>();
  private int ids;

  Savepoint set(StoreConnection transaction, @Nullable String name) throws SQLException {
    Named savepoint = new Named(open.size() + 1, ++ids, name);
    run(transaction, "SAVEPOINT " + savepoint.sqlName());
    open.add(savepoint);
    return savepoint;
  }

  void rollbackTo(StoreConnection transaction, Savepoint savepoint) throws SQLException {
    int index = indexOf(savepoint);
    run(transaction, "ROLLBACK TO " + open.get(index).sqlName());
    open.subList(index + 1, open.size()).clear();
  }

  void release(StoreConnection transaction, Savepoint savepoint) throws SQLException {
    int index = indexOf(savepoint);
    run(transaction, "RELEASE " + open.get(index).sqlName());
    open.subList(index, open.size()).clear();
  }

  /** Forgets all: the transaction has ended. */
  void clear() {
    open.clear();
  }

  @SuppressWarnings("ReferenceEquality") // a savepoint is itself, whatever its name
  private int indexOf(Savepoint savepoint) throws SQLException {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i) == savepoint) {
        return i;
      }
    }
    throw RoutedFailures.wrongState(
        "this savepoint is not one of the open transaction, or was released before");
  }

  private static void run(StoreConnection transaction, String sql) throws SQLException {
    try {
      transaction.statement(sql).executeUpdate();
    } catch (SQLException e) {
      transaction.forgetStatements(e);
      throw e;
    }
  }

  /**
   * A savepoint. Its name in SQL is made of its depth, so that there are few different statements
   * to keep and the application's name needs no quoting.
   */
  private record Named(int depth, int id, @Nullable String name) implements Savepoint {

    String sqlName() {
      return "\"honkerj_savepoint_" + depth + '"';
    }

    @Override
    public int getSavepointId() throws SQLException {
      if (name != null) {
        throw new SQLException("this savepoint has a name, not an id");
      }
      return id;
    }

    @Override
    public String getSavepointName() throws SQLException {
      if (name == null) {
        throw new SQLException("this savepoint has an id, not a name");
      }
      return name;
    }
  }
}
