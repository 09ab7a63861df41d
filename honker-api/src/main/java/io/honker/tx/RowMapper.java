package io.honker.tx;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Makes a value of the current row of a result set.
 *
 * @param <R> the value's type
 * @since 0.1.0
 */
@FunctionalInterface
public interface RowMapper<R> {

  /**
   * Maps the current row. Must not move the cursor.
   *
   * @param row the result set, positioned on a row
   * @return the row's value
   * @throws SQLException if a column cannot be read
   */
  R map(ResultSet row) throws SQLException;
}
