package io.honker.sqlite.functions;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One SQL function with one number of arguments.
 *
 * @param name its name in SQL
 * @param parameters what it takes
 * @param body what it does
 */
record SqlFunction(String name, List<Parameter> parameters, Body body) {

  /** What a function does. Its result is a {@link Long}, a {@link String}, or null. */
  interface Body {
    @Nullable Object run(Arguments in, NestedSql sql) throws SQLException;
  }

  static SqlFunction of(String name, Body body, Parameter... parameters) {
    return new SqlFunction(name, List.of(parameters), body);
  }
}
