package io.honker.lab.h2;

import io.honker.runtime.store.StoreConnection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Short words for JDBC. */
final class H2Sql {

  /** Makes a value of a row. */
  interface Mapper<R> {
    R map(ResultSet row) throws SQLException;
  }

  private H2Sql() {}

  private static PreparedStatement prepare(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = c.statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  static int update(StoreConnection c, String sql, Object... parameters) throws SQLException {
    return prepare(c, sql, parameters).executeUpdate();
  }

  static <R> List<R> list(StoreConnection c, Mapper<R> mapper, String sql, Object... parameters)
      throws SQLException {
    List<R> list = new ArrayList<>();
    try (ResultSet rows = prepare(c, sql, parameters).executeQuery()) {
      while (rows.next()) {
        list.add(mapper.map(rows));
      }
    }
    return list;
  }

  /** The first column of the first row; empty if there is none or it is null. */
  static OptionalLong number(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    try (ResultSet row = prepare(c, sql, parameters).executeQuery()) {
      if (!row.next()) {
        return OptionalLong.empty();
      }
      long value = row.getLong(1);
      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }
}
