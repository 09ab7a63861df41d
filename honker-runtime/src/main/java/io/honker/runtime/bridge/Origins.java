package io.honker.runtime.bridge;

import io.honker.runtime.store.OriginRow;
import java.util.List;
import java.util.UUID;

/**
 * The identities under which this database has published, in order. An event of its own belongs to
 * the last one that began before it.
 */
record Origins(List<OriginRow> rows) {

  /** The one that events are published under now. */
  String current() {
    return rows.get(rows.size() - 1).origin();
  }

  /** The one that an event of this database's own was published under. */
  String of(long offset) {
    for (int i = rows.size() - 1; i > 0; i--) {
      if (rows.get(i).after() < offset) {
        return rows.get(i).origin();
      }
    }
    return rows.get(0).origin();
  }

  /**
   * Up to which offset events of an origin are this database's own: all of them under the current
   * one, under an earlier one those before the next began, of others none.
   */
  long ownUpTo(String origin) {
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).origin().equals(origin)) {
        return i + 1 == rows.size() ? Long.MAX_VALUE : rows.get(i + 1).after();
      }
    }
    return -1;
  }

  /** An identity that no database has had. */
  static String fresh(String databaseId) {
    return databaseId + "." + UUID.randomUUID().toString().substring(0, 8);
  }
}
