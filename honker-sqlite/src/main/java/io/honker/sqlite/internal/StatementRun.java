package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.BatchUpdateException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/** Runs a statement where it belongs, and holds what came of it. */
final class StatementRun {

  /** One statement of a batch. */
  record Item(RoutedSql sql, @Nullable RecordedParameters parameters) {}

  private final OpenStatement statement;
  private final Route route;

  /** Keeps {@link #cancel} from hitting a connection that belongs to somebody else by then. */
  private final ReentrantLock cancelLock = new ReentrantLock();

  private volatile @Nullable PhysicalStatement physical;
  private @Nullable ResultSet rows;
  private long updateCount = -1;
  private @Nullable GeneratedKeys keys;

  StatementRun(OpenStatement statement, Route route) {
    this.statement = statement;
    this.route = route;
  }

  // ---- one statement

  /** Runs one statement; true if it gave rows. */
  boolean execute(RoutedSql sql, @Nullable RecordedParameters parameters, SqlCall call)
      throws SQLException {
    route.lock();
    try {
      begin(sql.keyColumn());
      StoreConnection target = route.forStatement(sql.kind());
      if (target != null) {
        inTransaction(sql, parameters, call, target);
      } else {
        inAutoCommit(sql, parameters, call);
      }
      return rows != null;
    } finally {
      route.unlock();
    }
  }

  private void inAutoCommit(RoutedSql sql, @Nullable RecordedParameters parameters, SqlCall call)
      throws SQLException {
    switch (sql.place()) {
      case READER -> onReader(sql, parameters, call);
      case WRITER -> alone(sql, parameters, call);
      case CONNECTION -> rows = GeneratedKeys.last(route.lastRowId(sql), statement);
    }
  }

  private void begin(@Nullable String keyColumn) throws SQLException {
    statement.checkOpen();
    dropResults(false);
    keys = keyColumn == null ? null : new GeneratedKeys(keyColumn);
    route.running(statement);
  }

  private void inTransaction(
      RoutedSql sql, @Nullable RecordedParameters parameters, SqlCall call, StoreConnection target)
      throws SQLException {
    try {
      perform(sql, parameters, call, target, null);
    } catch (SQLException e) {
      throw route.failed(e);
    }
  }

  /** Runs a query on a reader; one that turns out to write runs on the writer after all. */
  private void onReader(RoutedSql sql, @Nullable RecordedParameters parameters, SqlCall call)
      throws SQLException {
    try {
      perform(sql, parameters, call, route.borrowReader(), route.ground().readers());
    } catch (SQLException e) {
      if (SqliteFailures.primaryCode(e) != SQLiteErrorCode.SQLITE_READONLY) {
        throw e;
      }
      alone(sql, parameters, call);
    }
  }

  /** Runs one statement as a transaction of its own. */
  private void alone(RoutedSql sql, @Nullable RecordedParameters parameters, SqlCall call)
      throws SQLException {
    WriteLane lane = route.takeWriter();
    try {
      perform(sql, parameters, call, lane.connection(), null);
      if (physical != null) { // a query, whose rows cannot stay on the writer
        copyRows();
      }
      if (sql.kind() == SqlKind.INSERT) {
        route.setLastRowId(lastRowId(lane.connection()));
      }
      lane.committedAlone();
    } catch (SQLException e) {
      dropResults(true);
      throw RoutedFailures.busy(e);
    } catch (RuntimeException | Error e) {
      dropResults(true);
      throw e;
    } finally {
      lane.release();
    }
    route.ground().afterCommit().run();
  }

  private void perform(
      RoutedSql sql,
      @Nullable RecordedParameters parameters,
      SqlCall call,
      StoreConnection source,
      @Nullable ReaderPool lender)
      throws SQLException {
    PhysicalStatement opened = PhysicalStatement.open(sql, parameters, source, lender);
    physical = opened;
    ResultSet found = null;
    boolean failed = true;
    try {
      found = opened.execute(call);
      failed = false;
    } finally {
      if (failed) {
        finish(opened, true);
      }
    }
    if (found == null) {
      finishUpdate(opened);
    } else {
      rows = new RoutedRows(statement, found, statement.getLargeMaxRows());
      route.opened(statement);
      if (sql.kind() != SqlKind.QUERY) {
        copyRows(); // an unfinished write would be in the way of savepoints and the commit
      }
    }
  }

  private void finishUpdate(PhysicalStatement done) throws SQLException {
    boolean failed = true;
    try {
      updateCount = done.updateCount();
      if (keys != null && updateCount > 0) {
        keys.add(lastRowId(done.source()));
      }
      failed = false;
    } finally {
      finish(done, failed);
    }
  }

  private static long lastRowId(StoreConnection connection) throws SQLException {
    try (ResultSet row = connection.statement("SELECT last_insert_rowid()").executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private void copyRows() throws SQLException {
    ResultSet live = requireRows();
    MemoryRows copy = MemoryRows.copyOf(statement, live);
    dropResults(false);
    rows = copy;
  }

  // ---- batches

  /** Runs a batch, in auto-commit mode as one transaction. */
  long[] executeBatch(List<Item> items) throws SQLException {
    route.lock();
    try {
      begin(items.isEmpty() ? null : items.get(0).sql().keyColumn());
      if (items.isEmpty()) {
        return new long[0];
      }
      for (Item item : items) {
        requireNoQuery(item.sql());
      }
      return route.forStatement(items.get(0).sql().kind()) == null
          ? batchAlone(items)
          : batchInTransaction(items);
    } finally {
      route.unlock();
    }
  }

  private static void requireNoQuery(RoutedSql sql) throws SQLException {
    sql.kind().refuseIfNotAllowed();
    if (sql.kind() == SqlKind.QUERY) {
      throw new BatchUpdateException("a batch cannot hold queries", new int[0]);
    }
  }

  private long[] batchAlone(List<Item> items) throws SQLException {
    WriteLane lane = route.takeWriter();
    long[] counts;
    try {
      try {
        lane.begin();
      } catch (SQLException e) {
        throw RoutedFailures.busy(e);
      }
      try {
        counts = each(items, lane.connection());
      } catch (SQLException | RuntimeException | Error e) {
        lane.rollback(e);
        throw e;
      }
      lane.commit();
    } finally {
      lane.release();
    }
    route.ground().afterCommit().run();
    return counts;
  }

  /** Runs a batch under a savepoint, so that nothing of one that fails is left. */
  private long[] batchInTransaction(List<Item> items) throws SQLException {
    StoreConnection target = route.transaction();
    if (items.size() == 1) {
      return batchUndoneBySqlite(items, target);
    }
    target.statement("SAVEPOINT honkerj_batch").executeUpdate();
    try {
      return each(items, target);
    } catch (SQLException e) {
      if (!route.isLostBy(e)) {
        target.statement("ROLLBACK TO honkerj_batch").executeUpdate();
      }
      throw e;
    } finally {
      if (route.isInTransaction()) {
        target.statement("RELEASE honkerj_batch").executeUpdate();
      }
    }
  }

  private long[] batchUndoneBySqlite(List<Item> items, StoreConnection target) throws SQLException {
    try {
      return each(items, target);
    } catch (SQLException e) {
      throw route.failed(e);
    }
  }

  private long[] each(List<Item> items, StoreConnection target) throws BatchUpdateException {
    try {
      List<RecordedParameters> rows = keys == null ? rowsOfOneStatement(items) : null;
      long[] counts =
          rows != null ? atOnce(items.get(0).sql(), rows, target) : oneByOne(items, target);
      updateCount = -1;
      return counts;
    } catch (SQLException e) { // without counts: nothing is left of the batch
      throw new BatchUpdateException(
          e.getMessage(), e.getSQLState(), e.getErrorCode(), new long[0], e);
    }
  }

  private long[] oneByOne(List<Item> items, StoreConnection target) throws SQLException {
    long[] counts = new long[items.size()];
    for (int i = 0; i < counts.length; i++) {
      Item item = items.get(i);
      perform(item.sql(), item.parameters(), SqlCall.UPDATE, target, null);
      counts[i] = updateCount;
    }
    return counts;
  }

  /** The rows, if one prepared statement is all there is, which the driver then runs in one go. */
  @SuppressWarnings("ReferenceEquality")
  private static @Nullable List<RecordedParameters> rowsOfOneStatement(List<Item> items) {
    RoutedSql sql = items.get(0).sql();
    List<RecordedParameters> rows = new ArrayList<>(items.size());
    for (Item item : items) {
      RecordedParameters parameters = item.parameters();
      if (parameters == null || item.sql() != sql) {
        return null;
      }
      rows.add(parameters);
    }
    return rows;
  }

  private long[] atOnce(RoutedSql sql, List<RecordedParameters> rows, StoreConnection target)
      throws SQLException {
    PhysicalStatement opened = PhysicalStatement.open(sql, null, target, null);
    physical = opened;
    boolean failed = true;
    try {
      long[] counts = opened.executeBatch(rows);
      failed = false;
      return counts;
    } finally {
      finish(opened, failed);
    }
  }

  // ---- what came of it

  @Nullable ResultSet rows() {
    return rows;
  }

  ResultSet requireRows() throws SQLException {
    ResultSet found = rows;
    if (found == null) {
      throw new SQLException("the statement gave no rows");
    }
    return found;
  }

  long updateCount() {
    return updateCount;
  }

  /** Adds what the statements before this one in a script counted. */
  void addUpdateCount(long more) {
    if (updateCount >= 0) {
      updateCount += more;
    }
  }

  ResultSet generatedKeys() {
    return GeneratedKeys.rows(keys, statement);
  }

  /** The application closed these rows, which may be of an earlier execution. */
  @SuppressWarnings("ReferenceEquality")
  void closeRows(ResultSet closing) throws SQLException {
    route.lock();
    try {
      if (rows == closing) {
        dropResults(false);
      }
    } finally {
      route.unlock();
    }
  }

  /**
   * Lets go of rows and count.
   *
   * @param discard whether another thread may still be reading the rows
   */
  void drop(boolean discard) throws SQLException {
    route.lock();
    try {
      dropResults(discard);
    } finally {
      route.unlock();
    }
  }

  private void dropResults(boolean discard) throws SQLException {
    updateCount = -1;
    ResultSet dropped = rows;
    rows = null;
    PhysicalStatement done = physical;
    if (done != null) {
      if (dropped instanceof RoutedRows routed) {
        routed.markClosed();
      }
      route.forget(statement);
      finish(done, discard);
    } else if (dropped != null) {
      dropped.close();
    }
  }

  /** In this order: once it is given back there must be no way to cancel what others do with it. */
  private void finish(PhysicalStatement done, boolean discard) throws SQLException {
    forgetPhysical();
    done.end(discard);
  }

  private void forgetPhysical() {
    cancelLock.lock();
    try {
      physical = null;
    } finally {
      cancelLock.unlock();
    }
  }

  /** Interrupts what the statement is doing, if it does anything. Any thread may call this. */
  void cancel() throws SQLException {
    cancelLock.lock();
    try {
      PhysicalStatement running = physical;
      if (running != null) {
        running.cancel();
      }
    } finally {
      cancelLock.unlock();
    }
  }
}
