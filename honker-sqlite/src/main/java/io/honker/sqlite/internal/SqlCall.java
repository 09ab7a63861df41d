package io.honker.sqlite.internal;

/** What the application expects of a statement; the driver refuses what does not fit. */
enum SqlCall {
  /** Rows. */
  QUERY,
  /** A count of changes. */
  UPDATE,
  /** Either. */
  ANY
}
