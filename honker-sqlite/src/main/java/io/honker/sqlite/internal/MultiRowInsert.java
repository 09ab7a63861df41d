package io.honker.sqlite.internal;

import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Inserts any number of rows with few statements, all of them constants that are kept: so many rows
 * at a time as a power of two.
 */
final class MultiRowInsert {

  private static final int LARGEST_POWER = 7;

  /** Sets parameters from an index on. */
  @FunctionalInterface
  interface Binding {
    void bind(PreparedStatement insert, int firstParameter, int row) throws SQLException;
  }

  /** Writes a row's value list, such as {@code (?1, ?7)}. */
  @FunctionalInterface
  interface RowSql {
    String of(int firstParameter);
  }

  private final String[] sql = new String[LARGEST_POWER + 1];
  private final int firstOfRows;
  private final int perRow;

  /**
   * Prepares the texts.
   *
   * @param head up to and with VALUES
   * @param shared how many parameters, from 1 on, all rows share
   * @param perRow how many each row has to itself
   * @param returning the column of row ids
   */
  MultiRowInsert(String head, int shared, int perRow, RowSql row, String returning) {
    this.firstOfRows = shared + 1;
    this.perRow = perRow;
    for (int power = 0; power <= LARGEST_POWER; power++) {
      StringBuilder text = new StringBuilder(head);
      for (int i = 0; i < 1 << power; i++) {
        text.append(i == 0 ? "" : ", ").append(row.of(firstOfRows + i * perRow));
      }
      sql[power] = text.append(" RETURNING ").append(returning).toString();
    }
  }

  /** Inserts rows and returns their ids in order. */
  long[] run(StoreConnection c, int rows, Binding shared, Binding ofRow) throws SQLException {
    long[] ids = new long[rows];
    int next = 0;
    while (next < rows) {
      int power = Math.min(LARGEST_POWER, 31 - Integer.numberOfLeadingZeros(rows - next));
      PreparedStatement insert = c.statement(sql[power]);
      shared.bind(insert, 1, next);
      for (int i = 0; i < 1 << power; i++) {
        ofRow.bind(insert, firstOfRows + i * perRow, next + i);
      }
      int to = next;
      try (ResultSet returned = insert.executeQuery()) {
        while (returned.next()) {
          ids[to++] = returned.getLong(1);
        }
      }
      Arrays.sort(ids, next, to); // SQLite inserts in order but promises no order of RETURNING
      next = to;
    }
    return ids;
  }
}
