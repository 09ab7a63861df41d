package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.INTEGER;
import static io.honker.sqlite.functions.Parameter.TEXT;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Functions on the results of jobs. */
final class ResultFunctions {

  private ResultFunctions() {}

  static List<SqlFunction> all() {
    return List.of(
        SqlFunction.of("honker_result_save", ResultFunctions::save, INTEGER, TEXT, INTEGER),
        SqlFunction.of("honker_result_get", ResultFunctions::get, INTEGER),
        SqlFunction.of("honker_result_sweep", ResultFunctions::sweep));
  }

  private static Object save(Arguments in, NestedSql sql) throws SQLException {
    sql.update(
        """
        INSERT INTO _honker_results(job_id, value, created_at, expires_at)
        VALUES (?1, ?2, ?3, CASE WHEN ?4 > 0 THEN ?3 + ?4 END)
        ON CONFLICT(job_id) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at\
        """,
        in.integer(0),
        in.text(1),
        in.now(),
        in.integer(2));
    return 1L;
  }

  private static @Nullable Object get(Arguments in, NestedSql sql) {
    Optional<String> none = Optional.empty();
    return sql.orIfItFails(
            none,
            () ->
                sql.first(
                        "SELECT value, expires_at FROM _honker_results"
                            + " WHERE job_id = ? AND value IS NOT NULL",
                        ResultFunctions::saved,
                        in.integer(0))
                    .filter(saved -> saved.expiresAt() == null || saved.expiresAt() > in.now())
                    .map(Saved::value))
        .orElse(null);
  }

  private record Saved(String value, @Nullable Long expiresAt) {}

  private static Saved saved(StrictRow row) throws SQLException {
    return new Saved(row.text(0), row.integerOrNull(1));
  }

  private static Object sweep(Arguments in, NestedSql sql) throws SQLException {
    return sql.update(
        "DELETE FROM _honker_results WHERE expires_at IS NOT NULL AND expires_at <= ?", in.now());
  }
}
