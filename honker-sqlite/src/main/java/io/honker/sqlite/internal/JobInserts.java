package io.honker.sqlite.internal;

import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.UniqueOutcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How jobs come in. */
final class JobInserts {

  private static final String INSERT =
      "INSERT INTO _honker_live(queue, payload, priority, run_at, max_attempts, created_at,"
          + " expires_at) VALUES ";

  private static final String INSERT_ONE = INSERT + "(?, ?, ?, ?, ?, ?, ?) RETURNING id";

  /** Parameters 1 to 6 are shared by all rows; each has its own payload. */
  private static final MultiRowInsert INSERT_MANY =
      new MultiRowInsert(
          INSERT, 6, 1, payload -> "(?1, ?" + payload + ", ?2, ?3, ?4, ?5, ?6)", "id");

  /** Runs as one statement to its end, so that it may stand alone in auto-commit. */
  long insert(StoreConnection c, NewJob job, String payload) throws SQLException {
    PreparedStatement insert = c.statement(INSERT_ONE);
    insert.setString(1, job.queue());
    insert.setString(2, payload);
    insert.setInt(3, job.priority());
    insert.setLong(4, job.runAt());
    insert.setInt(5, job.maxAttempts());
    insert.setLong(6, job.createdAt());
    setNullable(insert, 7, job.expiresAt());
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      long id = row.getLong(1);
      row.next(); // to the end: only then has auto-commit committed
      return id;
    }
  }

  long[] insertAll(StoreConnection c, NewJob job, List<String> payloads) throws SQLException {
    return INSERT_MANY.run(
        c,
        payloads.size(),
        (insert, first, row) -> bindShared(insert, job),
        (insert, payload, row) -> insert.setString(payload, payloads.get(row)));
  }

  private static void bindShared(PreparedStatement insert, NewJob job) throws SQLException {
    insert.setString(1, job.queue());
    insert.setInt(2, job.priority());
    insert.setLong(3, job.runAt());
    insert.setInt(4, job.maxAttempts());
    insert.setLong(5, job.createdAt());
    setNullable(insert, 6, job.expiresAt());
  }

  private static void setNullable(PreparedStatement statement, int index, @Nullable Long value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.INTEGER);
    } else {
      statement.setLong(index, value);
    }
  }

  // ---- unique keys (rule Q-3)

  UniqueOutcome insertUnique(
      StoreConnection c, NewJob job, String payload, String key, long takenUntil)
      throws SQLException {
    long now = job.createdAt();
    forgetSomeFreeKeys(c, now);
    Long holder = keyHolder(c, job.queue(), key, now);
    if (holder != null) {
      return new UniqueOutcome(holder, true);
    }
    long id = insert(c, job, payload);
    PreparedStatement take =
        c.statement(
            "REPLACE INTO _honkerj_unique(queue, key, job_id, taken_until) VALUES (?, ?, ?, ?)");
    take.setString(1, job.queue());
    take.setString(2, key);
    take.setLong(3, id);
    take.setLong(4, takenUntil);
    take.executeUpdate();
    return new UniqueOutcome(id, false);
  }

  private static @Nullable Long keyHolder(StoreConnection c, String queue, String key, long now)
      throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT u.job_id FROM _honkerj_unique u
            WHERE u.queue = ? AND u.key = ?
              AND (u.taken_until > ?
                   OR EXISTS (SELECT 1 FROM _honker_live l
                              WHERE l.id = u.job_id AND l.queue = u.queue))""");
    select.setString(1, queue);
    select.setString(2, key);
    select.setLong(3, now);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? (Long) row.getLong(1) : null;
    }
  }

  private static final int KEYS_LOOKED_AT = 4;
  private static final int LOOK_AGAIN_SECONDS = 300;

  private record Key(String queue, String key, boolean live) {}

  /**
   * Deletes a few keys that nothing holds any more, so that the table stays as small as the set of
   * keys in use. Keys of jobs that are still live are put off.
   */
  private static void forgetSomeFreeKeys(StoreConnection c, long now) throws SQLException {
    List<Key> keys = new ArrayList<>(KEYS_LOOKED_AT);
    PreparedStatement select =
        c.statement(
            """
            SELECT u.queue, u.key,
              EXISTS (SELECT 1 FROM _honker_live l WHERE l.id = u.job_id AND l.queue = u.queue)
            FROM _honkerj_unique u INDEXED BY _honkerj_unique_until
            WHERE u.taken_until <= ? ORDER BY u.taken_until LIMIT ?""");
    select.setLong(1, now);
    select.setInt(2, KEYS_LOOKED_AT);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        keys.add(new Key(rows.getString(1), rows.getString(2), rows.getBoolean(3)));
      }
    }
    for (Key key : keys) {
      // a key that is put off stays free to take: a live job holds it anyway
      PreparedStatement write =
          key.live()
              ? c.statement(
                  "UPDATE _honkerj_unique SET taken_until = ? WHERE queue = ? AND key = ?")
              : c.statement(
                  "DELETE FROM _honkerj_unique WHERE taken_until <= ? AND queue = ? AND key = ?");
      write.setLong(1, key.live() ? now + LOOK_AGAIN_SECONDS : now);
      write.setString(2, key.queue());
      write.setString(3, key.key());
      write.executeUpdate();
    }
  }
}
