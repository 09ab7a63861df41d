package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.INTEGER;
import static io.honker.sqlite.functions.Parameter.TEXT;

import java.sql.SQLException;
import java.util.List;

/** Functions on locks and rate limits. */
final class LockFunctions {

  private LockFunctions() {}

  static List<SqlFunction> all() {
    return List.of(
        SqlFunction.of("honker_lock_acquire", LockFunctions::acquire, TEXT, TEXT, INTEGER),
        SqlFunction.of("honker_lock_release", LockFunctions::release, TEXT, TEXT),
        SqlFunction.of("honker_lock_renew", LockFunctions::renew, TEXT, TEXT, INTEGER),
        SqlFunction.of("honker_rate_limit_try", LockFunctions::tryRate, TEXT, INTEGER, INTEGER),
        SqlFunction.of("honker_rate_limit_sweep", LockFunctions::sweepRates, INTEGER));
  }

  private static Object acquire(Arguments in, NestedSql sql) throws SQLException {
    return sql.atomically(
        () -> {
          sql.update(
              "DELETE FROM _honker_locks WHERE name = ? AND expires_at <= ?", in.text(0), in.now());
          sql.update(
              "INSERT OR IGNORE INTO _honker_locks(name, owner, expires_at) VALUES (?, ?, ? + ?)",
              in.text(0),
              in.text(1),
              in.now(),
              in.integer(2));
          return sql.integer(
              "SELECT owner = ? FROM _honker_locks WHERE name = ?", in.text(1), in.text(0));
        });
  }

  private static Object release(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        "DELETE FROM _honker_locks WHERE name = ? AND owner = ?", in.text(0), in.text(1));
  }

  private static Object renew(Arguments in, NestedSql sql) throws SQLException {
    if (in.integer(2) <= 0) {
      throw new SQLException("ttl_s must be positive");
    }
    return sql.update(
        "UPDATE _honker_locks SET expires_at = ? + ? WHERE name = ? AND owner = ?",
        in.now(),
        in.integer(2),
        in.text(0),
        in.text(1));
  }

  private static Object tryRate(Arguments in, NestedSql sql) throws SQLException {
    long limit = in.integer(1);
    long per = in.integer(2);
    if (limit <= 0 || per <= 0) {
      throw new SQLException("limit and per must be positive");
    }
    return sql.update(
        """
        INSERT INTO _honker_rate_limits(name, window_start, count) VALUES (?, ?, 1)
        ON CONFLICT(name, window_start) DO UPDATE SET count = count + 1 WHERE count < ?""",
        in.text(0),
        Math.floorDiv(in.now(), per) * per,
        limit);
  }

  private static Object sweepRates(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        "DELETE FROM _honker_rate_limits WHERE window_start < ? - ?", in.now(), in.integer(0));
  }
}
