package io.honker.orm.entity;

/**
 * SQL that turns honker's whole unix seconds into the text that {@code HonkerSqliteDialect} stores
 * instants as, so that HQL compares them with the application's own and with its functions.
 */
final class Times {

  /** What comes before a column of seconds. */
  static final String TEXT = "strftime('%Y-%m-%d %H:%M:%S.000000000', ";

  /** What comes after it. */
  static final String OF_SECONDS = ", 'unixepoch')";

  private Times() {}
}
