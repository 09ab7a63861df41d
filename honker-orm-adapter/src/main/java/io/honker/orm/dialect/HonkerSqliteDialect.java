package io.honker.orm.dialect;

import org.hibernate.boot.Metadata;
import org.hibernate.community.dialect.SQLiteDialect;

/** Stub. */
public class HonkerSqliteDialect extends SQLiteDialect {
  /** x. */
  public static final String WRITER_TRANSACTIONS = "honker.orm.writer_transactions";

  /** x. */
  public void learn(Metadata metadata) {}
}
