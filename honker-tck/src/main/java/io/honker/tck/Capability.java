package io.honker.tck;

/**
 * Something that not every store can do, or that not every fixture can show.
 *
 * @since 0.1.0
 */
public enum Capability {
  /** An application can open its own JDBC connection to the database. */
  RAW_CONNECTION("the application can open its own JDBC connection"),
  /** Honker's shared tables can be read and written by SQL through such a connection. */
  SHARED_TABLES("honker's tables can be read and written by SQL"),
  /** All writers of the database take turns, so that one open transaction makes others wait. */
  SINGLE_WRITER("the database has one writer at a time"),
  /** {@code Honker.dataSource()} serves connections as rule T-8 says. */
  DATA_SOURCE("connections come from Honker.dataSource()"),
  /** The fixture can open a second runtime that shares nothing with the first but the database. */
  SECOND_RUNTIME("another process can be imitated"),
  /** SQL knows {@code INSERT ... RETURNING}. */
  RETURNING("SQL knows RETURNING"),
  /** SQL knows foreign keys that are checked at commit, so that a commit can be made to fail. */
  DEFERRED_CONSTRAINTS("a commit can be made to fail by a deferred foreign key"),
  /** The fixture can make the store refuse chosen jobs. */
  REFUSED_JOBS("the store can be made to refuse a job");

  private final String meaning;

  Capability(String meaning) {
    this.meaning = meaning;
  }

  /**
   * Says what it means, for the reason of a skipped test.
   *
   * @return half a sentence
   */
  public String meaning() {
    return meaning;
  }
}
