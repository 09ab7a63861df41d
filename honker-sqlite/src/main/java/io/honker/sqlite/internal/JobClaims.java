package io.honker.sqlite.internal;

import io.honker.runtime.store.ClaimOutcome;
import io.honker.runtime.store.ClaimOutcome.DiedRow;
import io.honker.runtime.store.ClaimRef;
import io.honker.runtime.store.ClaimRequest;
import io.honker.runtime.store.ClaimedRow;
import io.honker.runtime.store.StoreConnection;
import io.honker.sqlite.internal.QueueRules.Rules;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Claiming (rule Q-4), at a cost that does not grow with the backlog: lapsed claims are found by
 * their deadline and made pending again; then the index of pending jobs is entered once per
 * priority, highest first, at its earliest due row.
 */
final class JobClaims {

  /** How many lapsed claims or unclaimable rows one transaction deals with at most. */
  private static final int HOUSEKEEPING_LIMIT = 1000;

  private static final String COLUMNS =
      "id, payload, priority, run_at, attempts, max_attempts, created_at, expires_at";

  private static final String HIGHEST_PRIORITY =
      """
      SELECT max(priority) FROM _honker_live INDEXED BY _honkerj_live_ready
      WHERE queue = ?1 AND state = 'pending'""";

  private static final String DUE_AT_HIGHEST_PRIORITY =
      "SELECT "
          + COLUMNS
          + " FROM _honker_live INDEXED BY _honkerj_live_ready"
          + " WHERE queue = ?1 AND state = 'pending' AND priority = ("
          + HIGHEST_PRIORITY
          + ") AND run_at <= ?2";

  private static final String DUE_AT_PRIORITY =
      "SELECT "
          + COLUMNS
          + " FROM _honker_live INDEXED BY _honkerj_live_ready"
          + " WHERE queue = ?1 AND state = 'pending' AND priority = ?4 AND run_at <= ?2";

  private static final String IN_ORDER = " ORDER BY run_at, id LIMIT ?3";

  /** Finds nothing in a queue that has rules; most have none, and need no look of their own. */
  private static final String UNLESS_RULED =
      " AND NOT EXISTS (SELECT 1 FROM _honkerj_queues WHERE name = ?1)" + IN_ORDER;

  private static final String DUE_AT_HIGHEST_UNLESS_RULED = DUE_AT_HIGHEST_PRIORITY + UNLESS_RULED;
  private static final String DUE_AT_HIGHEST = DUE_AT_HIGHEST_PRIORITY + IN_ORDER;
  private static final String DUE_UNLESS_RULED = DUE_AT_PRIORITY + UNLESS_RULED;
  private static final String DUE = DUE_AT_PRIORITY + IN_ORDER;

  private final JobGraveyard graveyard;
  private final QueueRules rules;

  JobClaims(JobGraveyard graveyard, QueueRules rules) {
    this.graveyard = graveyard;
    this.rules = rules;
  }

  ClaimOutcome claim(StoreConnection c, ClaimRequest request) throws SQLException {
    List<DiedRow> died = new ArrayList<>(0);
    boolean allLapsedSeen = reclaimLapsed(c, request, died);
    Candidates found = new Candidates(c, request, died, false);
    boolean allDueSeen = found.collect();
    Rules ruled = found.ruled;
    if (ruled != null) {
      return claimByRules(c, request, died, ruled, allLapsedSeen);
    }
    return outcome(c, request, found, allLapsedSeen && allDueSeen, false);
  }

  private ClaimOutcome outcome(
      StoreConnection c, ClaimRequest request, Candidates found, boolean allSeen, boolean paused)
      throws SQLException {
    boolean full = found.claimed.size() == request.limit();
    long nextDue = !full && allSeen ? nextDue(c, request.queue()).at() : request.now();
    return new ClaimOutcome(found.claimed, found.died, nextDue, paused, false);
  }

  /** Claims nothing if the queue is paused, and no more than there is room for if it is limited. */
  private ClaimOutcome claimByRules(
      StoreConnection c,
      ClaimRequest request,
      List<DiedRow> died,
      Rules ruled,
      boolean allLapsedSeen)
      throws SQLException {
    Integer most = ruled.maxInFlight();
    int room =
        ruled.paused() || most == null
            ? request.limit()
            : rules.room(c, request.queue(), most, request.now());
    ClaimRequest allowed =
        new ClaimRequest(
            request.queue(),
            request.workerId(),
            Math.max(0, Math.min(request.limit(), room)),
            request.leaseUntil(),
            request.now());
    Candidates found = new Candidates(c, allowed, died, true);
    boolean allDueSeen = ruled.paused() || found.collect();
    boolean heldUp = !ruled.paused() && found.claimed.size() == room && room < request.limit();
    if (heldUp || room <= 0) {
      long leaseEnds = nextDue(c, request.queue()).lapse();
      return new ClaimOutcome(found.claimed, died, leaseEnds, false, true);
    }
    return outcome(c, request, found, allLapsedSeen && allDueSeen, ruled.paused());
  }

  // ---- claims whose lease has ended

  private record Lapsed(long id, int attempts, int maxAttempts, boolean expired, String worker) {}

  /** Makes lapsed claims pending again or dead; false if there are more than one look takes. */
  private boolean reclaimLapsed(StoreConnection c, ClaimRequest request, List<DiedRow> died)
      throws SQLException {
    List<Lapsed> lapsed = null;
    PreparedStatement select =
        c.statement(
            """
            SELECT id, attempts, max_attempts, expires_at IS NOT NULL AND expires_at <= ?2,
              coalesce(worker_id, '')
            FROM _honker_live INDEXED BY _honker_live_processing_deadline
            WHERE queue = ?1 AND state = 'processing' AND claim_expires_at < ?2 LIMIT ?3""");
    select.setString(1, request.queue());
    select.setLong(2, request.now());
    select.setInt(3, HOUSEKEEPING_LIMIT);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        if (lapsed == null) {
          lapsed = new ArrayList<>();
        }
        lapsed.add(
            new Lapsed(
                rows.getLong(1),
                rows.getInt(2),
                rows.getInt(3),
                rows.getBoolean(4),
                rows.getString(5)));
      }
    }
    if (lapsed == null) {
      return true;
    }
    for (Lapsed row : lapsed) {
      reclaim(c, request, row, died);
    }
    return lapsed.size() < HOUSEKEEPING_LIMIT;
  }

  private void reclaim(StoreConnection c, ClaimRequest request, Lapsed row, List<DiedRow> died)
      throws SQLException {
    ClaimRef lost = new ClaimRef(row.id(), row.worker(), row.attempts());
    graveyard.recordAttempt(c, lost, "lease expired", request.now());
    if (row.expired() || row.attempts() >= row.maxAttempts()) {
      String reason = row.expired() ? JobGraveyard.EXPIRED : JobGraveyard.EXHAUSTED;
      graveyard.bury(c, row.id(), reason, request.now());
      died.add(new DiedRow(row.id(), row.attempts(), reason));
      return;
    }
    PreparedStatement update =
        c.statement(
            """
            UPDATE _honker_live
            SET state = 'pending', worker_id = NULL, claim_expires_at = NULL WHERE id = ?""");
    update.setLong(1, row.id());
    update.executeUpdate();
  }

  // ---- due jobs

  /** Reads due rows priority by priority and sorts out those that must not run. */
  private final class Candidates {

    private final StoreConnection c;
    private final ClaimRequest request;
    private final List<DiedRow> died;
    private final boolean asked;
    private final List<ClaimedRow> claimed = new ArrayList<>();
    private @Nullable Rules ruled;
    private int buried;
    private int lastPriority;

    /**
     * Has found nothing yet.
     *
     * @param asked whether the queue's rules were asked
     */
    Candidates(StoreConnection c, ClaimRequest request, List<DiedRow> died, boolean asked) {
      this.c = c;
      this.request = request;
      this.died = died;
      this.asked = asked;
    }

    /**
     * Claims; false if it stopped before all due rows were seen although fewer were found. If there
     * are rules to be asked first it stops, and they are in {@link #ruled}.
     */
    boolean collect() throws SQLException {
      Integer at = null; // null stands for the highest
      while (claimed.size() < request.limit()) {
        int wanted = request.limit() - claimed.size();
        int read = at == null ? readAtHighestPriority(wanted) : readAt(at, wanted);
        if (read == 0 && at == null && !asked) {
          ruled = rules.find(c, request.queue());
          if (ruled != null) {
            return false;
          }
        }
        if (buried >= HOUSEKEEPING_LIMIT) {
          return false;
        }
        if (read == wanted) {
          continue; // if some were buried, the same priority may have more
        }
        Integer usedUp = read > 0 ? (Integer) lastPriority : at != null ? at : highest();
        at = usedUp == null ? null : nextLower(usedUp);
        if (at == null) {
          return true;
        }
      }
      return true;
    }

    private int readAtHighestPriority(int wanted) throws SQLException {
      PreparedStatement select = c.statement(asked ? DUE_AT_HIGHEST : DUE_AT_HIGHEST_UNLESS_RULED);
      select.setString(1, request.queue());
      select.setLong(2, request.now());
      select.setInt(3, wanted);
      return read(select);
    }

    private int readAt(int atPriority, int wanted) throws SQLException {
      PreparedStatement select = c.statement(asked ? DUE : DUE_UNLESS_RULED);
      select.setString(1, request.queue());
      select.setLong(2, request.now());
      select.setInt(3, wanted);
      select.setInt(4, atPriority);
      return read(select);
    }

    private int read(PreparedStatement select) throws SQLException {
      int read = 0;
      List<ClaimedRow> toClaim = new ArrayList<>();
      List<DiedRow> toBury = null;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          read++;
          lastPriority = rows.getInt(3);
          DiedRow unclaimable = take(rows, toClaim);
          if (unclaimable != null) {
            toBury = toBury == null ? new ArrayList<>() : toBury;
            toBury.add(unclaimable);
          }
        }
      }
      if (toBury != null) {
        for (DiedRow row : toBury) {
          graveyard.bury(c, row.id(), row.reason(), request.now());
          died.add(row);
        }
        buried += toBury.size();
      }
      if (!toClaim.isEmpty()) {
        markClaimed(c, request, toClaim);
        claimed.addAll(toClaim);
      }
      return read;
    }

    private @Nullable DiedRow take(ResultSet rows, List<ClaimedRow> toClaim) throws SQLException {
      int attempts = rows.getInt(5);
      int maxAttempts = rows.getInt(6);
      long expiry = rows.getLong(8);
      Long expiresAt = rows.wasNull() ? null : (Long) expiry;
      if (expiresAt != null && expiry <= request.now()) {
        return new DiedRow(rows.getLong(1), attempts, JobGraveyard.EXPIRED);
      }
      if (attempts >= maxAttempts) {
        return new DiedRow(rows.getLong(1), attempts, JobGraveyard.EXHAUSTED);
      }
      toClaim.add(
          new ClaimedRow(
              rows.getLong(1),
              rows.getString(2),
              rows.getInt(3),
              rows.getLong(4),
              attempts + 1,
              maxAttempts,
              rows.getLong(7),
              expiresAt));
      return null;
    }

    private @Nullable Integer highest() throws SQLException {
      PreparedStatement select = c.statement(HIGHEST_PRIORITY);
      select.setString(1, request.queue());
      return nullableInt(select);
    }

    private @Nullable Integer nextLower(int than) throws SQLException {
      PreparedStatement select = c.statement(HIGHEST_PRIORITY + " AND priority < ?2");
      select.setString(1, request.queue());
      select.setInt(2, than);
      return nullableInt(select);
    }

    private @Nullable Integer nullableInt(PreparedStatement select) throws SQLException {
      try (ResultSet row = select.executeQuery()) {
        row.next();
        int value = row.getInt(1);
        return row.wasNull() ? null : (Integer) value;
      }
    }
  }

  private static void markClaimed(StoreConnection c, ClaimRequest request, List<ClaimedRow> jobs)
      throws SQLException {
    String set =
        "UPDATE _honker_live SET state = 'processing', worker_id = ?, claim_expires_at = ?,"
            + " attempts = attempts + 1 WHERE id ";
    PreparedStatement update;
    if (jobs.size() == 1) {
      update = c.statement(set + "= ?");
      update.setLong(3, jobs.get(0).id());
    } else {
      IdArray ids = new IdArray();
      for (ClaimedRow job : jobs) {
        ids.add(job.id());
      }
      update = c.statement(set + "IN (SELECT value FROM json_each(?))");
      update.setString(3, ids.json());
    }
    update.setString(1, request.workerId());
    update.setLong(2, request.leaseUntil());
    update.executeUpdate();
  }

  // ---- deadlines

  /**
   * When rows can be claimed if nothing else happens.
   *
   * @param pending the first second at which a pending row is due
   * @param lapse the first second at which a lease has ended
   * @param maxInFlight the queue's limit, null for none
   */
  private record Due(long pending, long lapse, @Nullable Integer maxInFlight) {

    long at() {
      return Math.min(pending, lapse);
    }
  }

  /** The next second at which a job can be claimed. */
  long nextDue(StoreConnection c, String queue, long now) throws SQLException {
    Due due = nextDue(c, queue);
    Integer most = due.maxInFlight();
    boolean full = most != null && rules.room(c, queue, most, now) <= 0;
    return full ? due.lapse() : due.at();
  }

  private static Due nextDue(StoreConnection c, String queue) throws SQLException {
    PreparedStatement select =
        c.statement(
            """
            SELECT
              (SELECT min(run_at) FROM _honker_live INDEXED BY _honker_live_pending_deadline
               WHERE queue = ?1 AND state = 'pending'),
              (SELECT min(claim_expires_at) + 1
               FROM _honker_live INDEXED BY _honker_live_processing_deadline
               WHERE queue = ?1 AND state = 'processing'),
              (SELECT max_in_flight FROM _honkerj_queues WHERE name = ?1)""");
    select.setString(1, queue);
    try (ResultSet row = select.executeQuery()) {
      row.next();
      long runAt = row.getLong(1);
      long pending = row.wasNull() ? ClaimOutcome.NONE : runAt;
      long leaseEnd = row.getLong(2);
      long lapse = row.wasNull() ? ClaimOutcome.NONE : leaseEnd;
      int most = row.getInt(3);
      return new Due(pending, lapse, row.wasNull() ? null : (Integer) most);
    }
  }
}
