package io.honker.tx;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What runs on a read-only connection.
 *
 * @param <R> the value's type
 * @since 0.1.0
 */
@FunctionalInterface
public interface ReadFunction<R extends @Nullable Object> {

  /**
   * Reads.
   *
   * @param connection a pooled connection that refuses writes, valid only during this call
   * @return the value handed to the caller
   * @throws SQLException if the query fails; reaches the caller as a {@link
   *     io.honker.error.StoreException}
   */
  R apply(Connection connection) throws SQLException;
}
