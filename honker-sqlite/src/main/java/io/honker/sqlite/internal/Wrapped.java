package io.honker.sqlite.internal;

import java.sql.SQLException;

/** What {@link java.sql.Wrapper} asks of objects that are what they are. */
final class Wrapped {

  private Wrapped() {}

  static <T> T unwrap(Object self, Class<T> type) throws SQLException {
    if (type.isInstance(self)) {
      return type.cast(self);
    }
    throw new SQLException(
        "this is no wrapper of "
            + type.getName()
            + "; connections of this data source share a few physical ones, which stay inside");
  }
}
