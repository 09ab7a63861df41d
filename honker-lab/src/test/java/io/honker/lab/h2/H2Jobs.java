package io.honker.lab.h2;

import io.honker.runtime.store.ClaimOutcome;
import io.honker.runtime.store.ClaimOutcome.DiedRow;
import io.honker.runtime.store.ClaimRef;
import io.honker.runtime.store.ClaimRequest;
import io.honker.runtime.store.ClaimedRow;
import io.honker.runtime.store.FailureOutcome;
import io.honker.runtime.store.JobRow;
import io.honker.runtime.store.JobRow.AttemptRow;
import io.honker.runtime.store.JobStore;
import io.honker.runtime.store.NewJob;
import io.honker.runtime.store.QueueCounts;
import io.honker.runtime.store.StoreConnection;
import io.honker.runtime.store.UniqueOutcome;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** The SQL of jobs, written for clarity: this store is small and in a hurry for nothing. */
final class H2Jobs implements JobStore {

  // ---- in

  @Override
  public long insert(StoreConnection c, NewJob job, String payload) throws SQLException {
    return number(
            c,
            """
            SELECT id FROM FINAL TABLE (
              INSERT INTO honker_live(queue, payload, priority, run_at, max_attempts, created_at,
                expires_at)
              VALUES (?, ?, ?, ?, ?, ?, ?))""",
            job.queue(),
            payload,
            job.priority(),
            job.runAt(),
            job.maxAttempts(),
            job.createdAt(),
            job.expiresAt())
        .orElseThrow();
  }

  @Override
  public long[] insertAll(StoreConnection c, NewJob job, List<String> payloads)
      throws SQLException {
    long[] ids = new long[payloads.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = insert(c, job, payloads.get(i));
    }
    return ids;
  }

  @Override
  public UniqueOutcome insertUnique(
      StoreConnection c, NewJob job, String payload, String key, long uniqueUntil)
      throws SQLException {
    Optional<Long> holder =
        number(
            c,
            """
            SELECT u.job_id FROM honker_unique u
            WHERE u.queue = ? AND u.name = ? AND (u.taken_until > ?
              OR EXISTS (SELECT 1 FROM honker_live l WHERE l.id = u.job_id AND l.queue = u.queue))
            """,
            job.queue(),
            key,
            job.createdAt());
    if (holder.isPresent()) {
      return new UniqueOutcome(holder.get(), true);
    }
    long id = insert(c, job, payload);
    update(
        c,
        "MERGE INTO honker_unique(queue, name, job_id, taken_until) KEY(queue, name)"
            + " VALUES (?, ?, ?, ?)",
        job.queue(),
        key,
        id,
        uniqueUntil);
    return new UniqueOutcome(id, false);
  }

  // ---- claim

  private record Candidate(ClaimedRow row, String lapsedWorker, String reasonToDie) {}

  @Override
  public ClaimOutcome claim(StoreConnection c, ClaimRequest request) throws SQLException {
    if (isPaused(c, request.queue())) {
      return new ClaimOutcome(
          List.of(), List.of(), nextDue(c, request.queue(), request.now()), true, false);
    }
    Integer most = concurrencyLimit(c, request.queue());
    if (most == null) {
      return claimUpTo(c, request);
    }
    int room = most - inFlight(c, request.queue(), request.now());
    if (room >= request.limit()) {
      return claimUpTo(c, request);
    }
    ClaimOutcome allowed =
        room <= 0
            ? new ClaimOutcome(List.of(), List.of(), ClaimOutcome.NONE, false, false)
            : claimUpTo(
                c,
                new ClaimRequest(
                    request.queue(),
                    request.workerId(),
                    room,
                    request.leaseUntil(),
                    request.now()));
    boolean limited = allowed.jobs().size() == Math.max(0, room);
    long nextDue = limited ? leaseEnd(c, request.queue(), request.now()) : allowed.nextDue();
    return new ClaimOutcome(allowed.jobs(), allowed.died(), nextDue, false, limited);
  }

  private static int inFlight(StoreConnection c, String queue, long now) throws SQLException {
    return number(
            c,
            """
            SELECT count(*) FROM honker_live
            WHERE queue = ? AND state = 'processing' AND claim_expires_at >= ?""",
            queue,
            now)
        .orElseThrow()
        .intValue();
  }

  private static long leaseEnd(StoreConnection c, String queue, long now) throws SQLException {
    return number(
            c,
            """
            SELECT min(claim_expires_at) + 1 FROM honker_live
            WHERE queue = ? AND state = 'processing' AND claim_expires_at >= ?""",
            queue,
            now)
        .orElse(ClaimOutcome.NONE);
  }

  private ClaimOutcome claimUpTo(StoreConnection c, ClaimRequest request) throws SQLException {
    List<ClaimedRow> claimed = new ArrayList<>();
    List<DiedRow> died = new ArrayList<>();
    for (Candidate candidate : candidates(c, request)) {
      ClaimedRow row = candidate.row();
      int used = row.attempt() - 1;
      if (candidate.lapsedWorker() != null) {
        ClaimRef lost = new ClaimRef(row.id(), candidate.lapsedWorker(), used);
        recordAttempt(c, lost, "lease expired", request.now());
      }
      if (candidate.reasonToDie() != null) {
        bury(c, row.id(), candidate.reasonToDie(), request.now());
        died.add(new DiedRow(row.id(), used, candidate.reasonToDie()));
      } else {
        update(
            c,
            """
            UPDATE honker_live SET state = 'processing', worker_id = ?, claim_expires_at = ?,
              attempts = attempts + 1 WHERE id = ?""",
            request.workerId(),
            request.leaseUntil(),
            row.id());
        claimed.add(row);
      }
    }
    long nextDue =
        claimed.size() == request.limit()
            ? request.now()
            : nextDue(c, request.queue(), request.now());
    return new ClaimOutcome(claimed, died, nextDue, false, false);
  }

  /** Rows in the order of claiming, up to the limit of those that may run. */
  private static List<Candidate> candidates(StoreConnection c, ClaimRequest request)
      throws SQLException {
    List<Candidate> found = new ArrayList<>();
    PreparedStatement select =
        prepare(
            c,
            """
            SELECT id, payload, priority, run_at, attempts + 1, max_attempts, created_at,
              expires_at, CASE WHEN state = 'processing' THEN coalesce(worker_id, '') END,
              CASE WHEN expires_at <= ? THEN 'expired'
                WHEN attempts >= max_attempts THEN 'max attempts exceeded' END
            FROM honker_live
            WHERE queue = ? AND (state = 'pending' AND run_at <= ?
              OR state = 'processing' AND claim_expires_at < ?)
            ORDER BY priority DESC, run_at, id""",
            request.now(),
            request.queue(),
            request.now(),
            request.now());
    int claimable = 0;
    try (ResultSet rows = select.executeQuery()) {
      while (claimable < request.limit() && rows.next()) {
        ClaimedRow row =
            new ClaimedRow(
                rows.getLong(1),
                rows.getString(2),
                rows.getInt(3),
                rows.getLong(4),
                rows.getInt(5),
                rows.getInt(6),
                rows.getLong(7),
                nullableLong(rows, 8));
        found.add(new Candidate(row, rows.getString(9), rows.getString(10)));
        claimable += rows.getString(10) == null ? 1 : 0;
      }
    }
    return found;
  }

  @Override
  public long nextDue(StoreConnection c, String queue, long now) throws SQLException {
    Integer most = concurrencyLimit(c, queue);
    if (most != null && inFlight(c, queue, now) >= most) {
      return leaseEnd(c, queue, now);
    }
    return number(
            c,
            """
            SELECT min(CASE state WHEN 'pending' THEN run_at ELSE claim_expires_at + 1 END)
            FROM honker_live WHERE queue = ?""",
            queue)
        .orElse(ClaimOutcome.NONE);
  }

  // ---- the owner's writes

  private static final String OURS =
      " WHERE id = ? AND worker_id = ? AND attempts = ? AND state = 'processing'"
          + " AND claim_expires_at >= ?";

  @Override
  public boolean ack(StoreConnection c, ClaimRef claim, long now) throws SQLException {
    boolean ours =
        update(
                c,
                "DELETE FROM honker_live" + OURS,
                claim.id(),
                claim.workerId(),
                claim.attempt(),
                now)
            == 1;
    if (ours) {
      forgetAttempts(c, claim.id());
    }
    return ours;
  }

  @Override
  public BitSet ackAll(StoreConnection c, List<ClaimRef> claims, long now) throws SQLException {
    BitSet ours = new BitSet(claims.size());
    for (int i = 0; i < claims.size(); i++) {
      ours.set(i, ack(c, claims.get(i), now));
    }
    return ours;
  }

  @Override
  public FailureOutcome retry(StoreConnection c, ClaimRef claim, long runAt, String error, long now)
      throws SQLException {
    Optional<Long> maxAttempts = maxAttemptsIfOurs(c, claim, now);
    if (maxAttempts.isEmpty()) {
      return FailureOutcome.LOST;
    }
    recordAttempt(c, claim, error, now);
    if (claim.attempt() >= maxAttempts.get()) {
      bury(c, claim.id(), error, now);
      return FailureOutcome.DEAD;
    }
    update(
        c,
        """
        UPDATE honker_live
        SET state = 'pending', run_at = ?, worker_id = NULL, claim_expires_at = NULL
        WHERE id = ?""",
        runAt,
        claim.id());
    return FailureOutcome.RETRIED;
  }

  private static Optional<Long> maxAttemptsIfOurs(StoreConnection c, ClaimRef claim, long now)
      throws SQLException {
    return number(
        c,
        "SELECT max_attempts FROM honker_live" + OURS,
        claim.id(),
        claim.workerId(),
        claim.attempt(),
        now);
  }

  @Override
  public boolean fail(StoreConnection c, ClaimRef claim, String error, long now)
      throws SQLException {
    if (maxAttemptsIfOurs(c, claim, now).isEmpty()) {
      return false;
    }
    recordAttempt(c, claim, error, now);
    bury(c, claim.id(), error, now);
    return true;
  }

  @Override
  public boolean release(StoreConnection c, ClaimRef claim, long now) throws SQLException {
    return update(
            c,
            "UPDATE honker_live SET state = 'pending', attempts = attempts - 1, worker_id = NULL,"
                + " claim_expires_at = NULL"
                + OURS,
            claim.id(),
            claim.workerId(),
            claim.attempt(),
            now)
        == 1;
  }

  @Override
  public boolean extend(StoreConnection c, ClaimRef claim, long leaseUntil, long now)
      throws SQLException {
    return update(
            c,
            "UPDATE honker_live SET claim_expires_at = greatest(claim_expires_at, ?)" + OURS,
            leaseUntil,
            claim.id(),
            claim.workerId(),
            claim.attempt(),
            now)
        == 1;
  }

  @Override
  public boolean cancel(StoreConnection c, String queue, long id) throws SQLException {
    boolean cancelled =
        update(c, "DELETE FROM honker_live WHERE id = ? AND queue = ?", id, queue) == 1;
    if (cancelled) {
      forgetAttempts(c, id);
    }
    return cancelled;
  }

  // ---- looking

  private static final String LIVE =
      "SELECT id, queue, payload, FALSE, state = 'processing', priority, run_at, attempts,"
          + " max_attempts, created_at, expires_at, worker_id, claim_expires_at, CAST(NULL AS"
          + " BIGINT), CAST(NULL AS VARCHAR) FROM honker_live WHERE ";

  private static final String DEAD =
      "SELECT id, queue, payload, TRUE, FALSE, priority, run_at, attempts, max_attempts, created_at,"
          + " CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), CAST(NULL AS BIGINT), died_at,"
          + " last_error FROM honker_dead WHERE ";

  @Override
  public Optional<JobRow> find(StoreConnection c, long id, boolean withHistory)
      throws SQLException {
    return rows(c, LIVE + "id = ? UNION ALL " + DEAD + "id = ?", withHistory, id, id).stream()
        .findFirst();
  }

  @Override
  public List<JobRow> dead(
      StoreConnection c, String queue, String errorContains, long afterId, int limit)
      throws SQLException {
    return rows(
        c,
        DEAD
            + "queue = ? AND id > ? AND (CAST(? AS VARCHAR) IS NULL OR locate(?, last_error) > 0)"
            + " ORDER BY id FETCH FIRST ? ROWS ONLY",
        true,
        queue,
        afterId,
        errorContains,
        errorContains,
        limit);
  }

  private static List<JobRow> rows(
      StoreConnection c, String sql, boolean withHistory, Object... parameters)
      throws SQLException {
    List<JobRow> found = new ArrayList<>();
    try (ResultSet rows = prepare(c, sql, parameters).executeQuery()) {
      while (rows.next()) {
        long id = rows.getLong(1);
        found.add(
            new JobRow(
                id,
                rows.getString(2),
                rows.getString(3),
                rows.getBoolean(4),
                rows.getBoolean(5),
                rows.getInt(6),
                rows.getLong(7),
                rows.getInt(8),
                rows.getInt(9),
                rows.getLong(10),
                nullableLong(rows, 11),
                rows.getString(12),
                nullableLong(rows, 13),
                nullableLong(rows, 14),
                rows.getString(15),
                withHistory ? history(c, id) : List.of()));
      }
    }
    return found;
  }

  private static List<AttemptRow> history(StoreConnection c, long id) throws SQLException {
    List<AttemptRow> attempts = new ArrayList<>();
    PreparedStatement select =
        prepare(
            c,
            """
            SELECT attempt, worker_id, ended_at, error FROM honker_attempts
            WHERE job_id = ? ORDER BY attempt""",
            id);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        attempts.add(
            new AttemptRow(rows.getInt(1), rows.getString(2), rows.getLong(3), rows.getString(4)));
      }
    }
    return attempts;
  }

  @Override
  public QueueCounts count(StoreConnection c, String queue, int limit, long now)
      throws SQLException {
    return new QueueCounts(
        countLive(
            c, "(state = 'pending' AND run_at <= ? OR claim_expires_at < ?)", queue, now, limit),
        countLive(c, "(state = 'pending' AND run_at > ? AND ? >= 0)", queue, now, limit),
        countLive(c, "(claim_expires_at >= ? AND ? >= 0)", queue, now, limit),
        (int) Math.min(limit, countDead(c, queue)),
        number(
                c,
                """
                SELECT min(run_at) FROM honker_live
                WHERE queue = ? AND state = 'pending' AND run_at <= ?""",
                queue,
                now)
            .orElse(null));
  }

  private static int countLive(
      StoreConnection c, String condition, String queue, long now, int limit) throws SQLException {
    return number(
            c,
            "SELECT count(*) FROM (SELECT 1 FROM honker_live WHERE queue = ? AND "
                + condition
                + " FETCH FIRST ? ROWS ONLY)",
            queue,
            now,
            now,
            limit)
        .orElseThrow()
        .intValue();
  }

  @Override
  public List<String> queues(StoreConnection c) throws SQLException {
    List<String> names = new ArrayList<>();
    String sql = "SELECT queue FROM honker_live UNION SELECT queue FROM honker_dead ORDER BY 1";
    try (ResultSet rows = c.statement(sql).executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  // ---- pause

  @Override
  public boolean pause(StoreConnection c, String queue, boolean paused) throws SQLException {
    if (paused == isPaused(c, queue)) {
      return false;
    }
    String sql =
        paused
            ? "INSERT INTO honker_paused(queue) VALUES (?)"
            : "DELETE FROM honker_paused WHERE queue = ?";
    return update(c, sql, queue) == 1;
  }

  @Override
  public boolean isPaused(StoreConnection c, String queue) throws SQLException {
    return number(c, "SELECT 1 FROM honker_paused WHERE queue = ?", queue).isPresent();
  }

  @Override
  public void limitConcurrency(StoreConnection c, String queue, Integer max) throws SQLException {
    update(c, "DELETE FROM honker_limits WHERE queue = ?", queue);
    if (max != null) {
      update(c, "INSERT INTO honker_limits(queue, most) VALUES (?, ?)", queue, max);
    }
  }

  @Override
  public Integer concurrencyLimit(StoreConnection c, String queue) throws SQLException {
    return number(c, "SELECT most FROM honker_limits WHERE queue = ?", queue)
        .map(Long::intValue)
        .orElse(null);
  }

  // ---- dead letters

  private static void bury(StoreConnection c, long id, String error, long now) throws SQLException {
    update(
        c,
        """
        INSERT INTO honker_dead(id, queue, payload, priority, run_at, attempts, max_attempts,
          last_error, created_at, died_at)
        SELECT id, queue, payload, priority, run_at, attempts, max_attempts, CAST(? AS VARCHAR),
          created_at, CAST(? AS BIGINT)
        FROM honker_live WHERE id = ?""",
        error,
        now,
        id);
    update(c, "DELETE FROM honker_live WHERE id = ?", id);
  }

  private static void recordAttempt(StoreConnection c, ClaimRef claim, String error, long now)
      throws SQLException {
    update(
        c,
        """
        MERGE INTO honker_attempts(job_id, attempt, worker_id, ended_at, error)
        KEY(job_id, attempt) VALUES (?, ?, ?, ?, ?)""",
        claim.id(),
        claim.attempt(),
        claim.workerId(),
        now,
        error);
  }

  private static void forgetAttempts(StoreConnection c, long id) throws SQLException {
    update(c, "DELETE FROM honker_attempts WHERE job_id = ?", id);
  }

  @Override
  public int sweepExpired(StoreConnection c, String queue, long now) throws SQLException {
    List<Long> expired =
        ids(
            c,
            "SELECT id FROM honker_live WHERE queue = ? AND state = 'pending' AND expires_at <= ?",
            queue,
            now);
    for (long id : expired) {
      bury(c, id, "expired", now);
    }
    return expired.size();
  }

  @Override
  public long countDead(StoreConnection c, String queue) throws SQLException {
    return number(c, "SELECT count(*) FROM honker_dead WHERE queue = ?", queue).orElseThrow();
  }

  @Override
  public long insertDead(StoreConnection c, NewJob job, String payload, int attempts, String error)
      throws SQLException {
    long id = insert(c, job, payload);
    update(c, "UPDATE honker_live SET attempts = ? WHERE id = ?", attempts, id);
    bury(c, id, error, job.createdAt());
    return id;
  }

  @Override
  public boolean requeue(StoreConnection c, String queue, long id, long now) throws SQLException {
    int requeued =
        update(
            c,
            """
            INSERT INTO honker_live(id, queue, payload, priority, run_at, max_attempts, created_at)
            SELECT id, queue, payload, priority, CAST(? AS BIGINT), greatest(max_attempts, 1),
              created_at
            FROM honker_dead WHERE id = ? AND queue = ?""",
            now,
            id,
            queue);
    if (requeued == 1) {
      forgetDead(c, id);
    }
    return requeued == 1;
  }

  @Override
  public int requeueAll(StoreConnection c, String queue, int limit, long now) throws SQLException {
    List<Long> oldest =
        ids(
            c,
            "SELECT id FROM honker_dead WHERE queue = ? ORDER BY id FETCH FIRST ? ROWS ONLY",
            queue,
            limit);
    for (long id : oldest) {
      requeue(c, queue, id, now);
    }
    return oldest.size();
  }

  @Override
  public int purgeDeadUntil(StoreConnection c, String queue, long diedAt) throws SQLException {
    return forgetAll(
        c, ids(c, "SELECT id FROM honker_dead WHERE queue = ? AND died_at <= ?", queue, diedAt));
  }

  @Override
  public int purgeDeadKeeping(StoreConnection c, String queue, int keep) throws SQLException {
    return forgetAll(
        c,
        ids(
            c,
            "SELECT id FROM honker_dead WHERE queue = ? ORDER BY id DESC OFFSET ? ROWS",
            queue,
            keep));
  }

  private static int forgetAll(StoreConnection c, List<Long> dead) throws SQLException {
    for (long id : dead) {
      forgetDead(c, id);
    }
    return dead.size();
  }

  private static void forgetDead(StoreConnection c, long id) throws SQLException {
    update(c, "DELETE FROM honker_dead WHERE id = ?", id);
    forgetAttempts(c, id);
  }

  // ---- JDBC

  private static PreparedStatement prepare(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = c.statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  private static int update(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    return prepare(c, sql, parameters).executeUpdate();
  }

  /** The first column of the first row; empty if there is none or it is null. */
  private static Optional<Long> number(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    try (ResultSet rows = prepare(c, sql, parameters).executeQuery()) {
      return rows.next() ? Optional.ofNullable(nullableLong(rows, 1)) : Optional.empty();
    }
  }

  private static List<Long> ids(StoreConnection c, String sql, Object... parameters)
      throws SQLException {
    List<Long> ids = new ArrayList<>();
    try (ResultSet rows = prepare(c, sql, parameters).executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
    return ids;
  }

  private static Long nullableLong(ResultSet rows, int column) throws SQLException {
    long value = rows.getLong(column);
    return rows.wasNull() ? null : (Long) value;
  }
}
