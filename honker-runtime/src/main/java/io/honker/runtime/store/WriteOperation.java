package io.honker.runtime.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One atomic write of honker's own. It may run more than once (a store retries it alone when a
 * group commit broke), so it has no effect but its SQL and its return value.
 *
 * @param function the SQL
 * @param singleStatement whether it is exactly one SQL statement run to its end, which the engine
 *     undoes alone when it fails, so that no savepoint is needed
 */
public record WriteOperation<R extends @Nullable Object>(
    StoreFunction<R> function, boolean singleStatement) {

  /** Checks that there is a function. */
  public WriteOperation {
    Objects.requireNonNull(function, "function");
  }

  /** An operation of exactly one statement. */
  public static <R extends @Nullable Object> WriteOperation<R> statement(
      StoreFunction<R> function) {
    return new WriteOperation<>(function, true);
  }

  /** An operation of several statements. */
  public static <R extends @Nullable Object> WriteOperation<R> statements(
      StoreFunction<R> function) {
    return new WriteOperation<>(function, false);
  }
}
