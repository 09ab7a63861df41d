package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of the driver while it is in use, and where it goes afterwards. */
final class PhysicalStatement {

  private final RoutedSql sql;
  private final StoreConnection source;
  private final @Nullable ReaderPool lender;
  private final PreparedStatement jdbc;
  private @Nullable ResultSet rows;
  private long updateCount;

  private PhysicalStatement(
      RoutedSql sql, StoreConnection source, @Nullable ReaderPool lender, PreparedStatement jdbc) {
    this.sql = sql;
    this.source = source;
    this.lender = lender;
    this.jdbc = jdbc;
  }

  /**
   * Prepares a statement, or takes it out of the keep, and binds its parameters.
   *
   * @param lender the pool that gets the source back afterwards, also if this fails; null for none
   */
  static PhysicalStatement open(
      RoutedSql sql,
      @Nullable RecordedParameters parameters,
      StoreConnection source,
      @Nullable ReaderPool lender)
      throws SQLException {
    PreparedStatement jdbc = null;
    try {
      jdbc = sql.isKept() ? source.take(sql.text()) : source.jdbc().prepareStatement(sql.text());
      if (parameters != null) {
        parameters.bindTo(jdbc);
      }
      return new PhysicalStatement(sql, source, lender, jdbc);
    } catch (SQLException | RuntimeException e) {
      QuietClose.close(jdbc);
      if (lender != null) {
        lender.giveBack(source);
      }
      throw e;
    }
  }

  /** Executes it. */
  @Nullable ResultSet execute(SqlCall call) throws SQLException {
    run(call);
    return rows;
  }

  private void run(SqlCall call) throws SQLException {
    switch (call) {
      case QUERY -> rows = jdbc.executeQuery();
      case UPDATE -> updateCount = jdbc.executeLargeUpdate();
      case ANY -> runAny();
    }
  }

  private void runAny() throws SQLException {
    if (jdbc.execute()) {
      rows = jdbc.getResultSet();
    } else {
      updateCount = jdbc.getLargeUpdateCount();
    }
  }

  /** Executes it once for each set of parameters. */
  long[] executeBatch(List<RecordedParameters> rowsOfParameters) throws SQLException {
    for (RecordedParameters parameters : rowsOfParameters) {
      parameters.bindTo(jdbc);
      jdbc.addBatch();
    }
    return jdbc.executeLargeBatch();
  }

  /** How many rows it changed; the driver repeats the last count if it was no such statement. */
  long updateCount() {
    return sql.kind().countsChanges() ? updateCount : 0;
  }

  StoreConnection source() {
    return source;
  }

  void cancel() throws SQLException {
    jdbc.cancel();
  }

  /**
   * Gives the statement, and a borrowed connection, back.
   *
   * @param discard closes the statement: it failed, or another thread may still be using it
   */
  void end(boolean discard) throws SQLException {
    boolean kept = false;
    try {
      if (!discard && sql.isKept()) {
        if (rows != null) {
          rows.close();
        }
        kept = true;
        source.keep(sql.text(), jdbc);
      }
    } finally {
      if (!kept) {
        QuietClose.close(jdbc);
      }
      if (lender != null) {
        lender.giveBack(source);
      }
    }
  }
}
