package io.honker.sqlite.internal;

import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint. Its name in SQL is made of its depth, so that there are few different statements to
 * keep and the application's name needs no quoting.
 */
final class RoutedSavepoint implements Savepoint {

  private final int depth;
  private final int id;
  private final @Nullable String name;

  RoutedSavepoint(int depth, int id, @Nullable String name) {
    this.depth = depth;
    this.id = id;
    this.name = name;
  }

  String sqlName() {
    return "\"honkerj_savepoint_" + depth + '"';
  }

  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw new SQLException("this savepoint has a name, not an id");
    }
    return id;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw new SQLException("this savepoint has an id, not a name");
    }
    return name;
  }
}
