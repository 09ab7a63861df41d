package io.honker.orm;

import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * What runs in a read-only session.
 *
 * @param <R> the value's type
 * @param <X> what it may throw; reaches the caller unchanged
 * @since 0.1.0
 */
@FunctionalInterface
public interface SessionReader<R extends @Nullable Object, X extends Exception> {

  /**
   * Reads.
   *
   * @param session a session that sees one state of the database and refuses writes, valid only
   *     during this call
   * @return the value handed to the caller
   * @throws X if reading fails
   */
  R read(Session session) throws X;
}
