package io.honker.runtime.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Works on a connection of the store. */
@FunctionalInterface
public interface StoreFunction<R extends @Nullable Object> {

  /** Works; must not end the transaction or keep the connection. */
  R apply(StoreConnection connection) throws SQLException;
}
