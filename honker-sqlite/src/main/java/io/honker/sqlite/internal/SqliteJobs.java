package io.honker.sqlite.internal;

import io.honker.runtime.store.ClaimOutcome;
import io.honker.runtime.store.ClaimRef;
import io.honker.runtime.store.ClaimRequest;
import io.honker.runtime.store.FailureOutcome;
import io.honker.runtime.store.JobRow;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.QueueCounts;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.UniqueOutcome;
import io.honker.sqlite.internal.QueueRules.Rules;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of jobs on honker's tables. Divided by what a job goes through; this class is the port
 * and holds the acknowledgements.
 */
final class SqliteJobs implements JobStore {

  private final JobInserts inserts = new JobInserts();
  private final JobGraveyard graveyard = new JobGraveyard();
  private final QueueRules rules = new QueueRules();
  private final JobClaims claims = new JobClaims(graveyard, rules);
  private final JobLookups lookups = new JobLookups();

  @Override
  public long insert(StoreConnection c, NewJob job, String payload) throws SQLException {
    return inserts.insert(c, job, payload);
  }

  @Override
  public long[] insertAll(StoreConnection c, NewJob job, List<String> payloads)
      throws SQLException {
    return inserts.insertAll(c, job, payloads);
  }

  @Override
  public UniqueOutcome insertUnique(
      StoreConnection c, NewJob job, String payload, String key, long uniqueUntil)
      throws SQLException {
    return inserts.insertUnique(c, job, payload, key, uniqueUntil);
  }

  @Override
  public ClaimOutcome claim(StoreConnection c, ClaimRequest request) throws SQLException {
    return claims.claim(c, request);
  }

  @Override
  public long nextDue(StoreConnection c, String queue, long now) throws SQLException {
    return claims.nextDue(c, queue, now);
  }

  // ---- the owner's writes; each checks id, worker, attempt and lease (rule Q-5)

  private static final String OURS =
      " WHERE id = ? AND worker_id = ? AND attempts = ? AND state = 'processing'"
          + " AND claim_expires_at >= ?";

  private static int bindOurs(PreparedStatement statement, int from, ClaimRef claim, long now)
      throws SQLException {
    statement.setLong(from, claim.id());
    statement.setString(from + 1, claim.workerId());
    statement.setInt(from + 2, claim.attempt());
    statement.setLong(from + 3, now);
    return from + 4;
  }

  @Override
  public boolean ack(StoreConnection c, ClaimRef claim, long now) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM _honker_live" + OURS);
    bindOurs(delete, 1, claim, now);
    boolean ours = delete.executeUpdate() == 1;
    if (ours && claim.attempt() > 1) {
      graveyard.forgetAttempts(c, claim.id());
    }
    return ours;
  }

  @Override
  public BitSet ackAll(StoreConnection c, List<ClaimRef> refs, long now) throws SQLException {
    BitSet ours = new BitSet(refs.size());
    if (refs.size() == 1) {
      ours.set(0, ack(c, refs.get(0), now));
      return ours;
    }
    BitSet done = new BitSet(refs.size());
    for (int i = 0; i < refs.size(); i = done.nextClearBit(i)) {
      ackAlike(c, refs, i, done, ours, now);
    }
    return ours;
  }

  /**
   * Acknowledges, with one statement, all claims from index i on of the same worker and attempt.
   */
  private void ackAlike(
      StoreConnection c, List<ClaimRef> refs, int first, BitSet done, BitSet ours, long now)
      throws SQLException {
    ClaimRef pattern = refs.get(first);
    IdArray ids = new IdArray();
    BitSet alike = new BitSet(refs.size());
    for (int i = first; i < refs.size(); i++) {
      ClaimRef ref = refs.get(i);
      if (!done.get(i)
          && ref.attempt() == pattern.attempt()
          && ref.workerId().equals(pattern.workerId())) {
        ids.add(ref.id());
        alike.set(i);
      }
    }
    done.or(alike);
    if (deleteAll(c, ids, pattern, now)) {
      ours.or(alike);
      return;
    }
    for (int i = alike.nextSetBit(0); i >= 0; i = alike.nextSetBit(i + 1)) {
      ours.set(i, ack(c, refs.get(i), now));
    }
  }

  /**
   * Deletes claims if all of them are ours, else none: then the caller finds out one by one. That
   * is cheaper than RETURNING, which costs the common case a third of the statement.
   */
  private boolean deleteAll(StoreConnection c, IdArray ids, ClaimRef pattern, long now)
      throws SQLException {
    PreparedStatement delete =
        c.statement(
            """
            DELETE FROM _honker_live
            WHERE id IN (SELECT value FROM json_each(?)) AND worker_id = ? AND attempts = ?
              AND state = 'processing' AND claim_expires_at >= ?""");
    delete.setString(1, ids.json());
    delete.setString(2, pattern.workerId());
    delete.setInt(3, pattern.attempt());
    delete.setLong(4, now);
    c.statement("SAVEPOINT honkerj_ack").executeUpdate();
    boolean all = delete.executeUpdate() == ids.size();
    if (!all) {
      c.statement("ROLLBACK TO honkerj_ack").executeUpdate();
    }
    c.statement("RELEASE honkerj_ack").executeUpdate();
    if (all && pattern.attempt() > 1) {
      graveyard.forgetAttempts(c, ids);
    }
    return all;
  }

  @Override
  public FailureOutcome retry(
      StoreConnection c, ClaimRef claim, long runAt, @Nullable String error, long now)
      throws SQLException {
    Integer maxAttempts = maxAttemptsIfOurs(c, claim, now);
    if (maxAttempts == null) {
      return FailureOutcome.LOST;
    }
    graveyard.recordAttempt(c, claim, error, now);
    if (claim.attempt() >= maxAttempts) {
      graveyard.bury(c, claim.id(), error, now);
      return FailureOutcome.DEAD;
    }
    PreparedStatement update =
        c.statement(
            """
            UPDATE _honker_live
            SET state = 'pending', run_at = ?, worker_id = NULL, claim_expires_at = NULL
            WHERE id = ?""");
    update.setLong(1, runAt);
    update.setLong(2, claim.id());
    update.executeUpdate();
    return FailureOutcome.RETRIED;
  }

  private static @Nullable Integer maxAttemptsIfOurs(StoreConnection c, ClaimRef claim, long now)
      throws SQLException {
    PreparedStatement select = c.statement("SELECT max_attempts FROM _honker_live" + OURS);
    bindOurs(select, 1, claim, now);
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? (Integer) row.getInt(1) : null;
    }
  }

  @Override
  public boolean fail(StoreConnection c, ClaimRef claim, @Nullable String error, long now)
      throws SQLException {
    if (maxAttemptsIfOurs(c, claim, now) == null) {
      return false;
    }
    graveyard.recordAttempt(c, claim, error, now);
    graveyard.bury(c, claim.id(), error, now);
    return true;
  }

  @Override
  public boolean release(StoreConnection c, ClaimRef claim, long now) throws SQLException {
    PreparedStatement update =
        c.statement(
            "UPDATE _honker_live SET state = 'pending', attempts = attempts - 1, worker_id = NULL,"
                + " claim_expires_at = NULL"
                + OURS);
    bindOurs(update, 1, claim, now);
    return update.executeUpdate() == 1;
  }

  @Override
  public boolean extend(StoreConnection c, ClaimRef claim, long leaseUntil, long now)
      throws SQLException {
    PreparedStatement update =
        c.statement("UPDATE _honker_live SET claim_expires_at = max(claim_expires_at, ?)" + OURS);
    update.setLong(1, leaseUntil);
    bindOurs(update, 2, claim, now);
    return update.executeUpdate() == 1;
  }

  @Override
  public boolean cancel(StoreConnection c, String queue, long id) throws SQLException {
    PreparedStatement delete = c.statement("DELETE FROM _honker_live WHERE id = ? AND queue = ?");
    delete.setLong(1, id);
    delete.setString(2, queue);
    boolean cancelled = delete.executeUpdate() == 1;
    if (cancelled) {
      graveyard.forgetAttempts(c, id);
    }
    return cancelled;
  }

  // ---- looking

  @Override
  public Optional<JobRow> find(StoreConnection c, long id, boolean withHistory)
      throws SQLException {
    return lookups.find(c, id, withHistory);
  }

  @Override
  public QueueCounts count(StoreConnection c, String queue, int limit, long now)
      throws SQLException {
    return lookups.count(c, queue, limit, now);
  }

  @Override
  public List<String> queues(StoreConnection c) throws SQLException {
    return lookups.queues(c);
  }

  @Override
  public boolean isPaused(StoreConnection c, String queue) throws SQLException {
    Rules ruled = rules.find(c, queue);
    return ruled != null && ruled.paused();
  }

  @Override
  public boolean pause(StoreConnection c, String queue, boolean paused) throws SQLException {
    return rules.pause(c, queue, paused);
  }

  @Override
  public void limitConcurrency(StoreConnection c, String queue, @Nullable Integer max)
      throws SQLException {
    rules.limit(c, queue, max);
  }

  @Override
  public @Nullable Integer concurrencyLimit(StoreConnection c, String queue) throws SQLException {
    Rules ruled = rules.find(c, queue);
    return ruled == null ? null : ruled.maxInFlight();
  }

  // ---- dead letters

  @Override
  public int sweepExpired(StoreConnection c, String queue, long now) throws SQLException {
    return graveyard.sweepExpired(c, queue, now);
  }

  @Override
  public List<JobRow> dead(
      StoreConnection c, String queue, @Nullable String errorContains, long afterId, int limit)
      throws SQLException {
    return lookups.dead(c, queue, errorContains, afterId, limit);
  }

  @Override
  public long countDead(StoreConnection c, String queue) throws SQLException {
    return lookups.countDead(c, queue);
  }

  @Override
  public long insertDead(StoreConnection c, NewJob job, String payload, int attempts, String error)
      throws SQLException {
    long id = inserts.insert(c, job, payload); // gives it an id that no job ever had
    PreparedStatement update = c.statement("UPDATE _honker_live SET attempts = ? WHERE id = ?");
    update.setInt(1, attempts);
    update.setLong(2, id);
    update.executeUpdate();
    graveyard.bury(c, id, error, job.createdAt());
    return id;
  }

  @Override
  public boolean requeue(StoreConnection c, String queue, long id, long now) throws SQLException {
    return graveyard.requeue(c, queue, id, now);
  }

  @Override
  public int requeueAll(StoreConnection c, String queue, int limit, long now) throws SQLException {
    return graveyard.requeueAll(c, queue, limit, now);
  }

  @Override
  public int purgeDeadUntil(StoreConnection c, String queue, long diedAt) throws SQLException {
    return graveyard.purgeUntil(c, queue, diedAt);
  }

  @Override
  public int purgeDeadKeeping(StoreConnection c, String queue, int keep) throws SQLException {
    return graveyard.purgeKeeping(c, queue, keep);
  }
}
