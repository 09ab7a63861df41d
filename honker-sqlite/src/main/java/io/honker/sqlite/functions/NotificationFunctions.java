package io.honker.sqlite.functions;

import static io.honker.sqlite.functions.Parameter.TEXT;

import java.sql.SQLException;
import java.util.List;

/** {@code notify}, and {@code honker_bootstrap}, which makes the tables. */
final class NotificationFunctions {

  private NotificationFunctions() {}

  static List<SqlFunction> all() {
    return List.of(
        SqlFunction.of("notify", NotificationFunctions::publish, TEXT, TEXT),
        SqlFunction.of("honker_bootstrap", (in, sql) -> bootstrap(sql)));
  }

  private static Object publish(Arguments in, NestedSql sql) throws SQLException {
    return sql.integer(
        """
        INSERT INTO _honker_notifications(channel, payload, created_at) VALUES (?, ?, ?)
        RETURNING id""",
        in.text(0),
        in.text(1),
        in.now());
  }

  private static Object bootstrap(NestedSql sql) throws SQLException {
    return sql.atomically(
        () -> {
          SharedTables.makeOthers(sql.connection());
          return 1L;
        });
  }
}
